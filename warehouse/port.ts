import type { BatchCheckSql, DecodedBatch, StagedBatch } from './staged-batch.ts';
import type { DecodeSession } from './decode-session.ts';
import type { SelectLineage, TableColumns } from './column-lineage.ts';
import type { LoadCounts } from '../core/load-counts.ts';
import type { StreamContract } from '../core/stream-contract.ts';

/** The capability to hold, check, publish, age and query figures. DuckDB is the default engine. */
export interface Warehouse {
  readonly engine: string;
  /**
   * Runs work that no other process may run beside, such as settling what a killed one left. Undefined, with nothing
   * done, where another process has the warehouse open.
   */
  whenAlone<T>(work: () => Promise<T>): Promise<T | undefined>;
  /** Runs the load of some streams (stage, intend, publish) while no other process loads any of them. */
  loading<T>(streams: readonly string[], work: () => Promise<T>): Promise<T>;
  /** Creates missing tables of these contracts (`staging`/`dim` and their `history`). Idempotent. */
  prepare(contracts: readonly StreamContract[]): Promise<void>;
  /**
   * A head start: decodes a batch that will be staged soon, beside whatever else goes on. `stage` takes it up where it
   * is there and decodes where it is not, also to meet its errors. At most two are kept; the oldest gives way.
   */
  decode(batch: DecodedBatch, decode: (session: DecodeSession) => Promise<void>): Promise<void>;
  /**
   * Decodes and classifies a landed batch, runs its checks, publishes nothing. The staged rows live until
   * `publish` or `discard`.
   */
  stage(
    batch: DecodedBatch,
    decode: (session: DecodeSession) => Promise<void>,
    checks: readonly BatchCheckSql[],
  ): Promise<StagedBatch>;
  /**
   * One transaction: superseded rows to history, new rows in, quarantine rows, cursor and ledger row with batch id
   * and `recordedAt`. A batch already in the ledger changes nothing and returns its counts.
   * A COMMIT that raised is looked up before it is believed (C17).
   */
  publish(staged: StagedBatch, recordedAt: Date): Promise<PublishedBatch>;
  /** A head start on `stageTogether` of the same batches, as `decode` is for `stage`. */
  decodeTogether(
    batches: readonly DecodedBatch[],
    decode: (session: DecodeSession) => Promise<void>,
  ): Promise<void>;
  /**
   * Stages small batches of one source together, where loading them one after the other would find every row new and
   * nothing to hold. Undefined where that is not so, or cannot be told: then each is staged alone.
   */
  stageTogether(
    batches: readonly DecodedBatch[],
    decode: (session: DecodeSession) => Promise<void>,
    checks: readonly BatchCheckSql[],
  ): Promise<readonly StagedBatch[] | undefined>;
  /**
   * Publishes in one transaction what `stageTogether` gave, in that order: each batch has its own ledger row and recorded
   * time, which rise. Undefined, with nothing published, where another load of the tables came between.
   */
  publishTogether(
    staged: readonly StagedBatch[],
    recordedAt: readonly Date[],
  ): Promise<readonly PublishedBatch[] | undefined>;
  /** Keeps the quarantine rows of a held batch (idempotent by batch) and drops its staged rows. */
  hold(staged: StagedBatch): Promise<void>;
  /** Drops staged rows. */
  discard(staged: StagedBatch): Promise<void>;
  /** The ledger row of a batch, if the warehouse holds it. */
  published(batch: string): Promise<PublishedBatch | undefined>;
  /** All batch ids in the ledger with their recorded times, ascending. */
  ledger(): Promise<readonly { readonly batch: string; readonly recordedAt: string }[]>;
  /** Builds a derived asset as a table in one transaction; readers see the old one until then. */
  materialize(asset: MaterializeAsset): Promise<{ readonly rows: number; readonly sha256: string }>;
  /** The inputs a derived asset was last built from, if it was. */
  materialization(key: string): Promise<Materialization | undefined>;
  /**
   * Version for staleness. A loaded table: last recorded time (ISO) and number of the batches that changed it; a derived
   * asset: its content hash. So what changed nothing makes nothing stale.
   */
  version(key: string): Promise<string>;
  /** Trusted SQL of our own (reports, trace, indicators, extracts), with bound parameters. */
  select(sql: string, options?: SelectOptions): Promise<ResultTable>;
  /**
   * Several selects on one view of the warehouse. As of a time, what a derived asset held then is computed once, when
   * it is first read, and kept until the work ends.
   */
  reading<T>(options: ReadingOptions, work: (select: Select) => Promise<T>): Promise<T>;
  /** Same, streamed chunk by chunk for large results. */
  stream(sql: string, options?: SelectOptions): AsyncIterable<ResultTable>;
  /**
   * A person's ad-hoc SELECT: parsed tree on the allow-list (schemas staging, mart, dim, history, meta; known
   * functions), time limit, row limit. Throws data errors `query-refused`, `query-timeout`.
   */
  query(sql: string, options: QueryOptions): Promise<ResultTable>;
  /** Tables (`layer.name`) a SELECT reads, from its parsed tree; throws data `sql-invalid` with the parser's words. */
  tablesOf(sql: string): Promise<readonly string[]>;
  /** Where each column of each SELECT comes from, by its text alone; throws data `sql-invalid`. */
  columnLineage(
    selects: readonly string[],
    tables: TableColumns,
  ): Promise<readonly SelectLineage[]>;
  /** Writes a SELECT's result to a file under the out directory and re-reads its row count. */
  export(
    sql: string,
    target: ExportTarget,
    options?: SelectOptions,
  ): Promise<{ readonly rows: number }>;
  /** Replaces the rows of a mirrored `meta.<name>` table (batches, runs, landing) taken from the control store. */
  mirror(
    name: string,
    columns: readonly MirrorColumn[],
    rows: readonly (readonly (string | number | null)[])[],
  ): Promise<void>;
  /** Multiset hash over keys and values of a table, independent of row order and batch ids: for the oracle checker. */
  contentHash(key: string): Promise<string>;
  /** Runs a real query; throws if the engine is not able to answer. */
  health(): Promise<void>;
  close(): Promise<void>;
}

/** What the ledger keeps of a published batch. */
export interface PublishedBatch {
  readonly batch: string;
  /** ISO instant. */
  readonly recordedAt: string;
  readonly counts: Readonly<Record<string, LoadCounts>>;
}

/** A derived asset to build. */
export interface MaterializeAsset {
  /** `staging.x` or `mart.x`. */
  readonly key: string;
  /** One SELECT over tables by plain name. */
  readonly sql: string;
  readonly sqlSha256: string;
  /** Version of each input at build time; kept with the materialization. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Checks on the built rows before they replace the old ones: each SELECT returns violations. */
  readonly checks: readonly BatchCheckSql[];
}

/** What a derived asset was built from. `version` = hash over SQL and inputs' versions, and the content hash. */
export interface Materialization {
  readonly key: string;
  readonly sqlSha256: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly contentSha256: string;
  readonly rows: number;
  /** ISO instant. */
  readonly builtAt: string;
}

/** A derived asset as SQL: how a mart is read as of a time. */
export interface AssetSql {
  readonly key: string;
  readonly sql: string;
}

/** Bound values. Dates and decimals travel as text. */
export type SqlValue = string | number | bigint | boolean | null;

/** How trusted SQL is run. */
export interface SelectOptions {
  readonly values?: readonly SqlValue[];
  /** Reads loaded tables as recorded at this instant (ISO) and derived assets through `assets`. */
  readonly asOf?: string;
  /** SQL in force at `asOf`, in dependency order. Required with `asOf` when derived assets are read. */
  readonly assets?: readonly AssetSql[];
}

/** Which time several selects read. */
export type ReadingOptions = Pick<SelectOptions, 'asOf' | 'assets'>;

/** Runs trusted SQL inside a reading. */
export type Select = (sql: string) => Promise<ResultTable>;

/** How a person's query is run. */
export interface QueryOptions extends SelectOptions {
  readonly maxRows: number;
  readonly timeoutMs: number;
  /** Columns this person sees masked: `layer.name.column`. */
  readonly masked: ReadonlySet<string>;
}

/**
 * A result: exact values as text (decimals, dates), bigint-safe; booleans and NULL as themselves. `timestamp` is ISO
 * wall time (`2026-02-03T04:05:06`), `timestamptz` ISO with +07:00.
 */
export interface ResultTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | boolean | null)[])[];
  /** More rows existed than were returned. */
  readonly truncated?: boolean;
}

/** A column of a mirrored meta table. */
export interface MirrorColumn {
  readonly name: string;
  readonly type: 'varchar' | 'bigint' | 'timestamptz';
}

/** Where an extract's data file goes. `parquet` and `csv` are written by the engine. */
export interface ExportTarget {
  readonly path: string;
  readonly format: 'csv' | 'parquet';
}
