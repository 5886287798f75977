import type { AssetInForce } from '../transforms/catalog/assets-in-force.ts';
import type { Warehouse } from '../warehouse/port.ts';

/** What says whether a table has changed. */
type Versions = Pick<Warehouse, 'version' | 'materialization'>;

/**
 * Whether the present tables of some assets hold what they held as of an instant: a loaded table when no batch has
 * changed it since, a derived one when it was built by the SQL then in force from inputs of which the same is true. What
 * happens to other tables does not matter.
 */
export async function stillPresent(
  warehouse: Versions,
  tables: readonly string[],
  assets: readonly AssetInForce[],
  asOf: string,
): Promise<boolean> {
  const inForce = new Map(assets.map((asset) => [asset.key, asset]));
  const version = once((table) => warehouse.version(table));
  const holds = once(async (table): Promise<boolean> => {
    const asset = inForce.get(table);
    if (!asset) return !changedSince(await version(table), asOf);
    const built = await warehouse.materialization(table);
    return (
      built?.sqlSha256 === asset.sqlSha256 &&
      (await all(asset.inputs.map(async (key) => built.inputs[key] === (await version(key))))) &&
      (await all(asset.inputs.map(holds)))
    );
  });
  return await all(tables.map(holds));
}

async function all(answers: readonly Promise<boolean>[]): Promise<boolean> {
  return (await Promise.all(answers)).every(Boolean);
}

/** The version of a loaded table begins with the time of the last batch that changed it, `-` before the first. */
function changedSince(version: string, asOf: string): boolean {
  const [at = '-'] = version.split('/');
  return at !== '-' && Date.parse(at) > Date.parse(asOf);
}

/** Asks for each table once, however many assets read it. */
function once<T>(ask: (table: string) => Promise<T>): (table: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (table) => {
    const known = asked.get(table) ?? ask(table);
    asked.set(table, known);
    return known;
  };
}
