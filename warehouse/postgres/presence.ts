import type { Logger } from '../../core/logger.ts';
import { readTexts, type Client, type Server } from './server.ts';

const home = "hashtextextended('phusa.home', 0)";

/**
 * Says, for as long as a process has the warehouse open, that it does: a lock that all share. Who may have it alone is
 * the only one. The server gives the lock back when the process ends, however it ends.
 */
export class Presence {
  private readonly client: Client;

  private constructor(client: Client) {
    this.client = client;
  }

  /** Waits while another process, alone until now, settles. */
  static async enter(server: Server, log: Logger): Promise<Presence> {
    const client = await server.connect();
    client.on('error', (error) => {
      log.warn('warehouse.presence-lost', { reason: error.message });
    });
    await client.query(`select pg_advisory_lock_shared(${home})`);
    return new Presence(client);
  }

  /** Runs work while no other process has the warehouse open; undefined where one has. */
  async whenAlone<T>(work: () => Promise<T>): Promise<T | undefined> {
    const [row] = await readTexts(this.client, `select pg_try_advisory_lock(${home})`);
    if (row?.[0] !== 't') return undefined;
    try {
      return await work();
    } finally {
      await this.client.query(`select pg_advisory_unlock(${home})`);
    }
  }

  /** Gives the lock up with its connection. */
  leave(): void {
    this.client.release(true);
  }
}

/**
 * Runs the load of some streams while no other process loads any of them: recorded times of a table rise only where one
 * batch at a time stands between its intention and its publication.
 */
export async function whileLoading<T>(
  server: Server,
  streams: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  return await server.use(async (client) => {
    const names = [...new Set(streams)].sort().map((stream) => `phusa.load.${stream}`);
    for (const name of names)
      await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name]);
    const result = await work();
    for (const name of names)
      await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
    return result;
  });
}
