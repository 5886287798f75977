import type { DuckDBConnection } from '@duckdb/node-api';
import { PhusaError } from '../../core/errors.ts';
import type { QueryOptions, ResultTable } from '../port.ts';
import { assertAllowed } from './allowed-select.ts';
import { withViews } from './attached-views.ts';
import { boundValues } from './bound-values.ts';
import { wordsOf } from './engine-error.ts';
import type { Engine } from './engine.ts';
import { maskedViews } from './masked-views.ts';
import { cellsOf, columnsOf, type Cell } from './result-table.ts';
import { parseSelect } from './select-tree.ts';
import { atTime } from './trusted-select.ts';

/**
 * A person's query: checked tree, views instead of tables, time limit by `interrupt()`, row limit.
 * Throws data `sql-invalid`, `query-refused`, `query-timeout`, `sql-failed`.
 */
export async function personQuery(
  engine: Engine,
  connection: DuckDBConnection,
  sql: string,
  options: QueryOptions,
): Promise<ResultTable> {
  const tables = assertAllowed(await parseSelect(connection, sql));
  return await atTime(engine, connection, sql, options, async (catalog) => {
    const views = await maskedViews(connection, catalog, tables, options.masked);
    return await withViews(engine, connection, views, () =>
      withinTime(connection, options.timeoutMs, () => readUpTo(connection, sql, options)),
    );
  });
}

/** Runs work that is interrupted, data `query-timeout`, when it takes too long. */
export async function withinTime<T>(
  connection: DuckDBConnection,
  timeoutMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const timer = setTimeout(() => connection.interrupt(), timeoutMs);
  try {
    return await work();
  } catch (error) {
    throw wordsOf(error).startsWith('INTERRUPT') ? timedOut(timeoutMs) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Reads the rows of a query up to its row limit. */
export async function readUpTo(
  connection: DuckDBConnection,
  sql: string,
  { values, maxRows }: QueryOptions,
): Promise<ResultTable> {
  const bound = boundValues(values);
  const result = await connection.stream(sql, bound.values, bound.types);
  const columns = columnsOf(result);
  const rows: (readonly Cell[])[] = [];
  for await (const chunk of result) {
    rows.push(...cellsOf(chunk));
    if (rows.length > maxRows) return { columns, rows: rows.slice(0, maxRows), truncated: true };
  }
  return { columns, rows };
}

/** The error of a query that took too long. */
export function timedOut(timeoutMs: number): PhusaError {
  const seconds = timeoutMs / 1000;
  return new PhusaError({
    group: 'data',
    code: 'query-timeout',
    message: {
      vi: `Truy vấn chạy quá ${seconds} giây nên bị dừng`,
      en: `The query ran longer than ${seconds} seconds and was stopped`,
    },
    remedy: {
      vi: 'Lọc theo kỳ hoặc địa bàn, hoặc dùng một mart đã tổng hợp.',
      en: 'Filter by period or area, or use a mart that is already aggregated.',
    },
  });
}
