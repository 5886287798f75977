import type { AssetInForce } from '../transforms/catalog/assets-in-force.ts';
import type { Warehouse } from '../warehouse/port.ts';

/** What says whether a table has changed. */
type Versions = Pick<Warehouse, 'version' | 'materialization'>;

/**
 * Whether the present table of an asset holds what it held as of an instant: a loaded table when no batch has changed it
 * since, a derived one when it was built by the SQL then in force from inputs of which the same is true. What happens
 * to other tables does not matter.
 */
export async function stillPresent(
  warehouse: Versions,
  asset: string,
  assets: readonly AssetInForce[],
  asOf: string,
): Promise<boolean> {
  const inForce = assets.find(({ key }) => key === asset);
  if (!inForce) return !(await changedSince(warehouse, asset, asOf));
  const built = await warehouse.materialization(asset);
  if (built?.sqlSha256 !== inForce.sqlSha256) return false;
  for (const input of inForce.inputs) {
    if (built.inputs[input] !== (await warehouse.version(input))) return false;
    if (!(await stillPresent(warehouse, input, assets, asOf))) return false;
  }
  return true;
}

/** The version of a loaded table begins with the time of the last batch that changed it, `-` before the first. */
async function changedSince(warehouse: Versions, table: string, asOf: string): Promise<boolean> {
  const [at = '-'] = (await warehouse.version(table)).split('/');
  return at !== '-' && Date.parse(at) > Date.parse(asOf);
}
