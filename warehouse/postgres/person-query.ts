import { quoted } from '../../core/sql-text.ts';
import { assertAllowed } from '../duckdb/allowed-select.ts';
import { readUpTo, timedOut, withinTime } from '../duckdb/person-query.ts';
import { parseSelect } from '../duckdb/select-tree.ts';
import type { QueryOptions, ResultTable } from '../port.ts';
import { maskedRows } from './masked-rows.ts';
import { understand, type Relation } from './relations.ts';
import { atDesk, makeRelations, onServer, type ReadySelect } from './running-select.ts';
import { stateOf } from './server-error.ts';
import { readTexts, type Client, type Server } from './server.ts';
import { passing, texts, type Reading } from './trusted-select.ts';
import { cellsOf } from './typed-select.ts';
import { functionSchema } from './functions/function-schema.ts';

/** The role under which people's queries run, where the database lets us make it: it may read what it is shown. */
const readerRole = 'phusa_reader';

/**
 * Makes the role of people's queries. Undefined where our user may not: then the checked tree and the read-only
 * transaction stand alone.
 */
export async function prepareReaderRole(server: Server): Promise<string | undefined> {
  try {
    await server.transaction(async (client) => {
      await client.query("select pg_advisory_xact_lock(hashtextextended('phusa.schema', 0))");
      const found = await readTexts(client, 'select 1 from pg_roles where rolname = $1', [
        readerRole,
      ]);
      if (found.length === 0)
        await client.query(
          `create role ${readerRole} nologin; grant ${readerRole} to current_user`,
        );
      await client.query(`grant usage on schema ${functionSchema} to ${readerRole}`);
      await client.query(`set local role ${readerRole}`);
    });
    return readerRole;
  } catch {
    return undefined;
  }
}

/**
 * A person's query: checked tree, views instead of tables, a role that may read nothing else, time limit, row limit.
 * Throws data `sql-invalid`, `query-refused`, `query-timeout`, `sql-failed`.
 */
export async function personQuery(
  reading: Reading,
  role: string | undefined,
  sql: string,
  options: QueryOptions,
): Promise<ResultTable> {
  await reading.desk.engine.use(async (connection) =>
    assertAllowed(await parseSelect(connection, sql)),
  );
  const understood = await understand(reading.desk, sql, options.values, options);
  const seen = maskedRows(understood.relations, options.masked);
  const select = { ...understood, relations: seen, sql, values: options.values };
  return await passing(reading.server, async (client) => {
    await makeRelations(reading, client, understood.relations, { stored: false });
    await makeRelations(reading, client, seen, { stored: false });
    await restrict(client, role, seen, options.timeoutMs);
    return await read(reading, client, select, options).catch((error: unknown) => {
      throw stateOf(error) === '57014' ? timedOut(options.timeoutMs) : error;
    });
  });
}

/** From here on this transaction may read what it is shown, and nothing else. */
async function restrict(
  client: Client,
  role: string | undefined,
  seen: readonly Relation[],
  timeoutMs: number,
): Promise<void> {
  if (role !== undefined) {
    for (const { key, name = key } of seen)
      await client.query(`grant select on pg_temp.${quoted(name)} to ${role}`);
    await client.query(`set local role ${role}`);
  }
  await client.query(`set local transaction_read_only = on;
    set local statement_timeout = ${Math.ceil(timeoutMs)}`);
}

async function read(
  reading: Reading,
  client: Client,
  select: ReadySelect,
  options: QueryOptions,
): Promise<ResultTable> {
  const { columns, values } = select;
  const sql = onServer(reading, select);
  if (sql === undefined)
    return await atDesk(reading.desk, client, select, (connection) =>
      withinTime(connection, options.timeoutMs, () => readUpTo(connection, select.sql, options)),
    );
  const limited = `${sql} limit ${options.maxRows + 1}`;
  const rows = cellsOf(await texts(client, limited, columns, values), columns);
  return rows.length > options.maxRows
    ? { columns, rows: rows.slice(0, options.maxRows), truncated: true }
    : { columns, rows };
}
