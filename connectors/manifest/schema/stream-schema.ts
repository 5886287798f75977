import { z } from 'zod';
import { column } from './column-schema.ts';
import { fieldCondition } from './condition-schema.ts';
import { completeness, incremental, job, pagination, revisit, slice } from './reading-schema.ts';
import { answerRule, request } from './request-schema.ts';
import { localized, path, word } from './word.ts';

/** How bytes become records. */
export const decoding = z.strictObject({
  format: z.enum([
    'csv',
    'tsv',
    'json',
    'ndjson',
    'geojson',
    'xml',
    'parquet',
    'xlsx',
    'json-table',
    'feed',
    'ais',
    'event',
  ]),
  unpack: z.enum(['none', 'gzip', 'zip']).default('none'),
  /** Members of an archive that count. */
  members: z.string().min(1).exactOptional(),
  delimiter: z.enum([',', ';', '\t']).exactOptional(),
  /** Columns of a file without header, in order. */
  header: z.array(z.string().min(1)).min(1).exactOptional(),
  /** Pattern of the names of the sheets of a workbook that count; all visible ones by default. */
  sheet: z.string().min(1).max(200).exactOptional(),
  /** Media types that are taken beside the usual ones of the format. */
  mediaTypes: z.array(z.string().min(1)).default([]),
});

const driftRule = z.enum(['accept', 'quarantine', 'pause']);

/** What becomes of columns that change at the source. */
const drift = z.strictObject({
  /** A column that nobody declared: `accept` loads the rest, `quarantine` keeps its rows back, `pause` asks. */
  new: driftRule.exactOptional(),
  /** A declared column that records no longer have: `accept` leaves it empty. */
  removed: driftRule.exactOptional(),
  /** A name that differs by accents, case or signs: `accept` reads it as the declared one. */
  renamed: driftRule.exactOptional(),
  /** Values that are mostly not of the declared type: `accept` leaves them empty. */
  retyped: driftRule.exactOptional(),
});

/** One table: how it is asked for and what its records become. */
export const stream = z.strictObject({
  stream: word,
  label: localized,
  layer: z.enum(['staging', 'dim']).default('staging'),
  request: request.exactOptional(),
  /** Names of files, for a directory. */
  files: z.string().min(1).exactOptional(),
  pagination: pagination.default({ kind: 'none' }),
  incremental: incremental.exactOptional(),
  slices: z.array(slice).max(3).default([]),
  job: job.exactOptional(),
  revisit: revisit.exactOptional(),
  answers: z.array(answerRule).default([]),
  completeness: completeness.default({ proof: 'end-marker' }),
  decoding,
  /** Where the list of records is: `data.items`, `value[].readings`; empty = the document itself. */
  records: path.default(''),
  filter: z.array(fieldCondition).default([]),
  columns: z.array(column).min(1),
  key: z.array(word).min(1),
  /** The column with the source's own time of a version. */
  publishedAt: word.exactOptional(),
  subject: z.enum(['person', 'enterprise', 'holding']).exactOptional(),
  deletes: z.enum(['none', 'tombstone', 'absence']).default('none'),
  /** Which records tell of a deletion. */
  tombstone: fieldCondition.exactOptional(),
  partition: z.array(word).exactOptional(),
  holdAbove: z.number().min(0).max(1).exactOptional(),
  drift: drift.exactOptional(),
  /** Fields that the source sends and nobody wants. */
  ignored: z.array(z.string().min(1)).default([]),
  /** Fewest and most rows of a batch; outside of them it is held. */
  rows: z
    .strictObject({ min: z.int().min(0).exactOptional(), max: z.int().min(0).exactOptional() })
    .exactOptional(),
});

/** A declared stream. */
export type ManifestStream = z.infer<typeof stream>;

/** A declared way to decode. */
export type Decoding = z.infer<typeof decoding>;
