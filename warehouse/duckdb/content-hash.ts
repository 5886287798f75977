import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { tableColumns, valueColumns } from './contract-tables.ts';
import { readRows } from './result-table.ts';
import { columnList, tableName } from './sql-text.ts';

/** A table's size and the hash of its content. */
export interface Content {
  readonly rows: number;
  readonly sha256: string;
}

/**
 * Multiset hash of a table's value columns: independent of row order, of batches and of recorded times.
 * SHA-256 over column names and types, row count, and two sums modulo 2^128 of DuckDB's 64-bit row hash (plain and
 * salted). Stable for one DuckDB version; equal tables of one home and version have equal hashes.
 */
export async function contentOf(connection: DuckDBConnection, key: string): Promise<Content> {
  const types = await tableColumns(connection, key);
  const names = valueColumns(types.keys());
  const columns = columnList(names);
  const [row] = await readRows(
    connection,
    `select count(*), sum(hash(${columns})::hugeint), sum(hash('phusa', ${columns})::hugeint)
     from ${tableName(key)}`,
  );
  const shape = names.map((name) => `${name} ${types.get(name) ?? ''}`);
  const sha256 = createHash('sha256')
    .update(JSON.stringify([shape, row]))
    .digest('hex');
  return { rows: Number(row?.[0] ?? 0), sha256 };
}
