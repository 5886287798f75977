import type { JsonObject } from '../../core/json.ts';

/** Lands bytes for one batch. Chunks may come as a stream: they are hashed and stored while they come. */
export interface BatchWriter {
  readonly id: string;
  readonly key: string;
  land(piece: LandedPiece): Promise<LandedReceipt>;
}

/** One receipt of bytes. */
export interface LandedPiece {
  /** File name or request path; what a person would call it. */
  readonly name: string;
  readonly bytes: Uint8Array | AsyncIterable<Uint8Array>;
  readonly mediaType?: string;
  /** The request, without secrets: method, URL, headers that matter, body. */
  readonly request?: JsonObject;
  readonly response?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
  };
  /** ISO instant at which the bytes were received; now, unless they are landed bytes that go with a further batch. */
  readonly receivedAt?: string;
}

/** What the landing store says of a receipt. `n` counts from 0 inside the batch. */
export interface LandedReceipt {
  readonly n: number;
  readonly sha256: string;
  readonly bytes: number;
  readonly name: string;
}
