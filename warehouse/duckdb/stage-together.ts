import type { DuckDBConnection } from '@duckdb/node-api';
import { crashPoint } from '../../core/crash-point.ts';
import { literal } from '../../core/sql-text.ts';
import { noRows, type LoadCounts } from '../../core/load-counts.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import type { BatchCheckSql, CheckFinding, DecodedBatch, StagedBatch } from '../staged-batch.ts';
import { anyTogether, findingsOfEach } from './check-findings.ts';
import { currentKey } from './contract-tables.ts';
import { decodedTable } from './decoded-shape.ts';
import type { Engine } from './engine.ts';
import { holdFindings } from './hold-findings.ts';
import { readRows } from './result-table.ts';
import { columnList, equalOn, tableName } from './sql-text.ts';
import { release, type Decoded } from './stage-batch.ts';

/** A file among those of its batch. */
export interface Receipt {
  readonly batch: string;
  readonly n: number;
}

/** Batches decoded as one, every row of which is new. */
export interface Together {
  readonly decoded: Decoded;
  readonly staged: readonly StagedBatch[];
  /** What each decoded `_file` stands for. */
  readonly receipts: readonly Receipt[];
  /** Versions of the tables that the rows were compared with. */
  readonly versions: string;
}

/** Which batch and receipt a decoded `_file` stands for: `together(file, batch, n)`. */
const togetherTable = 'together';

/**
 * Decodes several batches as one and finds out whether loading them one after the other would find nothing but new rows:
 * none set aside, no key twice or current already, nothing absent, nothing to hold, and nothing to report but what is
 * known of each batch. Undefined otherwise:
 * then each has its own story, and is loaded alone.
 */
export async function stageTogether(
  engine: Engine,
  batches: readonly DecodedBatch[],
  decode: (whole: DecodedBatch) => Promise<Decoded>,
  checks: readonly BatchCheckSql[],
): Promise<Together | undefined> {
  const whole = asOne(batches);
  if (!whole || checks.some((check) => (check.together ?? check.each) === undefined))
    return undefined;
  const decoded = await decode(whole);
  const versions = engine.publications.of(whole.contracts.map(currentKey));
  const staged = await engine
    .guard(() => stagedAsNew(decoded, batches, checks))
    .catch((error: unknown) => {
      release(engine, decoded);
      throw error;
    });
  if (staged) return { decoded, staged, receipts: receiptsOf(batches), versions };
  release(engine, decoded);
  return undefined;
}

/** The batches as one with all their files, numbered on; undefined where they are of different kinds. */
export function asOne(batches: readonly DecodedBatch[]): DecodedBatch | undefined {
  const [first] = batches;
  if (!first) return undefined;
  const kind = ({ source, contracts, covers }: DecodedBatch) =>
    JSON.stringify([source, contracts.map(currentKey), covers]);
  if (batches.some((batch) => kind(batch) !== kind(first))) return undefined;
  const files = batches.flatMap((batch) => batch.files).map((file, n) => ({ ...file, n }));
  return { ...first, files, declared: {} };
}

async function stagedAsNew(
  { connection, batch: whole }: Decoded,
  batches: readonly DecodedBatch[],
  checks: readonly BatchCheckSql[],
): Promise<readonly StagedBatch[] | undefined> {
  const receipts = receiptsOf(batches);
  const values = receipts.map(({ batch, n }, file) => `(${file}, ${literal(batch)}, ${n})`);
  await connection.run(`create or replace temp table ${togetherTable}(file, batch, n) as
    values ${values.join(', ')}`);
  const counts = new Map<string, ReadonlyMap<string, LoadCounts>>();
  for (const contract of whole.contracts) {
    const covered = whole.covers.includes(contract.stream);
    const arrived = await newToEachOther(connection, contract);
    if (arrived === undefined) return undefined;
    counts.set(contract.stream, countsByBatch(arrived, receipts));
    if (arrived.size === 0 && !covered) continue;
    if (!(await newToTable(connection, contract, covered))) return undefined;
  }
  if (await anyTogether(connection, checks)) return undefined;
  const names = batches.map(({ batch }) => batch);
  const findings = await findingsOfEach(connection, checks, names);
  const staged = batches.map((batch) =>
    summary(
      batch,
      (stream) => counts.get(stream)?.get(batch.batch) ?? noRows,
      findings.get(batch.batch) ?? [],
    ),
  );
  if (staged.some(({ held }) => held.length > 0)) return undefined;
  crashPoint('audited');
  return staged;
}

function receiptsOf(batches: readonly DecodedBatch[]): readonly Receipt[] {
  return batches.flatMap(({ batch, files }) => files.map(({ n }) => ({ batch, n })));
}

/** Rows of a stream by file; undefined where one is set aside or has no key, or two have one key. */
async function newToEachOther(
  connection: DuckDBConnection,
  { stream, key }: StreamContract,
): Promise<ReadonlyMap<number, number> | undefined> {
  const spoiled = ['_status is not null', ...key.map((name) => `${columnList([name])} is null`)];
  const rows = await readRows(
    connection,
    `select file, count(*), bool_or(alike > 1 or spoiled) from (
       select any_value(_file) as file, count(*) as alike, bool_or(${spoiled.join(' or ')}) as spoiled
       from ${decodedTable(stream)} group by ${columnList(key)}
     ) group by file`,
  );
  if (rows.some(([, , isSpoiled]) => isSpoiled === true)) return undefined;
  return new Map(rows.map(([file, count]) => [Number(file), Number(count)]));
}

/** Counts of a stream by batch, were all rows new. */
function countsByBatch(
  rows: ReadonlyMap<number, number>,
  receipts: readonly Receipt[],
): ReadonlyMap<string, LoadCounts> {
  const received = new Map<string, number>();
  for (const [file, count] of rows) {
    const batch = receipts[file]?.batch ?? '';
    received.set(batch, (received.get(batch) ?? 0) + count);
  }
  return new Map([...received].map(([batch, count]) => [batch, newRows(count)]));
}

/**
 * Whether no row of a stream has a current key. Of a stream that batches cover completely, their partitions must be
 * their own and hold nothing yet.
 */
async function newToTable(
  connection: DuckDBConnection,
  contract: StreamContract,
  covered: boolean,
): Promise<boolean> {
  const { stream, key, partition = [] } = contract;
  if (covered && partition.length === 0) return false;
  const decoded = decodedTable(stream);
  const current = tableName(currentKey(contract));
  const spoiled = [
    `select 1 from ${decoded} d semi join ${current} t on ${equalOn(key, 't', 'd')}`,
    ...(covered ? partitionsTaken(decoded, current, partition) : []),
  ];
  const [row] = await readRows(
    connection,
    `select ${spoiled.map((sql) => `exists (${sql})`).join(', ')}`,
  );
  return row?.every((found) => found === false) ?? false;
}

function partitionsTaken(
  decoded: string,
  current: string,
  partition: readonly string[],
): readonly string[] {
  const names = columnList(partition);
  return [
    `select 1 from ${current} t semi join (select distinct ${names} from ${decoded}) p
      on ${equalOn(partition, 'p', 't')}`,
    `select 1 from (select distinct ${names}, batch from ${decoded} join ${togetherTable} on file = _file)
      group by ${names} having count(*) > 1`,
  ];
}

function newRows(received: number): LoadCounts {
  return { ...noRows, received, new: received };
}

function summary(
  batch: DecodedBatch,
  countsOf: (stream: string) => LoadCounts,
  findings: readonly CheckFinding[],
): StagedBatch {
  const { source, key, cursor, contracts } = batch;
  return {
    ...{ batch: batch.batch, source, key, cursor },
    counts: Object.fromEntries(contracts.map(({ stream }) => [stream, countsOf(stream)])),
    findings,
    held: [
      ...contracts.flatMap((one) => holdFindings(batch, one, countsOf(one.stream))),
      ...findings.filter(({ severity }) => severity === 'block'),
    ],
  };
}
