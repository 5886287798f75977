import pg from 'pg';
import type { Logger } from '../../core/logger.ts';
import { serverError } from './server-error.ts';

/** A connection to the server, ours alone until it is given back. */
export type Client = pg.PoolClient;

/** A value as the server writes it. */
export type Text = string | null;

/** What every connection starts with. Instants are read in the zone of Việt Nam as in the DuckDB engine. */
const session = `set timezone = 'Asia/Ho_Chi_Minh'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres';
  set extra_float_digits = 1; set jit = off; set client_min_messages = warning;
  set standard_conforming_strings = on`;

/** Connections held at most: one for each load under way, and those of readers. */
const connections = 12;

/** The database that holds the warehouse. Any number of processes may open it. */
export class Server {
  private readonly pool: pg.Pool;

  private constructor(pool: pg.Pool) {
    this.pool = pool;
  }

  /** Connects; throws retriable `warehouse-connection-gone` when there is no server. */
  static async open(url: string, log: Logger): Promise<Server> {
    const pool = new pg.Pool({ connectionString: url, max: connections });
    pool.on('connect', (client) => {
      client.query(session).catch((error: unknown) => {
        log.warn('warehouse.session', { reason: String(error) });
      });
    });
    pool.on('error', (error) => log.warn('warehouse.connection-lost', { reason: error.message }));
    const server = new Server(pool);
    try {
      await server.use((client) => client.query('select 1'));
    } catch (error) {
      await pool.end();
      throw error;
    }
    return server;
  }

  /** Runs work on a connection of its own; what the server refuses becomes a PhusaError. */
  async use<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.connect();
    let broken = true;
    try {
      const result = await work(client);
      broken = false;
      return result;
    } catch (error) {
      throw serverError(error);
    } finally {
      // A connection on which something failed may be left in any state.
      client.release(broken);
    }
  }

  /** Runs work; what the server, the connection or the desk throws becomes a PhusaError. */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw serverError(error);
    }
  }

  /** Runs work in one transaction that is rolled back when the work fails. */
  transaction<T>(work: (client: Client) => Promise<T>, begin = 'begin'): Promise<T> {
    return this.use((client) => inTransaction(client, work, begin));
  }

  /** A connection of one's own; give it back with `release`. */
  async connect(): Promise<Client> {
    try {
      return await this.pool.connect();
    } catch (error) {
      throw serverError(error);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

/** Runs work between `begin` and COMMIT; any failure rolls back. */
export async function inTransaction<T>(
  client: Client,
  work: (client: Client) => Promise<T>,
  begin = 'begin',
): Promise<T> {
  await client.query(begin);
  try {
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** All rows of a small result, every value as the server writes it. */
export async function readTexts(
  client: Client,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly (readonly Text[])[]> {
  const result = await client.query<Text[]>({
    text: sql,
    values: [...values],
    rowMode: 'array',
    types: asText,
  });
  return result.rows;
}

/** Leaves every value as the server wrote it: no float, no local time, no lost digit. */
export const asText = { getTypeParser: () => (text: string) => text };

/** Runs a statement and says how many rows it wrote. */
export async function changed(
  client: Client,
  sql: string,
  values: readonly unknown[] = [],
): Promise<number> {
  return (await client.query(sql, [...values])).rowCount ?? 0;
}
