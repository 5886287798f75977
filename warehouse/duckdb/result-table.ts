import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import { DuckDBTimestampTZValue, DuckDBTimestampValue, type DuckDBValue } from '@duckdb/node-api';
import type { ResultTable, SqlValue } from '../port.ts';

/** A cell as the port gives it. */
export type Cell = string | boolean | null;

/**
 * Exact text of a value: decimals and big integers digit by digit, dates as ISO, `timestamp` as ISO wall time,
 * `timestamptz` as ISO with the offset of Việt Nam (+07:00, no DST since 1975). Booleans and NULL stay themselves.
 */
function cellOf(value: DuckDBValue): Cell {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof DuckDBTimestampTZValue) return zonedText(value.micros);
  if (value instanceof DuckDBTimestampValue) return isoText(value.micros);
  return String(value);
}

/** Reads all rows of a small result. */
export async function readRows(
  connection: DuckDBConnection,
  sql: string,
  values: readonly SqlValue[] = [],
): Promise<readonly (readonly Cell[])[]> {
  return (await readTable(connection, sql, values)).rows;
}

/** The first cell of the first row as a number: for counts. */
export async function readCount(
  connection: DuckDBConnection,
  sql: string,
  values: readonly SqlValue[] = [],
): Promise<number> {
  const [row] = await readRows(connection, sql, values);
  return Number(row?.[0] ?? 0);
}

/** Runs a SELECT and reads its whole result. */
export async function readTable(
  connection: DuckDBConnection,
  sql: string,
  values: readonly SqlValue[] = [],
): Promise<ResultTable> {
  const result = await connection.run(sql, [...values]);
  const chunks = await result.fetchAllChunks();
  return { columns: columnsOf(result), rows: chunks.flatMap(cellsOf) };
}

/** Name and engine type of a result's columns. */
export function columnsOf(result: DuckDBResult): ResultTable['columns'] {
  return result
    .deduplicatedColumnNames()
    .map((name, index) => ({ name, type: result.columnType(index).toString() }));
}

/** The rows of a chunk. */
export function cellsOf(chunk: DuckDBDataChunk): readonly (readonly Cell[])[] {
  return chunk.convertRows<Cell>(cellOf);
}

const vietnamOffsetMicros = 7n * 3_600_000_000n;

function zonedText(micros: bigint): string {
  return `${isoText(micros + vietnamOffsetMicros)}+07:00`;
}

function isoText(micros: bigint): string {
  return new DuckDBTimestampValue(micros).toString().replace(' ', 'T');
}
