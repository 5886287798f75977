/** How a column of an extract is written. Exact numbers arrive as text, BigInt or safe integers. */
export type DataType = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'timestamp';

/** One column of an extract. */
export interface DataColumn {
  readonly name: string;
  readonly type: DataType;
  /** Digits shown after the point of a `decimal`; the value is kept in full. */
  readonly decimals?: number;
}

/**
 * One value: `decimal` as exact text, `date` as `YYYY-MM-DD`, `timestamp` as
 * `YYYY-MM-DD HH:MM:SS` in the home's own zone.
 */
export type DataValue = string | number | bigint | boolean | null;

/** Some rows, column by column: one array for each column, all of the same length. */
export type DataChunk = readonly (readonly DataValue[])[];

/** What was written, known when the last byte has been taken. */
export interface WrittenTotals {
  readonly rows: number;
  /** Texts cut at Excel's limit; always 0 in CSV. */
  readonly cutTexts: number;
}

/** A file as it is made: take the bytes to the end, then ask for the totals. */
export interface DataFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly totals: () => WrittenTotals;
}

/** Number of rows in a chunk. */
export function chunkRows(chunk: DataChunk): number {
  return chunk[0]?.length ?? 0;
}
