import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/json.ts';
import type { JournalEntry } from './port.ts';

/** What the first entry is chained to, and where: before seq 1 at the beginning of time. */
export const genesis = {
  seq: 0,
  at: '0001-01-01T00:00:00.000Z',
  hash: '0'.repeat(64),
} as const satisfies JournalHead;

/** The last entry of a chain. */
export interface JournalHead {
  readonly seq: number;
  readonly at: string;
  readonly hash: string;
}

/** An entry as it lies in the table: `data` is its canonical JSON text, so that a changed byte is a changed entry. */
export interface StoredEntry extends Omit<JournalEntry, 'kind' | 'data'> {
  readonly kind: string;
  readonly data: string;
}

/** SHA-256 over the canonical JSON of every field but the hash. */
export function entryHash(entry: Omit<StoredEntry, 'hash'>): string {
  const { actor, at, data, kind, previous, seq, subject } = entry;
  const rest = canonicalJson({ kind, previous, seq, subject }).slice(1);
  const text = `{"actor":${JSON.stringify(actor)},"at":"${at}","data":${data},${rest}`;
  return createHash('sha256').update(text).digest('hex');
}

/** The time of the next entry: now, or one millisecond after the last one where the clock has not moved on (D06). */
export function nextInstant(now: Date, last: string): string {
  return new Date(Math.max(now.getTime(), Date.parse(last) + 1)).toISOString();
}
