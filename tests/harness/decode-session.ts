import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { JsonObject } from '../../core/json.ts';
import { silentLogger, type Logger } from '../../core/logger.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { openDecodeSession } from '../../warehouse/duckdb/duckdb-decode-session.ts';
import { batchOf } from './simple-stream.ts';

/** A file to decode: its bytes, or the path of one that exists. */
export interface GivenFile {
  readonly name: string;
  readonly bytes?: Uint8Array | string;
  readonly path?: string;
  readonly request?: JsonObject;
}

/** The warehouse's own decode session over given files, in an engine of its own. */
export interface TestDecodeSession {
  readonly session: DecodeSession;
  /** The first file. */
  readonly file: LandedFile;
  /** Rows of a SELECT as arrays of text. */
  readonly rows: (sql: string) => Promise<readonly (readonly (string | null)[])[]>;
  close(): void;
}

/** Opens a decode session on files. */
export async function openTestDecode(
  given: readonly GivenFile[],
  log: Logger = silentLogger,
): Promise<TestDecodeSession> {
  const directory = mkdtempSync(join(tmpdir(), 'phusa-decode-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const files = given.map((file, n) => landed(file, n, directory));
  const session = openDecodeSession(connection, batchOf('t', [], { files }), directory, log);
  const [file] = files;
  if (file === undefined) throw new RangeError('a decode session needs a file');
  return {
    session,
    file,
    rows: async (sql) => (await session.rows(sql)).map((row) => Object.values(row)),
    close: () => {
      connection.closeSync();
      instance.closeSync();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function landed(file: GivenFile, n: number, directory: string): LandedFile {
  const path = file.path ?? join(directory, `${n}`);
  if (file.path === undefined) writeFileSync(path, file.bytes ?? '');
  return {
    n,
    name: file.name,
    path,
    sha256: '',
    bytes: statSync(path).size,
    mediaType: undefined,
    request: file.request,
    receivedAt: '2026-11-22T00:00:00Z',
  };
}
