import { afterAll, beforeAll } from 'vitest';
import { database } from '../../connectors/database/connector.ts';
import {
  databaseAuthority,
  databaseKinds,
  readerPassword,
  startDatabase,
  type TestDatabase,
} from '../harness/test-database.ts';
import { describeConnector } from './connector.ts';

const servers = new Map<string, TestDatabase>();
beforeAll(async () => {
  for (const kind of databaseKinds) servers.set(kind, await startDatabase(kind));
}, 120_000);
afterAll(async () => {
  for (const server of servers.values()) await server.stop();
});

const label = { vi: 'Lượt khám', en: 'Visits' };
const tables = ['luot_kham', 'co_so', 'thang'];

for (const kind of databaseKinds) {
  describeConnector(database, async () => {
    const server = servers.get(kind);
    if (!server) throw new Error(`no ${kind}`);
    for (const table of tables)
      await server.run(
        `drop table if exists hoso.${table}`,
        `create table hoso.${table} (ma varchar(20) primary key, so numeric(12,0), luc timestamp)`,
        `insert into hoso.${table} values ('a', 1, '2026-01-01 00:00:00'), ('b', 2, '2026-01-02 00:00:00')`,
      );
    return {
      config: {
        server: kind,
        host: 'localhost',
        port: server.port,
        database: server.database,
        user: 'doc',
        certificateAuthority: databaseAuthority,
        streams: tables.map((table) => ({
          stream: table,
          label,
          table: `hoso.${table}`,
          key: ['id'],
          columns: [
            { name: 'id', from: 'ma' },
            { name: 'visits', from: 'so', type: 'bigint', unit: 'visit' },
            { name: 'updated_at', from: 'luc', type: 'timestamp' },
          ],
          cursor: { column: 'updated_at', kind: 'time', lookBack: 60 },
        })),
      },
      options: { secrets: { password: readerPassword } },
      badConfigs: [[{ server: 'oracle', host: 'a b', port: 0, streams: [{ stream: 'X' }] }, 5]],
      spoil: async (how) => {
        for (const table of tables)
          await server.run(
            how === 'cut' ? `drop table hoso.${table}` : `alter table hoso.${table} drop column so`,
          );
      },
      close: () => Promise.resolve(),
    };
  });
}
