import type { Dialect } from './dialect.ts';

/** Rows fetched at a time from the server's cursor. */
const fetched = 2_000;

/** PostgreSQL: a server-side cursor in a repeatable-read, read-only transaction; values in the server's own text form. */
export const postgres: Dialect = {
  client: 'pg',
  port: 5432,
  settings: ({ host, port, database, user, tls, certificateAuthority }, password, socket) => {
    // the driver connects by itself: it is told at once that this has been done
    const connected = Object.assign(socket, {
      connect: () => {
        process.nextTick(() => socket.emit('connect'));
        return socket;
      },
    });
    const ssl = {
      host,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(certificateAuthority === undefined ? {} : { ca: certificateAuthority }),
    } as const;
    return {
      host,
      database,
      user,
      password,
      ...(port === undefined ? {} : { port }),
      ssl: tls === 'required' ? ssl : false,
      stream: connected,
      application_name: 'phusa',
      types: { getTypeParser: () => (text: string | Buffer) => String(text) },
    };
  },
  version: 'select version() as version',
  begin: ({ statementSeconds }) => [
    'begin isolation level repeatable read read only',
    `set local statement_timeout = ${statementSeconds * 1000}`,
    "set local time zone 'UTC'",
    "set local datestyle = 'ISO, YMD'",
    'set local extra_float_digits = 3',
    "set local bytea_output = 'hex'",
    'set local cursor_tuple_fraction = 1',
  ],
  async *stream(knex, select) {
    await knex.raw('declare phusa_rows no scroll cursor for ?', [select]);
    for (;;) {
      const answer: unknown = await knex.raw(`fetch forward ${fetched} from phusa_rows`);
      const rows = postgres.rowsOf(answer);
      if (!Array.isArray(rows) || rows.length === 0) break;
      yield* rows;
    }
    await knex.raw('close phusa_rows');
  },
  rowsOf: (answer) =>
    typeof answer === 'object' && answer !== null && 'rows' in answer ? answer.rows : undefined,
  keys: `select n.nspname as table_schema, c.relname as table_name, a.attname as column_name, k.place
    from pg_catalog.pg_index i
    join pg_catalog.pg_class c on c.oid = i.indrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    cross join lateral unnest(i.indkey::int2[]) with ordinality k(attnum, place)
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
    where i.indisprimary`,
  since: ({ kind, lookBack }) =>
    kind === 'time'
      ? `(?? >= cast(? as timestamptz) - interval '${lookBack} seconds')`
      : `(?? >= cast(? as numeric) - ${lookBack})`,
  reached: ({ kind }) => (kind === 'time' ? 'least(max(??), current_timestamp)' : 'max(??)'),
};
