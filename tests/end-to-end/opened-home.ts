import { systemClock, type Clock } from '../../core/clock.ts';
import { readConfiguration, type EnvironmentVariables } from '../../core/configuration.ts';
import { silentLogger } from '../../core/logger.ts';
import { openHome, type Home } from '../../home/open-home.ts';
import { openWarehouse } from '../../home/open-warehouse.ts';
import type { Warehouse } from '../../warehouse/port.ts';

/** Works on the warehouse of a home that no process owns at the moment. */
export async function withWarehouse<T>(
  home: string,
  work: (warehouse: Warehouse) => Promise<T>,
): Promise<T> {
  const warehouse = await openWarehouse(home, systemClock, silentLogger);
  try {
    return await work(warehouse);
  } finally {
    await warehouse.close();
  }
}

/** Opens a home in this process, as `phusa start` does, with another clock and environment if given. */
export async function openTestHome(
  home: string,
  options: { readonly clock?: Clock; readonly environment?: EnvironmentVariables } = {},
): Promise<Home> {
  const { clock = systemClock, environment = {} } = options;
  return await openHome(readConfiguration({ ...environment, PHUSA_HOME: home }), {
    log: silentLogger,
    progress: () => undefined,
    clock,
  });
}

/** Content hashes of tables, by name. */
export async function contentHashes(
  home: string,
  tables: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  return await withWarehouse(home, async (warehouse) => {
    const hashes: [string, string][] = [];
    for (const table of tables) hashes.push([table, await warehouse.contentHash(table)]);
    return Object.fromEntries(hashes);
  });
}
