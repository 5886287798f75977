import type { JsonObject } from '../../core/json.ts';
import type { DatabaseConfig } from './config.ts';
import { withSession, type SessionContext } from './session.ts';

/** Columns of every table that the account sees, in their order, and the place of each in the primary key. */
function columnsSql(keys: string): string {
  return `select c.table_schema as schema_name, c.table_name as table_name,
      c.column_name as column_name, c.data_type as data_type, c.is_nullable as is_nullable,
      c.numeric_precision as digits, c.numeric_scale as scale, k.place as key_place
    from information_schema.columns c
    left join (${keys}) k on k.table_schema = c.table_schema
      and k.table_name = c.table_name and k.column_name = c.column_name
    where c.table_schema not in ('information_schema', 'pg_catalog', 'mysql', 'performance_schema', 'sys')
    order by c.table_schema, c.table_name, c.ordinal_position`;
}

/** The tables and views of a database with their columns and keys. Changes nothing. */
export async function discoverTables(
  context: SessionContext & { readonly config: DatabaseConfig },
): Promise<readonly JsonObject[]> {
  const tables = new Map<string, { columns: JsonObject[]; key: [number, string][] }>();
  const rows = withSession(context, async function* (session) {
    yield* await session.rows(columnsSql(session.dialect.keys));
  });
  for await (const row of rows) {
    const name = `${row['schema_name'] ?? ''}.${row['table_name'] ?? ''}`;
    const table = tables.get(name) ?? { columns: [], key: [] };
    tables.set(name, table);
    const column = row['column_name'] ?? '';
    table.columns.push({
      name: column,
      type: typeText(row['data_type'] ?? '', row['digits'], row['scale']),
      nullable: row['is_nullable'] === 'YES',
    });
    if (row['key_place'] != null) table.key.push([Number(row['key_place']), column]);
  }
  return [...tables].map(([table, { columns, key }]) => ({
    table,
    columns,
    key: key.sort(([a], [b]) => a - b).map(([, column]) => column),
  }));
}

function typeText(
  type: string,
  digits: string | null | undefined,
  scale: string | null | undefined,
): string {
  const isDecimal = type === 'numeric' || type === 'decimal';
  return isDecimal && digits != null ? `${type}(${digits},${scale ?? '0'})` : type;
}
