import type { AllowedOrigin } from '../core/allowed-origin.ts';
import type { JsonObject } from '../core/json.ts';
import type { Logger } from '../core/logger.ts';
import type { Lookup } from './guarded-connect.ts';

/** Reads files of a directory source; every path stays inside the allowed root (symlinks resolved). */
export interface FileTransport {
  /** Files directly in `directory` whose name matches, sorted by name. */
  list(directory: string, pattern: RegExp): Promise<readonly FileEntry[]>;
  /** Streams a file's bytes. */
  open(path: string): AsyncIterable<Uint8Array>;
  /** What a receipt of bytes that came from `open` keeps beside what the connector says, e.g. an ETag. */
  facts?(bytes: unknown): JsonObject | undefined;
}

/** One file of a directory. */
export interface FileEntry {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** ISO instant. */
  readonly modifiedAt: string;
}

/** What a file transport over the network may do and see, bound to one source and one run. */
export interface FileAccess {
  readonly source: string;
  readonly allowed: readonly AllowedOrigin[];
  /** Resolves a secret of the source; throws fatal `secret-missing`. */
  secret(name: string): Promise<string>;
  readonly signal: AbortSignal;
  /** Waits; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Gives [0, 1): the jitter of back-off. */
  readonly random: () => number;
  readonly log: Logger;
  readonly now: () => Date;
  /** Name lookup, for tests; the system's otherwise. */
  readonly lookup?: Lookup;
}

/** Caps of a file transport over the network. */
export interface FileLimits {
  readonly connectTimeoutMs: number;
  /** Longest wait for an answer to one request. */
  readonly idleTimeoutMs: number;
  /** Longest time for one file. */
  readonly totalTimeoutMs: number;
  /** Largest file. */
  readonly maxBytes: number;
  /** Most names in one listing. */
  readonly maxEntries: number;
  /** Connections that may be made again in one run. */
  readonly retryBudget: number;
}

/** Generous for a city's sources; none can hold a run for ever. */
export const fileLimits: FileLimits = {
  connectTimeoutMs: 10_000,
  idleTimeoutMs: 60_000,
  totalTimeoutMs: 3_600_000,
  maxBytes: 4_000_000_000,
  maxEntries: 100_000,
  retryBudget: 20,
};
