import type { RecordFormat } from '../decode/record-decoders.ts';

/** What reading and decoding have to know of a format. */
export interface FormatFacts {
  /** Whether a field is a header's text or a path in a document. */
  readonly fields: 'headers' | 'paths';
  /** Whether the decoder finds out the encoding of the bytes itself. */
  readonly bytes: 'text' | 'own';
  /** What a page can be counted by while it is read; `whole` pages are looked at by the decoder only. */
  readonly page: 'json' | 'lines' | 'feed' | 'whole';
  /** Whether the grammar tells the end: a list of lines may be cut after any of them. */
  readonly ends: 'itself' | 'with-the-answer';
  /** Whether an answer may be too large to hold, and is landed as it comes. */
  readonly streams: boolean;
  /** Media types that it may come as; servers that name none, or only bytes, are believed to mean it. */
  readonly mediaTypes: RegExp;
}

const json = {
  fields: 'paths',
  bytes: 'text',
  page: 'json',
  ends: 'itself',
  streams: false,
  mediaTypes: /json|^text\/plain/,
} as const satisfies FormatFacts;

const lines = { bytes: 'text', page: 'lines', ends: 'with-the-answer', streams: true } as const;
const own = { bytes: 'own', page: 'whole', ends: 'itself', streams: false } as const;

/** The facts of each format. */
export const formatFacts: Readonly<Record<RecordFormat, FormatFacts>> = {
  json,
  geojson: json,
  'json-table': json,
  ndjson: { ...json, ...lines },
  csv: { ...lines, fields: 'headers', mediaTypes: /csv|^text\/plain|excel/ },
  tsv: { ...lines, fields: 'headers', mediaTypes: /tab-separated|csv|^text\/plain/ },
  xml: { ...own, fields: 'paths', mediaTypes: /xml|^text\/plain/ },
  parquet: { ...own, fields: 'headers', streams: true, mediaTypes: /parquet/ },
  xlsx: { ...own, fields: 'headers', mediaTypes: /spreadsheetml|excel|zip/ },
  feed: {
    ...own,
    page: 'feed',
    fields: 'paths',
    mediaTypes: /xml|rss|atom|rdf|^text\/(plain|html)/,
  },
  ais: { ...lines, fields: 'paths', mediaTypes: /^text\/plain|nmea/ },
  event: { ...own, fields: 'paths', mediaTypes: /xml|json|multipart|^text\/plain/ },
};
