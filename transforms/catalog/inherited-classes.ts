import type { Classification, StreamContract } from '../../core/stream-contract.ts';
import type { Warehouse } from '../../warehouse/port.ts';
import { assetLineages, type AssetLineage } from './asset-lineage.ts';
import type { Asset } from './catalog.ts';

/** Class of every column of loaded and derived tables, as `layer.name.column`. */
export type ColumnClasses = ReadonlyMap<string, Classification>;

/** Works out the classes of derived columns from those that loaded tables have now. */
export type ClassesNow = (loaded: readonly StreamContract[]) => Promise<ColumnClasses>;

/**
 * A derived column is at least as strict as what its values are made of, whatever its header says: a class given to a
 * source's column later holds for every figure made from it (L01, L03, L04). Only a header's reviewed `declassified`
 * ends it (L05), and what has no values in it: a constant, a count of rows (L02).
 */
export function createClassesNow(
  warehouse: Pick<Warehouse, 'columnLineage'>,
  assets: readonly Asset[],
): ClassesNow {
  let last: { readonly known: string; readonly classes: Promise<ColumnClasses> } | undefined;
  return (loaded) => {
    const given = loadedClasses(loaded);
    const known = JSON.stringify([...given]);
    if (last?.known !== known) last = { known, classes: derive(warehouse, assets, loaded, given) };
    return last.classes;
  };
}

async function derive(
  warehouse: Pick<Warehouse, 'columnLineage'>,
  assets: readonly Asset[],
  loaded: readonly StreamContract[],
  given: ColumnClasses,
): Promise<ColumnClasses> {
  const tables = new Map(
    loaded.map(({ layer, stream, columns }) => [
      `${layer}.${stream}`,
      columns.map(({ name }) => name),
    ]),
  );
  const lineages = await assetLineages(warehouse, assets, tables);
  const classes = new Map([...given, ...assets.flatMap(declaredClasses)]);
  for (const lineage of lineages) inherit(lineage, classes);
  return classes;
}

/** Assets come after what they read, so one pass is enough. */
function inherit({ asset, lineage }: AssetLineage, classes: Map<string, Classification>): void {
  for (const { name, direct } of lineage.columns) {
    if (asset.declassified.includes(name)) continue;
    const column = `${asset.key}.${name}`;
    const inherited = direct.map((use) => classes.get(`${use.table}.${use.column}`) ?? 'public');
    classes.set(column, strictest([classes.get(column) ?? 'public', ...protectedOnes(inherited)]));
  }
}

/** Between public and internal a mart may choose: totals of internal rows are what offices publish. */
function protectedOnes(classes: readonly Classification[]): readonly Classification[] {
  return classes.filter((one) => one === 'personal' || one === 'sensitive');
}

const strictness: readonly Classification[] = ['public', 'internal', 'personal', 'sensitive'];

function strictest(classes: readonly Classification[]): Classification {
  return strictness[Math.max(...classes.map((one) => strictness.indexOf(one)))] ?? 'sensitive';
}

function loadedClasses(loaded: readonly StreamContract[]): ColumnClasses {
  const classes = new Map<string, Classification>();
  for (const { layer, stream, columns } of loaded) {
    for (const { name, classification } of columns) {
      const column = `${layer}.${stream}.${name}`;
      classes.set(column, strictest([classes.get(column) ?? 'public', classification]));
    }
  }
  return classes;
}

function declaredClasses({ key, columns }: Asset): readonly (readonly [string, Classification])[] {
  return columns.map(({ name, classification }) => [`${key}.${name}`, classification] as const);
}
