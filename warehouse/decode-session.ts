import type { JsonObject } from '../core/json.ts';
import type { Logger } from '../core/logger.ts';
import type { ColumnType, DriftRules } from '../core/stream-contract.ts';

/**
 * What a connector's decode step works with: the landed files of one batch and a private DuckDB connection.
 *
 * For each stream the batch covers, decode leaves a temporary table `decoded_<stream>`, or a view of files that gives the
 * same rows each time, with the contract's columns
 * (typed; NULL where a value was rejected) and these, in any order:
 *
 * - `_file integer`: number of the receipt in the batch; `_row bigint`: ordinal of the record in that file, from 1;
 * - `_published_at timestamptz`: the source's own time of this version; orders versions of one key; may be NULL;
 * - `_status varchar`: NULL, `filtered`, `quarantined`, or `deleted` (a received tombstone: only the key matters);
 * - `_reason varchar`, `_field varchar`, `_value varchar`: why, where and what, for quarantined and filtered rows;
 * - `_raw varchar`: the record as received (JSON), for quarantined rows; NULL otherwise.
 *
 * Where the values of a row depend on a text and the code alone, the table may also have `_fingerprint uhugeint`, which
 * stands for both; it is kept with the row. A later batch that meets a fingerprint of {@link DecodeSession.fingerprints}
 * again need not make that row: it tells of it in `known_<stream>(_file, _row, _fingerprint)` instead.
 *
 * A connector that knows the names of its source's columns tells in `column_drift(stream, body, holds, fields)` how they
 * changed: `body` is a `ColumnDrift` as JSON, `holds` whether it keeps the batch back, `fields` the names that there are.
 *
 * Nothing else is written. Everything is dropped with the session.
 */
export interface DecodeSession {
  readonly files: readonly LandedFile[];
  /** Streams this batch covers. */
  readonly streams: readonly string[];
  /** Runs statements on the private connection; only temporary objects can be created. */
  run(sql: string): Promise<void>;
  /** Small results: rows as objects of text (NULL is null). At most 10,000 rows. */
  rows(sql: string): Promise<readonly Readonly<Record<string, string | null>>[]>;
  /** Creates a temporary table and appends to it column-wise; for formats that DuckDB cannot read itself. */
  appendTo(table: string, columns: readonly AppendColumn[]): Promise<ColumnAppender>;
  /**
   * SELECT of the fingerprints of a stream's current rows; undefined where each row must be made, because there are none
   * or because what becomes of a row depends on others (a parent, a partition that is covered).
   */
  fingerprints(stream: string): Promise<string | undefined>;
  /** Path inside the spool for a file that decode itself writes (e.g. an unzipped member); removed with the session. */
  scratch(name: string): string;
  readonly log: Logger;
  /** What the owner of the source decided on columns that change, by stream; the usual rules where it is absent. */
  readonly guides?: Readonly<Record<string, DriftGuide>>;
}

/** What is known of the columns of a stream beside what its connector declares. */
export interface DriftGuide {
  readonly rules: DriftRules;
  /** Names that nobody wants. */
  readonly ignored: readonly string[];
  /** Names that records had before; absent before the first reading, when none is new. Only for telling of new ones. */
  readonly seen?: readonly string[];
}

/** One landed file of the batch, readable by DuckDB at `path`. */
export interface LandedFile {
  readonly n: number;
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly mediaType: string | undefined;
  readonly request: JsonObject | undefined;
  /** ISO instant at which the bytes were received. */
  readonly receivedAt: string;
}

/** A column of an appended table: plain values; decimals and dates travel as text and are cast by SQL. */
export interface AppendColumn {
  readonly name: string;
  readonly type: Extract<ColumnType, 'varchar' | 'bigint' | 'integer' | 'boolean'>;
}

/** Values of an appended column. */
export type AppendValue = string | bigint | number | boolean | null;

/** Appends columns chunk by chunk. Each call gives one array per declared column, all of one length. */
export interface ColumnAppender {
  append(columns: readonly (readonly AppendValue[])[]): Promise<void>;
  close(): Promise<void>;
}
