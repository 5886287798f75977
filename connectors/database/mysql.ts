import type { Dialect } from './dialect.ts';

/** MySQL and MariaDB: an unbuffered result in a consistent read-only snapshot; values as the server's text protocol has them. */
export const mysql: Dialect = {
  client: 'mysql2',
  port: 3306,
  settings: ({ host, port, database, user, tls, certificateAuthority }, password, socket) => ({
    host,
    database,
    user,
    password,
    ...(port === undefined ? {} : { port }),
    stream: socket,
    charset: 'utf8mb4',
    multipleStatements: false,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    // a server cannot ask the client for its files
    flags: ['-LOCAL_FILES'],
    typeCast: textOf,
    ...(tls === 'required'
      ? {
          ssl: {
            rejectUnauthorized: true,
            verifyIdentity: true,
            minVersion: 'TLSv1.2',
            ...(certificateAuthority === undefined ? {} : { ca: certificateAuthority }),
          },
        }
      : {}),
  }),
  version: 'select version() as version',
  begin: ({ statementSeconds }, version) => [
    "set session time_zone = '+00:00'",
    'set session transaction isolation level repeatable read',
    /mariadb/i.test(version)
      ? `set session max_statement_time = ${statementSeconds}`
      : `set session max_execution_time = ${statementSeconds * 1000}`,
    'start transaction with consistent snapshot, read only',
  ],
  async *stream(_knex, select) {
    const rows: AsyncIterable<unknown> = select.stream({ highWaterMark: 1_000 });
    yield* rows;
  },
  rowsOf: (answer) => {
    const parts: readonly unknown[] = Array.isArray(answer) ? answer : [];
    return parts[0];
  },
  keys: `select table_schema, table_name, column_name, seq_in_index as place
    from information_schema.statistics where index_name = 'PRIMARY'`,
  since: ({ kind, lookBack }) =>
    kind === 'time'
      ? `(?? >= date_sub(cast(replace(?, '+00', '') as datetime(6)), interval ${lookBack} second))`
      : `(?? >= cast(? as decimal(65,0)) - ${lookBack})`,
  reached: ({ kind }) => (kind === 'time' ? 'least(max(??), now(6))' : 'max(??)'),
};

/** A field of a row as the driver shows it to `typeCast`. */
interface WireField {
  readonly type: string;
  string(encoding?: string): string | null;
  buffer(): Buffer | null;
}

/** The server's own text. A `TIMESTAMP` is an instant and is marked so; bits become a whole number. */
function textOf(field: WireField): string | null {
  if (field.type === 'BIT') return bitsOf(field.buffer());
  if (field.type === 'GEOMETRY') return hexOf(field.buffer());
  const text = field.string('utf8');
  return field.type === 'TIMESTAMP' && text !== null ? `${text}+00` : text;
}

function bitsOf(bytes: Buffer | null): string | null {
  return bytes === null || bytes.length === 0
    ? null
    : BigInt(`0x${bytes.toString('hex')}`).toString();
}

function hexOf(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString('hex');
}
