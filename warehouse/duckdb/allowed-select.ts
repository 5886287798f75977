import { PhusaError } from '../../core/errors.ts';
import { isObject } from '../../core/json-member.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { allowedFunctions, allowedTableFunctions } from './allowed-functions.ts';
import { type SelectTree, tableMentions, type TableMention, textOf } from './select-tree.ts';

/** Schemas a person's query may read. */
const schemas = new Set(['staging', 'mart', 'dim', 'history', 'meta']);

/** Names that the engine could never take for a file or an extension's table. */
const plainName = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** Kinds of expression in the parsed tree. What is not named here is refused, so a new kind in a new version is too. */
const expressions = new Set([
  'BETWEEN',
  'CASE',
  'CAST',
  'COLLATE',
  'COLUMN_REF',
  'COMPARISON',
  'CONJUNCTION',
  'CONSTANT',
  'FUNCTION',
  'LAMBDA',
  'OPERATOR',
  'PARAMETER',
  'POSITIONAL_REFERENCE',
  'STAR',
  'SUBQUERY',
  'TYPE',
  'WINDOW',
]);

/** Kinds of query node, table reference, modifier and type in the parsed tree (of engine format v1.5.0). */
const nodes = new Set([
  'SELECT_NODE',
  'SET_OPERATION_NODE',
  'RECURSIVE_CTE_NODE',
  'BASE_TABLE',
  'SUBQUERY',
  'JOIN',
  'EXPRESSION_LIST',
  'EMPTY',
  'TABLE_FUNCTION',
  'ORDER_MODIFIER',
  'LIMIT_MODIFIER',
  'LIMIT_PERCENT_MODIFIER',
  'DISTINCT_MODIFIER',
  'ORDER_DEFAULT',
  'ORDER_ASCENDING',
  'ORDER_DESCENDING',
  'ASCENDING',
  'DESCENDING',
  'UNBOUND_TYPE_INFO',
]);

/** Types a value may be cast to, as the parsed tree spells them; a type somebody defined is not among them. */
const types = new Set(
  (
    'boolean tinyint smallint integer bigint hugeint utinyint usmallint uinteger ubigint float double decimal ' +
    'varchar blob uuid json date time timestamp interval list array struct map'
  )
    .split(' ')
    .concat('timestamp with time zone', 'time with time zone'),
);

/**
 * Holds a person's SELECT to the allow-list and gives the tables it reads as `schema.name`.
 * Throws data `query-refused`, naming what is refused and why (G12, G21–G30).
 */
export function assertAllowed(tree: SelectTree): readonly string[] {
  visit(tree.statement);
  const mentions = tableMentions(tree);
  for (const mention of mentions) assertTable(mention);
  const keys = mentions.filter((m) => !m.cte).map((m) => `${m.schema}.${m.table}`.toLowerCase());
  return [...new Set(keys)];
}

function visit(value: Json | undefined): void {
  if (Array.isArray(value)) {
    for (const member of value as readonly Json[]) visit(member);
  } else if (isObject(value)) {
    assertKind(value);
    for (const member of membersOf(value)) visit(member);
  }
}

/** What is inside a node and has to be looked at in turn. */
function membersOf(node: JsonObject): readonly Json[] {
  const { function: call, ...others } = node;
  if (node['class'] === 'CONSTANT') return [];
  if (node['type'] !== 'TABLE_FUNCTION' || !isObject(call)) return Object.values(node);
  return [...Object.values(others), call['children'] ?? []];
}

function assertKind(node: JsonObject): void {
  const kind = textOf(node['class']);
  if (kind !== '') {
    if (!expressions.has(kind)) throw refused(kind, kind);
    if (kind === 'FUNCTION' || kind === 'WINDOW') assertFunction(node);
    if (kind === 'TYPE') assertType(node);
  } else if (typeof node['type'] === 'string') {
    if (!nodes.has(node['type'])) throw refused(node['type'], node['type']);
    if (node['type'] === 'TABLE_FUNCTION') assertTableFunction(node['function']);
    if (node['at_clause'] !== undefined) throw refused('AT', 'AT');
  }
  if (Array.isArray(node['map'])) assertWithNames(node['map'] as readonly Json[]);
}

function assertFunction(node: JsonObject): void {
  const name = textOf(node['function_name']).toLowerCase();
  const foreign = !['', 'main', 'pg_catalog'].includes(textOf(node['schema']));
  if (foreign || textOf(node['catalog']) !== '' || !allowedFunctions.has(name)) {
    throw refused(`hàm ${name}`, `function ${name}`);
  }
}

function assertType(node: JsonObject): void {
  const name = textOf(node['type_name']);
  const qualified = [node['catalog'], node['schema']].some((part) => textOf(part) !== '');
  if (qualified || !types.has(name.toLowerCase())) throw refused(`kiểu ${name}`, `type ${name}`);
}

function assertTableFunction(call: Json | undefined): void {
  const name = isObject(call) ? textOf(call['function_name']).toLowerCase() : '';
  if (!allowedTableFunctions.has(name)) {
    throw refused(`hàm bảng ${name}`, `table function ${name}`);
  }
}

function assertWithNames(entries: readonly Json[]): void {
  for (const entry of entries) {
    const name = isObject(entry) ? textOf(entry['key']) : '';
    if (!plainName.test(name)) throw refused(`tên WITH ${name}`, `WITH name ${name}`);
  }
}

function assertTable({ catalog, schema, table, cte }: TableMention): void {
  if (cte) return;
  const whole = [catalog, schema, table].filter((part) => part !== '').join('.');
  if (catalog !== '' || !schemas.has(schema.toLowerCase()) || !plainName.test(table)) {
    throw refused(`bảng ${whole}`, `table ${whole}`);
  }
}

function refused(vi: string, en: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'query-refused',
    message: {
      vi: `Truy vấn bị từ chối: không được dùng ${vi}`,
      en: `Query refused: ${en} is not allowed`,
    },
    remedy: {
      vi: 'Chỉ đọc staging.*, mart.*, dim.*, history.*, meta.* bằng một câu SELECT với các hàm thông dụng.',
      en: 'Read only staging.*, mart.*, dim.*, history.*, meta.* with one SELECT and common functions.',
    },
  });
}
