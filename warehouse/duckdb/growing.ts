import type { DuckDBConnection } from '@duckdb/node-api';
import { PhusaError } from '../../core/errors.ts';
import { readCount } from './result-table.ts';

/** From this many rows on an insert is counted again: the engine writes them by another path (row groups). */
export const bulk = 50_000;

/**
 * Runs work that must make a table grow by exactly `by` rows and says how many it did; counts again after bulk work.
 * Throws fatal `counts-unbalanced`.
 *
 * The engine's own word is not enough. DuckDB 1.5.6 (measured): in one transaction, an INSERT … SELECT or CREATE TABLE AS
 * that yields no rows, followed by one of more than 122,880 rows into the same table, loses all of the latter, reports
 * them as inserted, and commits. Hence too: nothing here inserts zero rows, and classification, which fills temporary
 * tables step by step, runs outside transactions.
 */
export async function growing(
  connection: DuckDBConnection,
  table: string,
  by: number,
  work: () => Promise<number>,
): Promise<void> {
  const count = () => readCount(connection, `select count(*) from ${table}`);
  const before = by < bulk ? 0 : await count();
  const said = await work();
  const grown = by < bulk ? said : (await count()) - before;
  if (grown !== by) throw miscounted(table, by, grown);
}

/** The error of a table that did not change as counted. */
export function miscounted(table: string, expected: number, found: number): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'counts-unbalanced',
    message: {
      vi: `Bảng ${table} lẽ ra thay đổi ${expected} dòng nhưng thay đổi ${found}`,
      en: `Table ${table} should have changed by ${expected} rows but changed by ${found}`,
    },
    remedy: {
      vi: 'Không có gì được công bố; giữ lại lô và báo người phát triển.',
      en: 'Nothing was published; keep the batch and tell the developers.',
    },
  });
}
