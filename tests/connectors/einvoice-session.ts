import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import {
  BIGINT,
  BOOLEAN,
  DuckDBDataChunk,
  DuckDBInstance,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import { silentLogger } from '../../core/logger.ts';
import type { Logger } from '../../core/logger.ts';
import type {
  AppendColumn,
  ColumnAppender,
  DecodeSession,
  LandedFile,
} from '../../warehouse/decode-session.ts';

/** A file to decode. */
export interface GivenFile {
  readonly name: string;
  readonly bytes?: Uint8Array | string;
  /** A file that already exists. */
  readonly path?: string;
  readonly publishedAt?: string;
}

/** A decode session over a private in-memory DuckDB, with `close`. */
export interface TestSession extends DecodeSession {
  close(): void;
}

const types = { varchar: VARCHAR, bigint: BIGINT, integer: INTEGER, boolean: BOOLEAN } as const;

/** Opens a session on given files. */
export async function openSession(
  given: readonly GivenFile[],
  streams: readonly string[],
  log: Logger = silentLogger,
): Promise<TestSession> {
  const directory = mkdtempSync(join(tmpdir(), 'einvoice-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  return {
    files: given.map((file, n) => landed(file, n, directory)),
    streams,
    log,
    fingerprints: () => Promise.resolve(undefined),
    run: async (sql) => {
      await connection.run(sql);
    },
    rows: async (sql) => {
      const reader = await connection.runAndReadAll(sql);
      const rows: Record<string, DuckDBValue>[] = reader.getRowObjects();
      return rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]),
        ),
      );
    },
    appendTo: (table, columns) => appender(connection, table, columns),
    scratch: (name) => join(directory, `scratch-${name}`),
    close: () => {
      connection.closeSync();
      instance.closeSync();
      rmSync(directory, { recursive: true });
    },
  };
}

function landed(file: GivenFile, n: number, directory: string): LandedFile {
  const path = file.path ?? join(directory, String(n));
  if (file.bytes !== undefined) writeFileSync(path, file.bytes);
  return {
    n,
    name: file.name,
    path,
    sha256: '',
    bytes: statSync(path).size,
    mediaType: undefined,
    request: file.publishedAt === undefined ? undefined : { publishedAt: file.publishedAt },
    receivedAt: '2026-11-22T00:00:00Z',
  };
}

async function appender(
  connection: DuckDBConnection,
  table: string,
  columns: readonly AppendColumn[],
): Promise<ColumnAppender> {
  await connection.run(
    `create temp table ${table} (${columns.map(({ name, type }) => `${name} ${type}`).join(', ')})`,
  );
  const target = await connection.createAppender(table, 'main', 'temp');
  return {
    append: (values) => {
      const rows = values[0]?.length ?? 0;
      if (rows > 0) {
        const chunk = DuckDBDataChunk.create(columns.map(({ type }) => types[type]));
        chunk.setColumns(values.map((column) => [...column]));
        target.appendDataChunk(chunk);
      }
      return Promise.resolve();
    },
    close: () => {
      target.closeSync();
      return Promise.resolve();
    },
  };
}
