import { decodeAisRecords } from './ais-records.ts';
import { decodeCsvRecords, decodeTsvRecords } from './csv-records.ts';
import { decodeEventRecords } from './event-records.ts';
import { decodeFeedRecords } from './feed-records.ts';
import { decodeJsonRecords } from './json-records.ts';
import { decodeJsonTable } from './json-table-records.ts';
import { decodeLineRecords } from './line-records.ts';
import { decodeParquetRecords } from './parquet-records.ts';
import type { RecordDecoder } from './record-decoder.ts';
import { decodeXlsxRecords } from './xlsx-records.ts';
import { decodeXmlRecords } from './xml-records.ts';

/** The formats that records can be read from; a new one is a decoder and one line here. */
export const recordDecoders = {
  csv: decodeCsvRecords,
  tsv: decodeTsvRecords,
  json: decodeJsonRecords,
  geojson: decodeJsonRecords,
  ndjson: decodeLineRecords,
  xml: decodeXmlRecords,
  parquet: decodeParquetRecords,
  xlsx: decodeXlsxRecords,
  'json-table': decodeJsonTable,
  feed: decodeFeedRecords,
  ais: decodeAisRecords,
  event: decodeEventRecords,
} as const satisfies Readonly<Record<string, RecordDecoder>>;

/** A format of {@link recordDecoders}. */
export type RecordFormat = keyof typeof recordDecoders;
