import type { JsonObject } from '../../core/json.ts';
import type { BatchWriter, LandedPiece } from './batch-writer.ts';
import type { LandedFile } from '../decode-session.ts';

/**
 * Content-addressed store of exact bytes, with one record per receipt.
 * `sha256/ab/abcdef…` (bytes, once) and `receipts/<batch>/<n>.json`. Durable: temporary file, fsync, rename, fsync
 * directory; receipts of one batch share one fsync in `seal`.
 */
export interface LandingStore {
  open(batch: BatchOrigin): Promise<BatchWriter>;
  /** Makes the batch's receipts durable. After it, `files` finds them. */
  seal(batch: string): Promise<readonly LandedFile[]>;
  /** The landed files of a batch, verified to exist; paths are local (spooled where the store is remote). */
  files(batch: string): Promise<readonly LandedFile[]>;
  /**
   * The same, every byte re-hashed: before old bytes are loaded again. Throws data `landed-object-altered` or
   * `landed-object-missing`.
   */
  intact(batch: string): Promise<readonly LandedFile[]>;
  /** The receipt record as stored. */
  receipt(batch: string, n: number): Promise<Receipt>;
  /** Re-hashes the bytes; false = altered or missing (L19). */
  verify(sha256: string): Promise<boolean>;
  /** Opens landed bytes. */
  bytes(sha256: string): AsyncIterable<Uint8Array>;
  /** Removes receipts of batches that were never sealed and are older than an hour. */
  sweep(known: (batch: string) => Promise<boolean>): Promise<number>;
}

/** One receipt record. */
export interface Receipt {
  readonly batch: string;
  readonly key: string;
  readonly n: number;
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly mediaType?: string;
  readonly request?: JsonObject;
  readonly response?: LandedPiece['response'];
  readonly receivedAt: string;
  readonly source: string;
  readonly connector: string;
  readonly connectorVersion: string;
}

/** Whose bytes they are. */
export interface BatchOrigin {
  readonly batch: string;
  readonly key: string;
  readonly source: string;
  readonly connector: string;
  readonly connectorVersion: string;
}
