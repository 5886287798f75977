import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { PhusaError } from '../../core/errors.ts';
import type { LoadCounts } from '../../core/load-counts.ts';
import type { Materialization, PublishedBatch } from '../port.ts';
import type { StagedBatch } from '../staged-batch.ts';
import { readRows } from './result-table.ts';
import { literal } from '../../core/sql-text.ts';
import { instant } from './sql-text.ts';

/** Tables of the ledger and of quarantine, the view over it, and the schemas people read. */
export const ledgerSchema = `
  create schema if not exists staging; create schema if not exists dim;
  create schema if not exists history; create schema if not exists mart;
  create schema if not exists meta; create schema if not exists ledger; create schema if not exists quarantine;
  create table if not exists ledger.batch(
    batch varchar, source varchar, key varchar, recorded_at timestamptz, counts json, cursor json);
  create table if not exists ledger.stream(
    batch varchar, asset varchar, recorded_at timestamptz, touched boolean);
  create table if not exists ledger.materialization(
    key varchar, sql_sha256 varchar, inputs json, content_sha256 varchar, rows bigint, built_at timestamptz);
  create table if not exists quarantine.row(
    batch varchar, source varchar, stream varchar, file integer, row bigint,
    reason varchar, field varchar, value varchar, raw varchar, held boolean);
  create or replace view meta.quarantine as select * from quarantine.row`;

const count = z.number().int().nonnegative();

/** The `counts` column of the ledger. */
export const countsText = z.record(
  z.string(),
  z.object({
    received: count,
    new: count,
    changed: count,
    unchanged: count,
    duplicate: count,
    filtered: count,
    quarantined: count,
    deleted: count,
  }) satisfies z.ZodType<LoadCounts>,
);

/** The `inputs` column of the materializations. */
const inputsText = z.record(z.string(), z.string());

/** The ledger row of a batch. */
export async function publishedBatch(
  connection: DuckDBConnection,
  batch: string,
): Promise<PublishedBatch | undefined> {
  const sql = 'select recorded_at, counts from ledger.batch where batch = $1';
  const [row] = await readRows(connection, sql, [batch]);
  if (row === undefined) return undefined;
  const counts = countsText.parse(JSON.parse(String(row[1])));
  return { batch, recordedAt: new Date(String(row[0])).toISOString(), counts };
}

/** Every batch with its recorded time, ascending. */
export async function allPublished(
  connection: DuckDBConnection,
): Promise<readonly { readonly batch: string; readonly recordedAt: string }[]> {
  const rows = await readRows(
    connection,
    'select batch, recorded_at from ledger.batch order by recorded_at, batch',
  );
  return rows.map(([batch, at]) => ({
    batch: String(batch),
    recordedAt: new Date(String(at)).toISOString(),
  }));
}

/** What is to be known before a batch is published. */
export interface BeforePublish {
  /** Whether it is published already. */
  readonly published: boolean;
  /** Last recorded time of its tables, if any. */
  readonly last: Date | undefined;
  /** Whether an earlier try left quarantined rows. */
  readonly quarantined: boolean;
}

/** Looks up what is to be known before a batch is published, in one question. */
export async function beforePublish(
  connection: DuckDBConnection,
  batch: string,
  assets: readonly string[],
): Promise<BeforePublish> {
  const [row] = await readRows(
    connection,
    `select (select max(recorded_at) from ledger.stream where asset in (${assets.map(literal).join(', ')})),
       exists (select 1 from quarantine.row where batch = ${literal(batch)}),
       exists (select 1 from ledger.batch where batch = ${literal(batch)})`,
  );
  const [last = null, quarantined = null, published = null] = row ?? [];
  return {
    published: published === true,
    last: typeof last === 'string' ? new Date(last) : undefined,
    quarantined: quarantined === true,
  };
}

/** Refuses a recorded time that does not rise (fatal `recorded-time-not-rising`). */
export function assertRising(
  { last }: BeforePublish,
  assets: readonly string[],
  recordedAt: Date,
): void {
  if (last !== undefined && recordedAt.getTime() <= last.getTime()) {
    throw notRising(assets, last.toISOString(), recordedAt);
  }
}

/** A batch with the time it is recorded at. */
export interface Recorded {
  readonly staged: StagedBatch;
  readonly recordedAt: Date;
}

/** Writes the ledger rows of batches that one transaction publishes; `assets` names the table of each stream. */
export async function recordBatches(
  connection: DuckDBConnection,
  recorded: readonly Recorded[],
  assets: ReadonlyMap<string, string>,
): Promise<void> {
  await insertAll(connection, 'ledger.batch', recorded.map(batchRow));
  const streams = recorded.flatMap((one) => streamRows(one, assets));
  await insertAll(connection, 'ledger.stream', streams);
}

function batchRow({ staged, recordedAt }: Recorded): string {
  const { batch, source, key, counts, cursor } = staged;
  const json = [counts, cursor].map((value) => literal(JSON.stringify(value)));
  const names = [batch, source, key].map(literal);
  return `(${[...names, instant(recordedAt), ...json].join(', ')})`;
}

function streamRows(
  { staged, recordedAt }: Recorded,
  assets: ReadonlyMap<string, string>,
): readonly string[] {
  return Object.entries(staged.counts).map(([stream, counts]) => {
    const touched = counts.new + counts.changed + counts.deleted > 0;
    const asset = literal(assets.get(stream) ?? stream);
    return `(${literal(staged.batch)}, ${asset}, ${instant(recordedAt)}, ${touched})`;
  });
}

async function insertAll(
  connection: DuckDBConnection,
  table: string,
  rows: readonly string[],
): Promise<void> {
  if (rows.length > 0) await connection.run(`insert into ${table} values ${rows.join(', ')}`);
}

/** Last time and number of the batches that changed a loaded table; `-/0` before the first. */
export async function loadedVersion(connection: DuckDBConnection, key: string): Promise<string> {
  const [row] = await readRows(
    connection,
    'select max(recorded_at), count(*) from ledger.stream where asset = $1 and touched',
    [key],
  );
  const [at = null, count = null] = row ?? [];
  return `${typeof at === 'string' ? new Date(at).toISOString() : '-'}/${String(count)}`;
}

/** What was last built of the asset `$1`, on either engine. */
export const materializationSql = `select sql_sha256, inputs, content_sha256, rows, built_at
  from ledger.materialization where key = $1`;

/** A row of {@link materializationSql}; engines spell instants differently, so `builtAt` (ISO) is given. */
export function materializationFrom(
  key: string,
  [sqlSha256, inputs, contentSha256, rows]: readonly unknown[],
  builtAt: string,
): Materialization {
  return {
    key,
    sqlSha256: String(sqlSha256),
    inputs: inputsText.parse(JSON.parse(String(inputs))),
    contentSha256: String(contentSha256),
    rows: Number(rows),
    builtAt,
  };
}

/** What a derived asset was last built from. */
export async function materializationOf(
  connection: DuckDBConnection,
  key: string,
): Promise<Materialization | undefined> {
  const [row] = await readRows(connection, materializationSql, [key]);
  if (row === undefined) return undefined;
  return materializationFrom(key, row, new Date(String(row[4])).toISOString());
}

/** Replaces the materialization row of an asset; inside the transaction that built it. */
export async function recordMaterialization(
  connection: DuckDBConnection,
  built: Materialization,
): Promise<void> {
  await connection.run('delete from ledger.materialization where key = $1', [built.key]);
  await connection.run(
    'insert into ledger.materialization values ($1, $2, $3, $4, $5, $6::timestamptz)',
    [
      built.key,
      built.sqlSha256,
      JSON.stringify(built.inputs),
      built.contentSha256,
      BigInt(built.rows),
      built.builtAt,
    ],
  );
}

function notRising(assets: readonly string[], last: string, at: Date): PhusaError {
  const tables = assets.join(', ');
  return new PhusaError({
    group: 'fatal',
    code: 'recorded-time-not-rising',
    message: {
      vi: `Thời điểm ghi nhận ${at.toISOString()} không sau lần trước (${last}) của ${tables}`,
      en: `The recorded time ${at.toISOString()} is not after the last one (${last}) of ${tables}`,
    },
    remedy: {
      vi: 'Lấy thời điểm ghi nhận dưới khoá công bố của luồng; kiểm tra đồng hồ máy.',
      en: 'Take the recorded time under the publish lock of the stream; check the clock of the machine.',
    },
  });
}
