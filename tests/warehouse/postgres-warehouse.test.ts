import { afterAll, beforeAll } from 'vitest';
import { describeWarehouse } from '../conformance/warehouse.ts';
import { startPostgres, type TestPostgres } from '../harness/postgres.ts';
import { openInDatabase } from './open-postgres-warehouse.ts';

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.stop());

describeWarehouse('PostgreSQL', async () => openInDatabase(await server.database()));
