import { openDuckdbWarehouse } from '../../warehouse/duckdb/open-duckdb-warehouse.ts';
import { openPostgresWarehouse } from '../../warehouse/postgres/open-postgres-warehouse.ts';
import { loadBatches } from './load-batches.ts';
import { postgresOptions } from './open-postgres-warehouse.ts';
import { warehouseOptions } from './open-test-warehouse.ts';

// Run in a child process, over DuckDB or the database of an address: CRASH_AT may kill it.
const [directory = '', batches = '0', url] = process.argv.slice(2);
const warehouse =
  url === undefined
    ? await openDuckdbWarehouse(warehouseOptions(directory))
    : await openPostgresWarehouse(postgresOptions(url, directory));
await loadBatches(warehouse, Number(batches));
