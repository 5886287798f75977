import type { DuckDBConnection } from '@duckdb/node-api';
import { PhusaError } from '../../core/errors.ts';
import { isObject } from '../../core/json-member.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { readRows } from './result-table.ts';

/** A SELECT as the engine's own parser sees it. */
export interface SelectTree {
  readonly statement: JsonObject;
}

/** A table that a SELECT names. `cte` when the name is one of its own WITH clauses. */
export interface TableMention {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
  readonly cte: boolean;
}

/**
 * Parses exactly one SELECT. Throws data `sql-invalid` with the parser's words; a NUL, at which the engine would stop
 * reading, is refused too.
 */
export async function parseSelect(connection: DuckDBConnection, sql: string): Promise<SelectTree> {
  if (sql.includes('\0')) throw invalid('NUL', undefined);
  const [row] = await readRows(
    connection,
    `select json_serialize_sql($1::varchar, skip_null := true, skip_empty := true, skip_default := true)`,
    [sql],
  );
  const tree: Json = JSON.parse(String(row?.[0])) as Json;
  if (!isObject(tree)) throw invalid('?', undefined);
  if (tree['error'] === true)
    throw invalid(textOf(tree['error_message']), textOf(tree['position']));
  const statements = tree['statements'];
  const [statement, second] = Array.isArray(statements) ? (statements as readonly Json[]) : [];
  if (!isObject(statement)) throw invalid('no statement', undefined);
  if (second !== undefined) throw invalid('more than one statement', undefined);
  return { statement };
}

/** Every table mention, in order, with the names of WITH clauses resolved by scope. */
export function tableMentions(tree: SelectTree): readonly TableMention[] {
  const found: TableMention[] = [];
  visit(tree.statement, new Set(), found);
  return found;
}

/** Tables as `schema.name` (a bare name without schema), each once, WITH clauses left out. */
export function tableKeys(tree: SelectTree): readonly string[] {
  const keys = tableMentions(tree)
    .filter((mention) => !mention.cte)
    .map(({ schema, table }) => (schema === '' ? table : `${schema}.${table}`));
  return [...new Set(keys)];
}

/** A text member, empty when absent. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function visit(value: Json | undefined, scope: ReadonlySet<string>, found: TableMention[]): void {
  if (Array.isArray(value)) {
    for (const member of value as readonly Json[]) visit(member, scope, found);
  } else if (isObject(value)) {
    visitObject(value, scope, found);
  }
}

function visitObject(node: JsonObject, scope: ReadonlySet<string>, found: TableMention[]): void {
  if (node['type'] === 'BASE_TABLE') found.push(mentionOf(node, scope));
  const inner = withRecursion(node, visitWith(node['cte_map'], scope, found));
  for (const [name, member] of Object.entries(node)) {
    if (name !== 'cte_map') visit(member, inner, found);
  }
}

/** WITH clauses see those before them; the node sees them all. */
function visitWith(
  map: Json | undefined,
  scope: ReadonlySet<string>,
  found: TableMention[],
): ReadonlySet<string> {
  const entries = isObject(map) && Array.isArray(map['map']) ? (map['map'] as readonly Json[]) : [];
  let inner = scope;
  for (const entry of entries) {
    if (!isObject(entry)) continue;
    visit(entry['value'], inner, found);
    inner = new Set([...inner, textOf(entry['key']).toLowerCase()]);
  }
  return inner;
}

function withRecursion(node: JsonObject, scope: ReadonlySet<string>): ReadonlySet<string> {
  if (node['type'] !== 'RECURSIVE_CTE_NODE') return scope;
  return new Set([...scope, textOf(node['cte_name']).toLowerCase()]);
}

function mentionOf(node: JsonObject, scope: ReadonlySet<string>): TableMention {
  const catalog = textOf(node['catalog_name']);
  const schema = textOf(node['schema_name']);
  const table = textOf(node['table_name']);
  const cte = catalog === '' && schema === '' && scope.has(table.toLowerCase());
  return { catalog, schema, table, cte };
}

function invalid(words: string, position: string | undefined): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'sql-invalid',
    message: {
      vi: `Không phải đúng một câu SELECT hợp lệ: ${words}`,
      en: `Not exactly one valid SELECT: ${words}`,
    },
    remedy: {
      vi: 'Viết một câu SELECT duy nhất, không kèm lệnh khác.',
      en: 'Write a single SELECT and no other command.',
    },
    ...(position === undefined || position === ''
      ? {}
      : { place: { column: Number(position) + 1 } }),
  });
}
