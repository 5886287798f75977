import { PhusaError } from '../../core/errors.ts';
import type { SelectLineage, TableColumns } from '../../warehouse/column-lineage.ts';
import type { Warehouse } from '../../warehouse/port.ts';
import type { Asset } from './catalog.ts';

/** What of a derived asset its lineage is worked out from. */
type Traced = Pick<Asset, 'key' | 'file' | 'sql' | 'dependsOn'> & {
  readonly columns: readonly { readonly name: string }[];
};

/** A derived asset with where each of its columns comes from. */
export interface AssetLineage<A extends Traced = Asset> {
  readonly asset: A;
  readonly lineage: SelectLineage;
}

/**
 * Column lineage of derived assets from their SQL files alone. `loaded` are the tables that sources fill; an asset that
 * reads one that is not there is left out. Throws fatal `catalog-columns-unknown` naming file, line and column of every
 * name that means nothing, and of every declared column that its SELECT does not give.
 */
export async function assetLineages<A extends Traced>(
  warehouse: Pick<Warehouse, 'columnLineage'>,
  assets: readonly A[],
  loaded: TableColumns,
): Promise<readonly AssetLineage<A>[]> {
  const tables = new Map([...loaded, ...assets.map(declared)]);
  const readable = assets.filter(({ dependsOn }) => dependsOn.every((key) => tables.has(key)));
  const lineages = await warehouse.columnLineage(
    readable.map(({ sql }) => sql),
    tables,
  );
  const found = readable.flatMap((asset, at) => {
    const lineage = lineages[at];
    return lineage ? [{ asset, lineage }] : [];
  });
  requireResolved(found);
  return found;
}

function declared({ key, columns }: Traced): readonly [string, readonly string[]] {
  return [key, columns.map(({ name }) => name)];
}

function requireResolved(found: readonly AssetLineage<Traced>[]): void {
  const problems = found.flatMap(problemsOf);
  if (problems.length === 0) return;
  const list = problems.join('\n');
  throw new PhusaError({
    group: 'fatal',
    code: 'catalog-columns-unknown',
    message: {
      vi: `SQL của các bảng dùng cột không có:\n${list}`,
      en: `The SQL of assets uses columns that are not there:\n${list}`,
    },
    remedy: {
      vi: 'Sửa các tệp nêu trên, hoặc khôi phục cột ở bảng mà chúng đọc.',
      en: 'Correct the files above, or bring the column back in the table they read.',
    },
  });
}

function problemsOf({ asset, lineage }: AssetLineage<Traced>): readonly string[] {
  const given = lineage.columns.map(({ name }) => name);
  const names = asset.columns.map(({ name }) => name);
  return [
    ...lineage.problems.map((p) => `${asset.file}:${p.line}:${p.column}: ${p.problem}`),
    ...names
      .filter((name) => !given.includes(name))
      .map((name) => `${asset.file}: declared column ${name} is not selected`),
    ...given
      .filter((name) => !names.includes(name))
      .map((name) => `${asset.file}: selected column ${name} is not declared`),
  ];
}

/** Refuses to build on columns that are not there: knows the columns of all loaded tables, asks again when they change. */
export type RequireColumns = (loaded: TableColumns) => Promise<void>;

/** Checks the whole catalogue before anything of it runs; what was checked once is not checked again. */
export function createColumnCheck(
  warehouse: Pick<Warehouse, 'columnLineage'>,
  assets: readonly Traced[],
): RequireColumns {
  let checked = '';
  return async (loaded) => {
    const known = JSON.stringify([...loaded]);
    if (known === checked) return;
    await assetLineages(warehouse, assets, loaded);
    checked = known;
  };
}
