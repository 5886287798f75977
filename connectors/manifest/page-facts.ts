import { createHash } from 'node:crypto';
import { recordsAt } from '../decode/document-path.ts';
import { readFeed } from '../decode/feed-records.ts';
import { feedText } from '../decode/feed-text.ts';
import { formatFacts } from './format-facts.ts';
import type { ManifestStream } from './schema/stream-schema.ts';

/** What reading needs to know of a page; its rows are decoded later, from the landed bytes. */
export interface PageFacts {
  readonly records: number;
  /** Equal for equal pages: count, first and last record. */
  readonly digest: string;
  readonly document: unknown;
  readonly items: readonly unknown[];
}

/** A page without records. */
export const emptyPage: PageFacts = { records: 0, digest: '', document: undefined, items: [] };

/** Looks at a page; undefined when it is not whole, or has no list of records where it is declared. */
export function pageFacts(stream: ManifestStream, bytes: Uint8Array): PageFacts | undefined {
  const { format, header } = stream.decoding;
  switch (formatFacts[format].page) {
    case 'json':
      return jsonFacts(bytes, recordsPath(stream));
    case 'lines':
      return lineFacts(
        bytes,
        formatFacts[format].fields === 'headers' && header === undefined ? 1 : 0,
      );
    case 'feed':
      return feedFacts(bytes);
    case 'whole':
      return { ...emptyPage, records: bytes.length > 0 ? 1 : 0, digest: digestOf([bytes]) };
  }
}

/** A page that is no feed, or whose root is never closed, is not whole. */
function feedFacts(bytes: Uint8Array): PageFacts | undefined {
  const feed = readFeed(feedText(bytes, undefined));
  if (feed?.closed !== true) return undefined;
  return { ...emptyPage, records: feed.entries.length, digest: digestOf([bytes]) };
}

/** Where the records of a stream are. */
export function recordsPath({ decoding, records }: ManifestStream): string {
  return decoding.format === 'geojson' && records === '' ? 'features' : records;
}

function jsonFacts(bytes: Uint8Array, path: string): PageFacts | undefined {
  const document = parseJson(bytes);
  if (document === undefined) return undefined;
  const items = recordsAt(document, path);
  if (items === undefined) return undefined;
  const digest = digestOf([String(items.length), ...[items[0], items.at(-1)].map(written)]);
  return { records: items.length, digest, document, items };
}

/** A record as text; one nested too deep for the writer counts as its own kind only. */
function written(item: unknown): string {
  try {
    return item === undefined ? '' : JSON.stringify(item);
  } catch (error) {
    if (error instanceof RangeError) return 'too deep';
    throw error;
  }
}

/** Lines outside of quotes; enough to count pages on, never used for values. */
function lineFacts(bytes: Uint8Array, headerLines: number): PageFacts {
  let lines = 0;
  let quoted = false;
  let filled = false;
  for (const byte of bytes) {
    if (byte === 0x22) quoted = !quoted;
    if (byte === 0x0a && !quoted) {
      if (filled) lines += 1;
      filled = false;
    } else if (byte > 0x20) filled = true;
  }
  const records = Math.max(0, lines + (filled ? 1 : 0) - headerLines);
  return { ...emptyPage, records, digest: digestOf([bytes]) };
}

/** A JSON document in UTF-8; undefined when it is none, or cut off. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function digestOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return hash.digest('base64');
}
