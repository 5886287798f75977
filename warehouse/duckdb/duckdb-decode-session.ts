import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { StatementType, type DuckDBConnection } from '@duckdb/node-api';
import { PhusaError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { DecodeSession } from '../decode-session.ts';
import type { DecodedBatch } from '../staged-batch.ts';
import { openChunkAppender } from './chunk-appender.ts';
import { fingerprintsOf } from './known-rows.ts';
import { cellsOf, columnsOf } from './result-table.ts';

/** Rows that `rows` gives at most: it is for headers and small look-ups, not for data. */
const smallResult = 10_000;

/** A decode session and the end of it. */
export interface OpenSession extends DecodeSession {
  /** Streams whose fingerprints were given: some of their rows may be known. */
  readonly asked: ReadonlySet<string>;
  /** Removes scratch files. */
  end(): void;
}

/**
 * Opens a session on a private connection. Each statement but a SELECT runs in a READ ONLY transaction of its own, so
 * that the engine itself refuses to change anything but temporary objects. Never several in one (see `growing.ts`).
 *
 * @param remembering - whether decode may leave rows out that are known (see `known-rows.ts`)
 */
export function openDecodeSession(
  connection: DuckDBConnection,
  batch: DecodedBatch,
  spool: string,
  log: Logger,
  remembering = false,
): OpenSession {
  const asked = new Set<string>();
  // A session of its own: two may decode one batch, and the first to end must not take the other's files away.
  const directory = join(
    scratchDirectory(spool),
    `${encodeURIComponent(batch.batch)}.${randomUUID()}`,
  );
  return {
    asked,
    fingerprints: async (stream) => {
      const found = remembering ? await fingerprintsOf(connection, batch, stream) : undefined;
      if (found !== undefined) asked.add(stream);
      return found;
    },
    files: batch.files,
    streams: batch.contracts.map((contract) => contract.stream),
    log,
    run: (sql) => runEach(connection, sql),
    rows: (sql) => textRows(connection, sql),
    appendTo: (table, columns) => openChunkAppender(connection, table, columns),
    scratch: (name) => scratchPath(directory, name),
    end: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Where decode writes files of its own; what a killed process left there is removed at the next start. */
export function scratchDirectory(spool: string): string {
  return join(resolve(spool), 'scratch');
}

async function runEach(connection: DuckDBConnection, sql: string): Promise<void> {
  const statements = await connection.extractStatements(sql);
  for (let index = 0; index < statements.count; index += 1) {
    await readOnly(connection, async () => {
      const prepared = await statements.prepare(index);
      await prepared.run();
      prepared.destroySync();
    });
  }
}

/** Runs work in a READ ONLY transaction; temporary objects made in it stay. */
async function readOnly<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('begin transaction read only');
  try {
    const result = await work();
    await connection.run('commit');
    return result;
  } catch (error) {
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
}

async function textRows(
  connection: DuckDBConnection,
  sql: string,
): Promise<readonly Readonly<Record<string, string | null>>[]> {
  const prepared = await connection.prepare(sql);
  const isSelect = prepared.statementType === StatementType.SELECT;
  const result = await (isSelect ? prepared.run() : readOnly(connection, () => prepared.run()));
  const rows = (await result.fetchAllChunks()).flatMap(cellsOf);
  const columns = columnsOf(result);
  prepared.destroySync();
  if (rows.length > smallResult) throw tooManyRows(rows.length);
  return rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name }, index) => {
        const cell = row[index] ?? null;
        return [name, cell === null ? null : String(cell)];
      }),
    ),
  );
}

function scratchPath(directory: string, name: string): string {
  mkdirSync(directory, { recursive: true });
  return join(directory, basename(name));
}

function tooManyRows(rows: number): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'decode-rows-limit',
    message: {
      vi: `Bước giải mã đọc ${rows} dòng về bộ nhớ; tối đa ${smallResult}`,
      en: `Decode read ${rows} rows into memory; at most ${smallResult}`,
    },
    remedy: { vi: 'Xử lý bằng SQL trong phiên.', en: 'Work on them by SQL in the session.' },
  });
}
