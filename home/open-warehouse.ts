import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { openDuckdbWarehouse } from '../warehouse/duckdb/open-duckdb-warehouse.ts';
import type { Warehouse } from '../warehouse/port.ts';

/** Name of the warehouse's file in a home. */
export const warehouseFile = 'warehouse.duckdb';

/**
 * Opens the home's DuckDB file; this process then owns the home. Another `file` is a warehouse beside it, over the same
 * landing. Throws fatal `home-in-use`.
 */
export async function openWarehouse(
  home: string,
  clock: Clock,
  log: Logger,
  file = path.join(home, warehouseFile),
): Promise<Warehouse> {
  return await openDuckdbWarehouse({
    file,
    landing: path.join(home, 'landing'),
    spool: path.join(home, 'tmp'),
    out: path.join(home, 'out'),
    temp: path.join(home, 'spill'),
    timeZone: 'Asia/Ho_Chi_Minh',
    clock,
    log,
  });
}
