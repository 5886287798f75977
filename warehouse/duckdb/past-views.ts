import type { DuckDBConnection } from '@duckdb/node-api';
import { PhusaError } from '../../core/errors.ts';
import type { AssetSql } from '../port.ts';
import type { AttachedView } from './attached-views.ts';
import { bare } from './check-findings.ts';
import { historyKey, provenance, tableColumns, valueColumns } from './contract-tables.ts';
import type { Engine } from './engine.ts';
import { parseSelect, tableKeys } from './select-tree.ts';
import { literal } from '../../core/sql-text.ts';
import { columnList, instant, tableName } from './sql-text.ts';

/**
 * Views under which SQL sees the warehouse as recorded at an instant: loaded tables as the union of what is current and
 * what was superseded later, derived assets through the SQL given for them. Only what the query needs is made.
 * Throws data `past-sql-missing` for a derived asset without SQL.
 */
export async function pastViews(
  engine: Engine,
  connection: DuckDBConnection,
  tables: readonly string[],
  asOf: string,
  assets: readonly AssetSql[],
): Promise<readonly AttachedView[]> {
  const needed = await needs(connection, tables, assets);
  const derived = assets.filter((asset) => needed.has(asset.key));
  const derivedKeys = new Set(derived.map((asset) => asset.key));
  const loaded: AttachedView[] = [];
  for (const key of needed) {
    if (!derivedKeys.has(key)) loaded.push(await loadedView(engine, connection, key, asOf));
  }
  return [...loaded, ...derived.map(({ key, sql }) => viewOf(key, bare(sql)))];
}

/** A view for the table of a key. */
export function viewOf(key: string, sql: string): AttachedView {
  const dot = key.indexOf('.');
  return { schema: key.slice(0, dot), name: key.slice(dot + 1), sql };
}

/** The tables a query reads, and those that the SQL of derived assets reads in turn. */
async function needs(
  connection: DuckDBConnection,
  tables: readonly string[],
  assets: readonly AssetSql[],
): Promise<ReadonlySet<string>> {
  const sqlOf = new Map(assets.map(({ key, sql }) => [key, sql]));
  const found = new Set<string>();
  const waiting = tables.filter((key) => key.includes('.'));
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (found.has(key)) continue;
    found.add(key);
    const sql = sqlOf.get(key);
    if (sql !== undefined) waiting.push(...tableKeys(await parseSelect(connection, sql)));
  }
  return found;
}

async function loadedView(
  engine: Engine,
  connection: DuckDBConnection,
  key: string,
  asOf: string,
): Promise<AttachedView> {
  const at = `(${instant(asOf)})`;
  const home = (table: string) => `${engine.catalog}.${tableName(table)}`;
  if (key.startsWith('meta.')) return viewOf(key, `select * from ${home(key)}`);
  if (key.startsWith('history.')) {
    return viewOf(key, `select * from ${home(key)} where _recorded_to <= ${at}`);
  }
  if (!(await isLoaded(connection, key))) throw sqlMissing(key, asOf);
  const columns = columnList([
    ...valueColumns((await tableColumns(connection, key)).keys()),
    ...provenance,
  ]);
  return viewOf(
    key,
    `select ${columns} from ${home(key)} where _recorded_from <= ${at} union all
     select ${columns} from ${home(historyKey(key))}
     where _recorded_from <= ${at} and ${at} < _recorded_to`,
  );
}

async function isLoaded(connection: DuckDBConnection, key: string): Promise<boolean> {
  const name = historyKey(key).slice('history.'.length);
  const found = await connection.runAndReadAll(
    `select 1 from duckdb_tables()
     where database_name = current_database() and schema_name = 'history' and table_name = ${literal(name)}`,
  );
  return found.currentRowCount > 0;
}

function sqlMissing(key: string, asOf: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'past-sql-missing',
    message: {
      vi: `Không có câu SQL của ${key} tại ${asOf}`,
      en: `There is no SQL of ${key} as of ${asOf}`,
    },
    remedy: {
      vi: 'Kiểm tra tên bảng; nếu là bảng dẫn xuất, chọn thời điểm sau khi nó được định nghĩa.',
      en: 'Check the name; if it is a derived asset, choose a time after it was defined.',
    },
    place: { stream: key },
  });
}
