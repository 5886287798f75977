import {
  BIGINT,
  BOOLEAN,
  DuckDBDataChunk,
  INTEGER,
  VARCHAR,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBType,
} from '@duckdb/node-api';
import type { AppendColumn, AppendValue, ColumnAppender } from '../decode-session.ts';
import { quoted } from '../../core/sql-text.ts';

/** Rows of one data chunk: the engine's vector size. */
const vectorSize = 2048;

/** Creates a temporary table and an appender that fills it a vector at a time, column by column. */
export async function openChunkAppender(
  connection: DuckDBConnection,
  table: string,
  columns: readonly AppendColumn[],
): Promise<ColumnAppender> {
  const types = columns.map((column) => engineTypes[column.type]);
  const declared = columns.map((column) => `${quoted(column.name)} ${column.type}`).join(', ');
  await connection.run(`create temp table ${quoted(table)}(${declared})`);
  const appender = await connection.createAppender(table, 'main', 'temp');
  return {
    append: (values) => {
      appendColumns(appender, types, values);
      return Promise.resolve();
    },
    close: () => {
      appender.closeSync();
      return Promise.resolve();
    },
  };
}

const engineTypes: Readonly<Record<AppendColumn['type'], DuckDBType>> = {
  varchar: VARCHAR,
  bigint: BIGINT,
  integer: INTEGER,
  boolean: BOOLEAN,
};

function appendColumns(
  appender: DuckDBAppender,
  types: readonly DuckDBType[],
  columns: readonly (readonly AppendValue[])[],
): void {
  const rows = columns[0]?.length ?? 0;
  if (columns.length !== types.length || columns.some((column) => column.length !== rows)) {
    throw new RangeError('append: one array for each declared column, all of one length');
  }
  for (let from = 0; from < rows; from += vectorSize) {
    appendChunk(appender, types, columns, from, Math.min(vectorSize, rows - from));
  }
}

function appendChunk(
  appender: DuckDBAppender,
  types: readonly DuckDBType[],
  columns: readonly (readonly AppendValue[])[],
  from: number,
  count: number,
): void {
  const chunk = DuckDBDataChunk.create(types, count);
  columns.forEach((column, index) => {
    const part = column.slice(from, from + count);
    chunk.setColumnValues(index, types[index] === BIGINT ? part.map(asBigInt) : part);
  });
  appender.appendDataChunk(chunk);
}

function asBigInt(value: AppendValue): AppendValue {
  return typeof value === 'number' ? BigInt(value) : value;
}
