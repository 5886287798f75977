import { afterAll, beforeAll } from 'vitest';
import { describeWarehouse } from '../conformance/warehouse.ts';
import { describeHeadStarts } from '../conformance/warehouse-head-start.ts';
import { describeHistory } from '../conformance/warehouse-history.ts';
import { describePersonQuery } from '../conformance/warehouse-person-query.ts';
import { describeSideBySide } from '../conformance/warehouse-side-by-side.ts';
import { startPostgres, type TestPostgres } from '../harness/postgres.ts';
import { openInDatabase } from './open-postgres-warehouse.ts';

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.stop());

const open = async () => openInDatabase(await server.database());

describeWarehouse('PostgreSQL', open);
describeHistory('PostgreSQL', open);
describePersonQuery('PostgreSQL', open);
describeSideBySide('PostgreSQL', open);
describeHeadStarts('PostgreSQL', open);
