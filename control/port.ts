import type { Json, JsonObject } from '../core/json.ts';

/**
 * The control store: one append-only, hash-chained journal, and state tables that are folds of it, written in the same
 * transaction. SQLite in the home or PostgreSQL by DATABASE_URL; one conformance suite.
 */
export interface ControlStore {
  readonly homeId: string;
  /**
   * Runs decisions as one transaction. Everything `record`ed in it is chained and folded, or nothing is.
   * Transactions are serialised.
   */
  decide<T>(decision: (journal: JournalWriter) => Promise<T>): Promise<T>;
  /** Entries in order, optionally of some kinds or about one subject. */
  journal(filter?: JournalFilter): AsyncIterable<JournalEntry>;
  /** Checks the chain and that every state table equals the fold of the journal. */
  verify(): Promise<JournalVerdict>;
  /** Reads a state row. */
  get(kind: StateKind, id: string): Promise<StateRow | undefined>;
  /** Reads state rows, newest first, by cursor. */
  list(kind: StateKind, query?: ListQuery): Promise<StatePage>;
  /** A definition (SQL, configuration, manifest) by its SHA-256. */
  definition(sha256: string): Promise<string | undefined>;
  health(): Promise<void>;
  close(): Promise<void>;
}

/** Writes inside one decision. */
export interface JournalWriter {
  /** Appends an entry, chains it, folds it into state. */
  record(entry: NewEntry): Promise<JournalEntry>;
  /** Stores a text under its SHA-256 (idempotent) and returns the SHA-256. */
  define(text: string): Promise<string>;
  get(kind: StateKind, id: string): Promise<StateRow | undefined>;
  list(kind: StateKind, query?: ListQuery): Promise<StatePage>;
}

/**
 * Kinds of journal entries, `<state>.<verb>`. The part before the dot is the state that the entry changes; its fold is:
 * state row `subject` = shallow merge of the row with `data`, plus `status` when `data.status` is given
 * (so one rule folds them all), plus created/updated times and seq. `access.*` and `note.*` change no state.
 */
export type JournalKind = `${StateKind}.${string}` | `access.${string}` | `note.${string}`;

/** States that are folds of the journal. */
export type StateKind =
  | 'home'
  | 'agency'
  | 'user'
  | 'token'
  | 'secret'
  | 'source'
  | 'run'
  | 'batch'
  | 'asset'
  | 'schedule'
  | 'slot'
  | 'edition'
  | 'delivery'
  | 'extract';

/** A decision to be recorded. `actor` is `user:<name>`, `local`, or `system`. */
export interface NewEntry {
  readonly kind: JournalKind;
  readonly subject: string;
  readonly actor: string;
  readonly data: JsonObject;
}

/** A recorded decision. `hash` = SHA-256 over canonical JSON of all other fields, chained by `previous`. */
export interface JournalEntry extends NewEntry {
  readonly seq: number;
  /** ISO instant, strictly rising. */
  readonly at: string;
  readonly previous: string;
  readonly hash: string;
}

/** A state row: the fold of all entries about one subject. */
export interface StateRow {
  readonly id: string;
  readonly status: string;
  readonly data: JsonObject;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Seq of the last entry folded in. */
  readonly seq: number;
}

/**
 * How a list is cut. `where` compares top-level text members of `data`; source, run, key, report, schedule, slot, agency
 * and edition have an index, others are searched for. `limit` is 100 unless given, at most 10,000. Newest and oldest
 * are by creation.
 */
export interface ListQuery {
  readonly status?: readonly string[];
  readonly where?: Readonly<Record<string, string>>;
  readonly limit?: number;
  readonly after?: string;
  readonly order?: 'newest' | 'oldest';
}

/** A page of state rows and the cursor of the next. */
export interface StatePage {
  readonly rows: readonly StateRow[];
  readonly next: string | undefined;
}

/** Which entries. */
export interface JournalFilter {
  readonly kinds?: readonly string[];
  readonly subject?: string;
  readonly from?: number;
  readonly to?: number;
  /** ISO instant: entries at or before it. */
  readonly until?: string;
}

/** What `phusa audit verify` says. */
export interface JournalVerdict {
  readonly entries: number;
  readonly head: string;
  readonly intact: boolean;
  readonly problems: readonly {
    readonly seq: number;
    readonly problem: string;
    readonly detail: Json;
  }[];
}
