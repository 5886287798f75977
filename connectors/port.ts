import type { z } from 'zod';
import type { AllowedOrigin } from '../core/allowed-origin.ts';
import type { ColumnDrift } from '../core/column-drift.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Localized } from '../core/localized.ts';
import type { Logger } from '../core/logger.ts';
import type { ColumnType, StreamContract } from '../core/stream-contract.ts';
import type { HttpClient } from '../net/http-client.ts';
import type { FileTransport } from '../net/file-transport.ts';
import type { DecodeSession } from '../warehouse/decode-session.ts';
import type { BatchWriter } from '../warehouse/landing/batch-writer.ts';

/** A kind of source system: one folder under connectors/, one line in the registry. */
export interface Connector<Config extends JsonObject = JsonObject> {
  /** kebab-case, e.g. `covid-daily`. */
  readonly name: string;
  /** Semantic version; a change of what decode yields raises it, so that landed bytes are decoded again. */
  readonly version: string;
  readonly label: Localized;
  readonly description: Localized;
  readonly config: z.ZodType<Config>;
  /** Names of the secrets the configuration refers to, with labels. */
  readonly secrets: Readonly<Record<string, Localized>>;
  readonly capabilities: ConnectorCapabilities;
  streams(config: Config): readonly StreamContract[];
  /** Streams that later runs read on from a cursor, where the configuration decides; taking one away is a breaking change. */
  incremental?(config: Config): readonly string[];
  /** Hosts the source may be asked at, derived from the configuration; the client refuses all others. */
  allowed(config: Config): readonly AllowedOrigin[];
  /** Connection test: throws a PhusaError saying what is wrong, else says what was found. Changes nothing. */
  check(context: Omit<ReadContext<Config>, 'openBatch'>): Promise<Localized>;
  /** What the source offers (tables, their columns and keys), for declaring streams. Changes nothing. */
  discover?(context: Omit<ReadContext<Config>, 'openBatch'>): Promise<readonly JsonObject[]>;
  /** Reads from the source, landing bytes as they come; yields a batch when all its bytes are landed. */
  read(context: ReadContext<Config>, request: ReadRequest): AsyncIterable<ReadBatch>;
  /**
   * Turns the landed bytes of one batch into one temporary table `decoded_<stream>` for each stream it covers
   * (see DecodeSession). Pure: same bytes and configuration, same rows; no network, no clock.
   */
  decode(session: DecodeSession, config: Config): Promise<void>;
  /**
   * Set where `decode` takes the files of several batches of the same streams as well as those of one: small batches are
   * then loaded together. It may refuse files that do not go together by any data error; they are then decoded apart.
   */
  readonly decodesTogether?: true;
  /**
   * Set where `decode` finds out itself which columns changed and follows all rules on them (`DecodeSession.guides`). Of
   * others the pipeline knows by their refusals that a column is gone, and by their bad rows that one changed its type.
   */
  readonly followsDrift?: true;
  /** The configuration that takes changed columns up; undefined for a change that only a person can take up. */
  adopt?(config: Config, change: ColumnDrift): Config | undefined;
  /** For a test read: what the landed records have, declared or not. Absent where the format is fixed. */
  infer?(session: DecodeSession, config: Config): Promise<readonly InferredStream[]>;
  /** A test read goes to the wanted piece by itself; of the others the pieces are their batches. */
  readonly samplesPieces?: true;
  /** The text of the document that this connector is made of. */
  readonly document?: string;
  /** Checks run on the decoded rows against what is already published. */
  readonly checks: readonly BatchCheck[];
}

/** The fields that the records of a stream have. */
export interface InferredStream {
  readonly stream: string;
  readonly columns: readonly InferredColumn[];
}

/** A field of records, and the column that would take it up. */
export interface InferredColumn {
  /** Header, or path in the record. */
  readonly from: string;
  readonly type: ColumnType;
  /** Records in which it has a value. */
  readonly filled: number;
  readonly example: string | null;
  /** The declared column that it is; null for one that nobody declared. */
  readonly declared: string | null;
  /** Ready to be put into a contract; labels and class are for a person to correct. */
  readonly proposed: JsonObject;
}

/** What a connector can and cannot do, for the registry, the portal and the conformance suite. */
export interface ConnectorCapabilities {
  readonly cursor: 'none' | 'time' | 'file';
  readonly deletes: 'none' | 'tombstone' | 'absence';
  readonly completeness: 'total' | 'end-marker' | 'digest' | 'recount';
  readonly timeZone: string;
}

/** What a connector reads with. */
export interface ReadContext<Config extends JsonObject> {
  readonly source: string;
  readonly config: Config;
  /** Resolves a secret by name; throws fatal `secret-missing`. */
  secret(name: string): Promise<string>;
  readonly http: HttpClient;
  readonly files: FileTransport;
  /** Begins a batch; its bytes are landed under it. */
  openBatch(key: string): Promise<BatchWriter>;
  now(): Date;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** What to read. */
export interface ReadRequest {
  /** The persisted cursor of the last published batch; undefined on a first read or with `full`. */
  readonly cursor: Json | undefined;
  /** Where an earlier chunk of this same run ended (`ReadBatch.position`); undefined at its start. */
  readonly position: Json | undefined;
  /** Only these streams; undefined = all. */
  readonly streams?: readonly string[];
  /** Event or update days to re-read, inclusive (`--from`, `--to`), overriding the cursor. */
  readonly from?: string;
  readonly to?: string;
  readonly full: boolean;
  /**
   * A test read: only so many pages of one slice and window. `piece` counts them from 0, the slices of the newest window
   * first; past the last one nothing is read. Connectors that cannot stop early read on.
   */
  readonly sample?: { readonly pages: number; readonly piece?: number };
}

/** A batch whose bytes are all landed: one file, or one incremental window of an API. */
export interface ReadBatch {
  readonly batch: string;
  /** Stable natural name, equal on every read: the file name, or the window `2026-10-01..2026-10-31`. */
  readonly key: string;
  readonly streams: readonly string[];
  /** Kept with the source once this batch is published. */
  readonly cursor: Json;
  /** Where a later chunk of the same run continues after this batch. */
  readonly position: Json;
  readonly completeness: Completeness;
}

/** Why the batch is believed to be whole. */
export interface Completeness {
  readonly proof: 'total' | 'end-marker' | 'digest' | 'recount';
  /** Rows the source declared, per stream, where it does; compared with the rows decoded. */
  readonly declared?: Readonly<Record<string, number>>;
  /** Streams for which this batch holds every row of the named partitions (for `absence` deletes). */
  readonly covers?: readonly string[];
  /** An empty batch is what the source's own calendar expects (no new data). */
  readonly emptyExpected?: boolean;
}

/** A check on decoded rows; a failing `block` check holds the batch. */
export interface BatchCheck {
  /** Stable reason code, kebab-case. */
  readonly code: string;
  readonly severity: 'block' | 'warn';
  /** The stream whose decoded rows are checked; the check is skipped when the batch does not cover it. */
  readonly stream: string;
  readonly label: Localized;
  readonly remedy: Localized;
  /**
   * One SELECT over `decoded_<stream>` and published tables (`staging.*`, `dim.*`) that returns a row
   * (field varchar, value varchar) for each violation, at most a few hundred.
   */
  readonly sql: string;
  /** A cheaper SELECT that gives no row where the check cannot find anything; checks may share one. */
  readonly when?: string;
  /**
   * One SELECT over batches decoded together, all of whose rows are new and good, that gives a row where the check might
   * find something in one of them were they published one after the other. Without it a stream's batches are loaded alone.
   */
  readonly together?: string;
  /**
   * Instead of `together`: the check itself over batches decoded together, giving `batch`, field and value of each
   * violation. The relation `together(file, batch)` says which batch a `_file` belongs to.
   */
  readonly each?: string;
}
