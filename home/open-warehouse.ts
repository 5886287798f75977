import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { openDuckdbWarehouse } from '../warehouse/duckdb/open-duckdb-warehouse.ts';
import type { Warehouse } from '../warehouse/port.ts';

/** Opens the home's DuckDB file; this process then owns the home. Throws fatal `home-in-use`. */
export async function openWarehouse(home: string, clock: Clock, log: Logger): Promise<Warehouse> {
  return await openDuckdbWarehouse({
    file: path.join(home, 'warehouse.duckdb'),
    landing: path.join(home, 'landing'),
    spool: path.join(home, 'tmp'),
    out: path.join(home, 'out'),
    temp: path.join(home, 'spill'),
    timeZone: 'Asia/Ho_Chi_Minh',
    clock,
    log,
  });
}
