import { openPostgresWarehouse } from '../../warehouse/postgres/open-postgres-warehouse.ts';
import { loadSource } from './load-source.ts';
import { postgresOptions } from './open-postgres-warehouse.ts';

// Run by postgres-processes.test.ts in a process of its own: loads one source, beside others.
const [url = '', directory = '', source = ''] = process.argv.slice(2);
const warehouse = await openPostgresWarehouse(postgresOptions(url, directory));
await loadSource(warehouse, source);
await warehouse.close();
