import type { Socket } from 'node:net';
import type { Knex } from 'knex';
import { dial } from '../../net/guarded-socket.ts';
import { cancelledError } from '../../net/transport-errors.ts';
import type { ReadContext } from '../port.ts';
import type { DatabaseConfig } from './config.ts';
import { answerWrong, databaseTrouble, driverMissing, snapshotLost } from './database-trouble.ts';
import type { Dialect, TextRow } from './dialect.ts';
import { mssql } from './mssql.ts';
import { mysql } from './mysql.ts';
import { databaseOrigins } from './origins.ts';
import { postgres } from './postgres.ts';

const dialects = { postgres, mysql, mssql } as const satisfies Record<
  DatabaseConfig['server'],
  Dialect
>;

/** How long a connection may take, in milliseconds. */
const connectMs = 10_000;

/** What a session is opened with. */
export type SessionContext = Pick<ReadContext<DatabaseConfig>, 'config' | 'secret' | 'signal'>;

/** One connection with one read-only transaction: all that is read is seen from one moment. */
export interface DatabaseSession {
  readonly knex: Knex;
  readonly dialect: Dialect;
  /** The server's name and version. */
  readonly version: string;
  /** Rows of a small answer. */
  rows(sql: string | Knex.QueryBuilder): Promise<readonly TextRow[]>;
  stream(select: Knex.QueryBuilder): AsyncIterable<TextRow>;
}

/** Opens a session for the time of a generator's work; the connection ends with it, also when the run is cancelled. */
export async function* withSession<T>(
  context: SessionContext,
  work: (session: DatabaseSession) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const { config, signal } = context;
  const where = `${config.server}://${config.host}/${config.database}`;
  const line = new Line(where);
  const stop = () => line.cut();
  signal.addEventListener('abort', stop, { once: true });
  const knex = await connect(context, where, line);
  try {
    yield* work(await begun(knex, config, where, line));
    await knex.raw('rollback');
    await knex.destroy();
  } catch (cause) {
    throw signal.aborted ? cancelledError(where) : databaseTrouble(cause, where);
  } finally {
    signal.removeEventListener('abort', stop);
    // the transaction only read: ending the connection is all that is left to do after a failure
    line.cut();
    void knex.destroy().catch(() => undefined);
  }
}

/** The one connection of a session. A driver may not tell a waiting stream that it is gone: this does. */
class Line {
  /** Never fulfilled; rejected when the connection has ended. */
  readonly ended: Promise<never>;
  private socket: Socket | undefined;
  private end: (reason: Error) => void = () => undefined;
  private readonly where: string;

  constructor(where: string) {
    this.where = where;
    this.ended = new Promise((_, reject) => {
      this.end = reject;
    });
    this.ended.catch(() => undefined);
  }

  /** Takes the connected socket; a second one would be outside of the snapshot. */
  take(socket: Socket, idleMs: number): void {
    this.socket = socket;
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.once('close', () => this.end(snapshotLost(this.where)));
  }

  get isTaken(): boolean {
    return this.socket !== undefined;
  }

  cut(): void {
    this.socket?.destroy();
  }
}

/** What comes of an iteration until it or the connection ends. */
async function* whileOn(line: Line, rows: AsyncIterable<unknown>): AsyncGenerator {
  const all = rows[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([all.next(), line.ended]);
    if (next.done === true) return;
    yield next.value;
  }
}

async function begun(
  knex: Knex,
  config: DatabaseConfig,
  where: string,
  line: Line,
): Promise<DatabaseSession> {
  const dialect = dialects[config.server];
  const rows = async (sql: string | Knex.QueryBuilder): Promise<readonly TextRow[]> => {
    if (typeof sql !== 'string') return asRows(await sql, where);
    return asRows(dialect.rowsOf(await knex.raw(sql)), where);
  };
  const [found] = await rows(dialect.version);
  const version = (found?.['version'] ?? '').split('\n')[0] ?? '';
  for (const statement of dialect.begin(config, version)) await knex.raw(statement);
  return {
    knex,
    dialect,
    version,
    rows,
    stream: async function* (select) {
      for await (const row of whileOn(line, dialect.stream(knex, select))) yield asRow(row, where);
    },
  };
}

async function connect(
  { config, secret, signal }: SessionContext,
  where: string,
  line: Line,
): Promise<Knex> {
  const dialect = dialects[config.server];
  const password = await secret('password');
  const { default: makeKnex } = await import('knex');
  if (signal.aborted) throw cancelledError(where);
  const quiet = () => undefined;
  const settings = async () => {
    if (line.isTaken) throw snapshotLost(where);
    const { host, port = dialect.port, server } = config;
    const endpoint = { scheme: server, host, port, path: '/' };
    const options = { allowed: databaseOrigins(config), timeoutMs: connectMs };
    const socket = await dial(endpoint, options);
    line.take(socket, (config.statementSeconds + 30) * 1000);
    return dialect.settings(config, password, socket);
  };
  try {
    return makeKnex({
      client: dialect.client,
      connection: settings,
      pool: { min: 0, max: 1 },
      acquireConnectionTimeout: connectMs * 2,
      log: { warn: quiet, error: quiet, debug: quiet, deprecate: quiet },
    });
  } catch (cause) {
    if (dialect.driver === undefined) throw databaseTrouble(cause, where);
    throw driverMissing(dialect.driver);
  }
}

function asRows(answer: unknown, where: string): readonly TextRow[] {
  if (!Array.isArray(answer)) throw answerWrong(where);
  return answer.map((row) => asRow(row, where));
}

/** Values are texts; what a driver made of anything else is written without rounding. */
function asRow(row: unknown, where: string): TextRow {
  if (typeof row !== 'object' || row === null) throw answerWrong(where);
  return Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) => [name, textOf(value)]),
  );
}

/** Drivers give texts; whole numbers and times are what else they may give, and buffers for what has no text. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  return Buffer.isBuffer(value) ? value.toString('hex') : JSON.stringify(value);
}
