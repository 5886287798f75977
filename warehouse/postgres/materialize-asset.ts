import type { DuckDBConnection } from '@duckdb/node-api';
import type { Clock } from '../../core/clock.ts';
import { quoted } from '../../core/sql-text.ts';
import { bare, runChecks } from '../duckdb/check-findings.ts';
import { contentOf, type Content } from '../duckdb/content-hash.ts';
import { checkFailed } from '../duckdb/materialize-asset.ts';
import { parseSelect, tableKeys } from '../duckdb/select-tree.ts';
import { tableName } from '../duckdb/sql-text.ts';
import type { MaterializeAsset } from '../port.ts';
import { createTable, nameTypes, noteLayout } from './catalog-tables.ts';
import type { Shape } from './column-types.ts';
import { attachWork, emptyTable } from './desk.ts';
import { fetchRows, sendRows } from './exchange.ts';
import { recordMaterialization } from './ledger.ts';
import { understand } from './relations.ts';
import { atDesk, bytesOf, fetchRelation, onServer, type ReadySelect } from './running-select.ts';
import { changed, type Client } from './server.ts';
import type { Reading } from './trusted-select.ts';
import { readWholeTables } from './whole-tables.ts';

/**
 * Builds a derived asset in one transaction: the new table, its content hash, its checks over `candidate`, the exchange
 * with the old table and the ledger row. Until COMMIT readers see the old table; a blocking check rolls everything back
 * (data `check-failed`).
 */
export async function materializeAsset(
  reading: Reading,
  asset: MaterializeAsset,
  clock: Clock,
): Promise<Content> {
  const { key, sql, sqlSha256, inputs } = asset;
  const understood = await understand(reading.desk, sql, undefined, {});
  const select = { ...understood, sql: bare(sql) };
  const shape: Shape = new Map(select.columns.map(({ name, type }) => [name, type]));
  const content = await reading.server.transaction(async (client) => {
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`phusa.${key}`]);
    const before = await reading.desk.shapeOf(client, key);
    await readWholeTables(client);
    await build(reading, client, key, select, shape);
    const found = await audit(reading, client, asset, shape);
    await exchange(client, key, shape);
    await recordMaterialization(client, {
      ...{ key, sqlSha256, inputs },
      contentSha256: found.sha256,
      rows: found.rows,
      builtAt: clock.now().toISOString(),
    });
    if (JSON.stringify([...(before ?? [])]) !== JSON.stringify([...shape]))
      await noteLayout(client);
    return found;
  });
  return content;
}

/** Where a table is built before it takes its place: beside it. */
function nextName(key: string): string {
  const dot = key.indexOf('.');
  return `${quoted(key.slice(0, dot))}.${quoted(`${key.slice(dot + 1)} next`)}`;
}

async function build(
  reading: Reading,
  client: Client,
  key: string,
  select: ReadySelect,
  shape: Shape,
): Promise<void> {
  const table = nextName(key);
  await client.query(createTable(table, shape));
  const sql = onServer(reading, select);
  if (sql !== undefined) {
    await readWholeTables(client);
    await changed(client, `insert into ${table} ${sql}`);
    return;
  }
  const { desk } = reading;
  desk.engine.options.log.info('warehouse.built-at-desk', { asset: key });
  await atDesk(desk, client, select, (connection) =>
    sendRows(connection, { select: select.sql, shape, file: desk.scratch() }, client, table),
  );
}

/** Fetches the new rows to the desk: the hash is DuckDB's on both engines, and checks are the same text. */
async function audit(
  { desk }: Reading,
  client: Client,
  { key, checks }: MaterializeAsset,
  shape: Shape,
): Promise<Content> {
  return await desk.engine.use(async (connection) => {
    const bytes = await bytesOf(client, [`${key} next`]);
    const { detach } = await attachWork(desk.engine, connection, bytes);
    try {
      await connection.run(emptyTable(key, shape));
      const rows = { select: `select * from ${nextName(key)}`, shape, file: desk.scratch() };
      await fetchRows(client, rows, connection, tableName(key));
      await connection.run(`create temp view candidate as select * from ${tableName(key)}`);
      for (const read of await tablesRead(connection, checks, key)) {
        const found = await desk.shapeOf(client, read);
        if (found) await fetchRelation(desk, client, connection, { key: read, shape: found });
      }
      const findings = await runChecks(connection, checks);
      const blocking = findings.filter((finding) => finding.severity === 'block');
      if (blocking.length > 0) throw checkFailed(key, blocking);
      return await contentOf(connection, key);
    } finally {
      await connection.run('drop view if exists temp.main.candidate').catch(() => undefined);
      await detach();
    }
  });
}

async function tablesRead(
  connection: DuckDBConnection,
  checks: MaterializeAsset['checks'],
  key: string,
): Promise<ReadonlySet<string>> {
  const read = new Set<string>();
  for (const { sql, when } of checks)
    for (const text of when === undefined ? [sql] : [sql, when])
      for (const table of tableKeys(await parseSelect(connection, text)))
        if (table.includes('.') && table !== key) read.add(table);
  return read;
}

async function exchange(client: Client, key: string, shape: Shape): Promise<void> {
  const name = quoted(key.slice(key.indexOf('.') + 1));
  await client.query(`analyze ${nextName(key)}; drop table if exists ${tableName(key)};
    alter table ${nextName(key)} rename to ${name}`);
  await nameTypes(client, key, shape);
}
