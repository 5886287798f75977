import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../core/logger.ts';
import {
  openDuckdbWarehouse,
  type DuckdbWarehouseOptions,
} from '../../warehouse/duckdb/open-duckdb-warehouse.ts';
import type { Warehouse } from '../../warehouse/port.ts';

/** A DuckDB warehouse in a directory of its own. */
export interface TestWarehouse {
  readonly warehouse: Warehouse;
  readonly directory: string;
  readonly options: DuckdbWarehouseOptions;
  /** Closes it and removes the directory. */
  remove(): Promise<void>;
}

/** Options for a warehouse under a directory. */
export function warehouseOptions(directory: string): DuckdbWarehouseOptions {
  return {
    file: join(directory, 'warehouse.duckdb'),
    spool: join(directory, 'spool'),
    landing: join(directory, 'landing'),
    out: join(directory, 'out'),
    temp: join(directory, 'temp'),
    clock: { now: () => new Date('2026-11-22T00:00:00Z') },
    log: silentLogger,
    timeZone: 'Asia/Ho_Chi_Minh',
  };
}

/** Opens a warehouse in a new temporary directory. */
export async function openTestWarehouse(
  changes: Partial<DuckdbWarehouseOptions> = {},
): Promise<TestWarehouse> {
  const directory = mkdtempSync(join(tmpdir(), 'phusa-warehouse-'));
  mkdirSync(join(directory, 'landing'), { recursive: true });
  const options = { ...warehouseOptions(directory), ...changes };
  const warehouse = await openDuckdbWarehouse(options);
  return {
    warehouse,
    directory,
    options,
    remove: async () => {
      await warehouse.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
