import type { Person } from '../core/person.ts';
import type { ColumnContract, StreamContract } from '../core/stream-contract.ts';
import type { Catalog } from '../transforms/catalog/catalog.ts';

/** A stream's contract and who owns its source. */
export interface OwnedContract {
  readonly contract: StreamContract;
  readonly source: string;
  readonly owner: string;
}

/** Where the classification of columns is known. */
export interface ClassifiedTables {
  readonly catalog: Pick<Catalog, 'assets'>;
  /** Contracts of all streams of every source that was ever registered: a removed source's rows stay. */
  contracts(): Promise<readonly OwnedContract[]>;
}

/**
 * Columns that a person sees masked, as `layer.name.column`: personal and sensitive ones, except for stewards,
 * operators and the owning agency (Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15).
 */
export async function hiddenColumns(
  tables: ClassifiedTables,
  person: Person,
): Promise<ReadonlySet<string>> {
  if (person.roles.includes('steward') || person.roles.includes('operator')) return new Set();
  const loaded = (await tables.contracts())
    .filter(({ owner }) => owner !== person.agency)
    .flatMap(({ contract }) => sensitive(tableOf(contract), contract.columns));
  const derived = tables.catalog.assets.flatMap(({ key, columns }) => sensitive(key, columns));
  return new Set([...loaded, ...derived]);
}

/** The table a stream is loaded into. */
export function tableOf({ layer, stream }: StreamContract): string {
  return `${layer}.${stream}`;
}

function sensitive(key: string, columns: readonly ColumnContract[]): readonly string[] {
  return columns
    .filter(({ classification }) => classification === 'personal' || classification === 'sensitive')
    .map(({ name }) => `${key}.${name}`);
}
