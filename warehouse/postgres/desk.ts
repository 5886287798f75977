import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal, quoted } from '../../core/sql-text.ts';
import { scratchDirectory } from '../duckdb/duckdb-decode-session.ts';
import { Engine, type EngineOptions } from '../duckdb/engine.ts';
import { tableName } from '../duckdb/sql-text.ts';
import { Turnstile } from '../duckdb/turnstile.ts';
import { layers, layoutOf, readShapes } from './catalog-tables.ts';
import type { Shape } from './column-types.ts';
import type { Client, Server } from './server.ts';

/** Where the desk may read and write: as the DuckDB engine, but for the file, which is its own. */
export type DeskOptions = Omit<EngineOptions, 'file'>;

/**
 * This process's own DuckDB beside the server: it decodes, classifies and checks batches, and knows every table of the
 * server as an empty one, so that parser and binder are the same on both engines: what a SELECT reads, the names and
 * types of its columns, and what is wrong with it.
 */
export class Desk {
  readonly engine: Engine;
  private readonly file: string;
  private readonly server: Server;
  private shapes: ReadonlyMap<string, Shape> = new Map();
  private layout: string | undefined;
  private readonly looks = new Turnstile();

  private constructor(engine: Engine, file: string, server: Server) {
    this.engine = engine;
    this.file = file;
    this.server = server;
  }

  /** Opens a desk in the spool; the file is removed at the end. */
  static async open(options: DeskOptions, server: Server): Promise<Desk> {
    const file = join(
      scratchDirectory(options.spool),
      `desk-${process.pid}-${randomUUID()}.duckdb`,
    );
    const engine = await Engine.start({ ...options, file });
    await engine.write(async (connection) => {
      await connection.run(layers.map((name) => `create schema ${name}`).join('; '));
    });
    return new Desk(engine, file, server);
  }

  /** A table's columns; undefined when there is no such table. */
  async shapeOf(client: Client, key: string): Promise<Shape | undefined> {
    await this.refresh(client);
    return this.shapes.get(key);
  }

  /** Runs work on a connection that knows the server's tables as they are now. */
  async withTables<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    await this.server.use((client) => this.refresh(client));
    return await this.engine.use(work);
  }

  /** Takes over the tables that were made or changed since the last look, by any process. */
  refresh(client: Client): Promise<void> {
    return this.looks.pass(() => this.look(client));
  }

  private async look(client: Client): Promise<void> {
    const layout = await layoutOf(client);
    if (layout === this.layout) return;
    const fresh = await readShapes(client);
    await this.engine.write(async (connection) => {
      for (const [key, shape] of fresh) {
        const before = this.shapes.get(key);
        if (!before || !isSame(before, shape)) await connection.run(emptyTable(key, shape));
      }
      for (const key of this.shapes.keys())
        if (!fresh.has(key)) await connection.run(`drop table if exists ${tableName(key)}`);
    });
    this.shapes = fresh;
    this.layout = layout;
    this.engine.forgetColumns();
  }

  /** A file of the desk's own for rows on their way. */
  scratch(): string {
    return join(scratchDirectory(this.engine.options.spool), `rows-${randomUUID()}.csv`);
  }

  close(): void {
    this.engine.close();
    for (const end of ['', '.wal']) rmSync(`${this.file}${end}`, { force: true });
  }
}

/** CREATE TABLE of an empty table like the server's. */
export function emptyTable(key: string, shape: Shape): string {
  const columns = [...shape].map(([name, type]) => `${quoted(name)} ${type}`);
  return `create or replace table ${tableName(key)}(${columns.join(', ')})`;
}

function isSame(one: Shape, other: Shape): boolean {
  return JSON.stringify([...one]) === JSON.stringify([...other]);
}

/** Bytes from which rows may not all lie in memory. */
const large = 64 * 1024 * 1024;

/**
 * A catalog of a connection's own: in memory where little will lie in it, otherwise in a file of its own, so that large
 * tables do not take memory.
 */
export async function attachWork(
  engine: Engine,
  connection: DuckDBConnection,
  bytes = large,
): Promise<{ readonly detach: () => Promise<void> }> {
  const name = `work_${engine.nextCatalog()}`;
  const file = join(scratchDirectory(engine.options.spool), `${name}-${randomUUID()}.duckdb`);
  const isLarge = bytes >= large;
  await connection.run(`attach ${literal(isLarge ? file : ':memory:')} as ${name}; use ${name};
    ${layers.map((layer) => `create schema ${layer}`).join('; ')}`);
  return {
    detach: async () => {
      if (engine.holds(connection))
        await connection.run(`use ${engine.catalog}; detach ${name}`).catch(() => undefined);
      if (isLarge) for (const end of ['', '.wal']) rmSync(`${file}${end}`, { force: true });
    },
  };
}
