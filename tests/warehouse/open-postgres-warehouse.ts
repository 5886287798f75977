import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openPostgresWarehouse,
  type PostgresWarehouseOptions,
} from '../../warehouse/postgres/open-postgres-warehouse.ts';
import type { OpenWarehouse } from '../conformance/warehouse.ts';
import { warehouseOptions } from './open-test-warehouse.ts';

/** Options of a warehouse in a database, with a directory of this process's own. */
export function postgresOptions(url: string, directory: string): PostgresWarehouseOptions {
  const { landing, spool, out, temp, clock, log, timeZone } = warehouseOptions(directory);
  return { url, landing, spool, out, temp, clock, log, timeZone };
}

/** Opens a warehouse in a database. */
export async function openInDatabase(
  url: string,
): Promise<OpenWarehouse & { readonly directory: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'phusa-warehouse-'));
  mkdirSync(join(directory, 'landing'), { recursive: true });
  const warehouse = await openPostgresWarehouse(postgresOptions(url, directory));
  return {
    warehouse,
    directory,
    remove: async () => {
      await warehouse.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
