import type { DuckDBConnection } from '@duckdb/node-api';
import type { AttachedView } from './attached-views.ts';
import { fingerprintColumn, historyKey, tableColumns } from './contract-tables.ts';
import { viewOf } from './past-views.ts';
import { quoted } from '../../core/sql-text.ts';
import { tableName } from './sql-text.ts';

/** Columns of quarantined rows that carry values of any column. */
const quarantinedValues = ['meta.quarantine.value', 'meta.quarantine.raw'];

/**
 * One view for each table of a person's query, over the catalog given, with masked columns replaced: text by `***`,
 * other types by NULL. The query never sees the table itself, so no predicate, join or sort can reach the value (G14).
 * A masked column is masked in its history too, and then so are the values of quarantined rows.
 */
export async function maskedViews(
  connection: DuckDBConnection,
  catalog: string,
  tables: readonly string[],
  masked: ReadonlySet<string>,
): Promise<readonly AttachedView[]> {
  const hidden = withConsequences(masked);
  const views: AttachedView[] = [];
  for (const key of tables) {
    const columns = await tableColumns(connection, key);
    const shown = [...columns].filter(([name]) => name !== fingerprintColumn);
    const list = shown.map(([name, type]) =>
      hidden.has(`${key}.${name}`.toLowerCase()) ? mask(name, type) : quoted(name),
    );
    views.push(viewOf(key, `select ${list.join(', ')} from ${catalog}.${tableName(key)}`));
  }
  return views;
}

/** What is masked because a column is: its history, and the values of quarantined rows. */
export function withConsequences(masked: ReadonlySet<string>): ReadonlySet<string> {
  if (masked.size === 0) return masked;
  const past = [...masked].map((name) => {
    const dot = name.lastIndexOf('.');
    return `${historyKey(name.slice(0, dot))}${name.slice(dot)}`;
  });
  return new Set([...masked, ...past, ...quarantinedValues].map((name) => name.toLowerCase()));
}

function mask(name: string, type: string): string {
  return type === 'VARCHAR'
    ? `'***' as ${quoted(name)}`
    : `cast(null as ${type}) as ${quoted(name)}`;
}
