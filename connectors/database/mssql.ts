import type { Dialect } from './dialect.ts';

/** SQL Server: configured like the others; not tested, and its driver is not part of the product. */
export const mssql: Dialect = {
  client: 'mssql',
  port: 1433,
  driver: 'tedious',
  settings: ({ host, port, database, user, tls, certificateAuthority }, password, socket) => ({
    server: host,
    database,
    user,
    password,
    ...(port === undefined ? {} : { port }),
    options: {
      connector: () => Promise.resolve(socket),
      encrypt: tls === 'required',
      trustServerCertificate: false,
      readOnlyIntent: true,
      ...(certificateAuthority === undefined
        ? {}
        : { cryptoCredentialsDetails: { ca: certificateAuthority } }),
    },
  }),
  version: 'select @@version as version',
  begin: ({ statementSeconds }) => [
    `set lock_timeout ${statementSeconds * 1000}`,
    'set transaction isolation level snapshot',
    'begin transaction',
  ],
  async *stream(_knex, select) {
    const rows: AsyncIterable<unknown> = select.stream();
    yield* rows;
  },
  rowsOf: (answer) => answer,
  keys: `select u.table_schema, u.table_name, u.column_name, u.ordinal_position as place
    from information_schema.key_column_usage u
    join information_schema.table_constraints t on t.constraint_name = u.constraint_name
      and t.table_schema = u.table_schema
    where t.constraint_type = 'PRIMARY KEY'`,
  since: ({ kind, lookBack }) =>
    kind === 'time'
      ? `(?? >= dateadd(second, -${lookBack}, cast(? as datetime2)))`
      : `(?? >= cast(? as decimal(38,0)) - ${lookBack})`,
  reached: () => 'max(??)',
};
