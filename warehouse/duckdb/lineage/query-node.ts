import { isObject } from '../../../core/json-member.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { textOf } from '../select-tree.ts';
import { listOf, orderOrigins, originsOf } from './expression.ts';
import { readFrom, renamed } from './from-clause.ts';
import { deciding, nothing, together, type Origins } from './origins.ts';
import { same, type Relation, type RelationColumn, type Scope } from './scope.ts';

/** Reads a query: SELECT, set operation or recursive WITH, inside what stands around it. */
export function readQuery(value: Json | undefined, outside: Scope): Relation {
  if (!isObject(value)) return empty;
  const scope = withClauses(value, outside);
  switch (textOf(value['type'])) {
    case 'SELECT_NODE':
      return readSelect(value, scope);
    case 'SET_OPERATION_NODE':
      return readSetOperation(value, scope);
    case 'RECURSIVE_CTE_NODE':
      return readRecursive(value, scope);
    default:
      scope.walk.problem(undefined, `${textOf(value['type'])} cannot be traced`);
      return empty;
  }
}

const empty: Relation = { name: '', columns: [], indirect: nothing };

/** WITH clauses see those before them; the query sees them all, and those of the queries around it. */
function withClauses(node: JsonObject, outside: Scope): Scope {
  const map = node['cte_map'];
  const entries = isObject(map) ? listOf(map['map']).filter(isObject) : [];
  return entries.reduce((scope: Scope, { key, value }) => {
    const clause = isObject(value) ? value : {};
    const query = isObject(clause['query']) ? clause['query']['node'] : undefined;
    const naming: JsonObject = { column_name_alias: clause['aliases'] ?? [] };
    const read = isObject(query) ? scope.walk.query({ ...query, ...naming }, scope) : empty;
    const withs = new Map(scope.withs).set(textOf(key).toLowerCase(), renamed(read, naming));
    return { ...scope, withs };
  }, outside);
}

function readSelect(node: JsonObject, outside: Scope): Relation {
  const inner: Scope = { ...outside, relations: [], named: [], outer: outside };
  const from = readFrom(node['from_table'], inner);
  const scope = { ...inner, relations: from.relations };
  const columns = selectList(node, scope);
  const whole = { ...scope, named: columns };
  const decisions = [
    deciding(originsOf(node['where_clause'], scope), 'filter'),
    deciding(groupOrigins(node, whole), 'group-by'),
    deciding(originsOf(node['having'], whole), 'filter'),
    deciding(originsOf(node['qualify'], whole), 'filter'),
    ...modifierOrigins(node, whole),
  ];
  return { name: '', columns, indirect: together([from.indirect, ...decisions]) };
}

function selectList(node: JsonObject, scope: Scope): readonly RelationColumn[] {
  const columns: RelationColumn[] = [];
  for (const item of listOf(node['select_list']).filter(isObject)) {
    if (textOf(item['class']) === 'STAR') columns.push(...starColumns(item, scope));
    else {
      const origins = originsOf(item, { ...scope, named: columns });
      columns.push({ name: nameOf(item), origins });
    }
  }
  return columns;
}

function nameOf(item: JsonObject): string {
  const path = listOf(item['column_names']).map(textOf);
  return textOf(item['alias']) || path.at(-1) || textOf(item['function_name']);
}

/** `*`, `t.*`, with EXCLUDE and REPLACE. */
function starColumns(item: JsonObject, scope: Scope): readonly RelationColumn[] {
  const owner = textOf(item['relation_name']);
  const left = listOf(item['exclude_list']).map(textOf);
  const replaced = listOf(item['replace_list']).filter(isObject);
  if (item['columns'] === true || item['expr'] !== undefined)
    scope.walk.problem(item['query_location'], 'COLUMNS(…) cannot be traced');
  return scope.relations
    .filter(({ name }) => owner === '' || same(name, owner))
    .flatMap(({ columns }) => columns)
    .filter(({ name }) => !left.some((one) => same(one, name)))
    .map((column) => {
      const other = replaced.find(({ key }) => same(textOf(key), column.name));
      return other ? { ...column, origins: originsOf(other['value'], scope) } : column;
    });
}

/** Groups may be named by the place of a column, or be all columns that hold no aggregate. */
function groupOrigins(node: JsonObject, scope: Scope): Origins {
  if (textOf(node['aggregate_handling']) === 'FORCE_AGGREGATES')
    return together(scope.named.filter(isPlain).map(({ origins }) => origins));
  return together(
    listOf(node['group_expressions']).map(
      (group) => placed(group, scope) ?? originsOf(group, scope),
    ),
  );
}

function isPlain({ origins }: RelationColumn): boolean {
  return [...origins.direct.values()].every(({ use }) => use !== 'aggregation');
}

function placed(expression: Json, scope: Scope): Origins | undefined {
  if (!isObject(expression) || textOf(expression['class']) !== 'CONSTANT') return undefined;
  const constant = expression['value'];
  const place = isObject(constant) ? Number(constant['value']) : NaN;
  return scope.named[place - 1]?.origins;
}

function modifierOrigins(node: JsonObject, scope: Scope): readonly Origins[] {
  return listOf(node['modifiers'])
    .filter(isObject)
    .map((modifier) => {
      if (textOf(modifier['type']) !== 'ORDER_MODIFIER')
        return deciding(originsOf(modifier['distinct_on_targets'], scope), 'group-by');
      const orders = listOf(modifier['orders']);
      const known = orders.flatMap((order) =>
        isObject(order) ? [placed(order['expression'] ?? null, scope) ?? nothing] : [],
      );
      return deciding(together([...known, orderOrigins(orders, scope)]), 'sort');
    });
}

function readSetOperation(node: JsonObject, scope: Scope): Relation {
  const [left = empty, right = empty, ...more] = branches(node).map((branch) =>
    scope.walk.query(branch, scope),
  );
  const kind = textOf(node['setop_type']);
  const keeps = kind.startsWith('UNION');
  const rest = [right, ...more];
  const columns = left.columns.map((column, at) => {
    const others = rest.flatMap(({ columns: theirs }) => {
      const other =
        kind === 'UNION_BY_NAME' ? theirs.find(({ name }) => same(name, column.name)) : theirs[at];
      return other ? [other.origins] : [];
    });
    return keeps ? { ...column, origins: together([column.origins, ...others]) } : column;
  });
  const compared = together(rest.flatMap((one) => one.columns.map(({ origins }) => origins)));
  const own = { ...scope, named: columns };
  return {
    name: '',
    columns,
    indirect: together([
      left.indirect,
      ...rest.map(({ indirect }) => indirect),
      ...(keeps ? [] : [deciding(compared, 'filter')]),
      ...modifierOrigins(node, own),
    ]),
  };
}

function branches(node: JsonObject): readonly Json[] {
  const listed = listOf(node['children']);
  return listed.length > 0 ? listed : [node['left'] ?? null, node['right'] ?? null];
}

/** A recursive clause is read until it brings nothing more (L06). */
function readRecursive(node: JsonObject, scope: Scope): Relation {
  const name = textOf(node['cte_name']).toLowerCase();
  let known = renamed(scope.walk.query(node['left'], scope), node);
  for (;;) {
    const inner = { ...scope, withs: new Map(scope.withs).set(name, known) };
    const step = scope.walk.query(node['right'], inner);
    const columns = known.columns.map((column, at) => ({
      ...column,
      origins: together([column.origins, step.columns[at]?.origins ?? nothing]),
    }));
    const next = { ...known, columns, indirect: together([known.indirect, step.indirect]) };
    if (sizeOf(next) === sizeOf(known)) return next;
    known = next;
  }
}

function sizeOf({ columns, indirect }: Relation): string {
  const sizes = columns.map(({ origins }) =>
    [...origins.direct.values()].map(({ use }) => use).join(),
  );
  return [indirect.indirect.size, ...sizes].join('|');
}
