import { startPostgres, type TestPostgres } from '../harness/postgres.ts';
import { testControlStore } from './control-store-conformance.ts';

let server: TestPostgres | undefined;

testControlStore({
  name: 'PostgreSQL',
  shared: true,
  start: async () => {
    server = await startPostgres();
  },
  fresh: async () => ({ kind: 'postgres', url: (await server?.database()) ?? '' }),
  stop: async () => {
    await server?.stop();
  },
});
