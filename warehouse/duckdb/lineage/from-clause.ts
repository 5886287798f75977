import { isObject } from '../../../core/json-member.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { textOf } from '../select-tree.ts';
import { listOf, originsOf } from './expression.ts';
import { columnOrigin, deciding, nothing, together, type Origins } from './origins.ts';
import { same, type Relation, type RelationColumn, type Scope } from './scope.ts';

/** The relations that a FROM clause brings into a scope, and what its joins decide by. */
export interface FromClause {
  readonly relations: readonly Relation[];
  readonly indirect: Origins;
}

/** Reads a FROM clause. */
export function readFrom(value: Json | undefined, scope: Scope): FromClause {
  if (!isObject(value)) return { relations: [], indirect: nothing };
  switch (textOf(value['type'])) {
    case 'BASE_TABLE':
      return one(tableRelation(value, scope));
    case 'SUBQUERY':
      return one(subqueryRelation(value, scope));
    case 'JOIN':
      return readJoin(value, scope);
    case 'EMPTY':
      return { relations: [], indirect: nothing };
    case 'EXPRESSION_LIST':
      return one(valuesRelation(value, scope));
    case 'TABLE_FUNCTION':
      return one(functionRelation(value, scope));
    default:
      scope.walk.problem(value['query_location'], `${textOf(value['type'])} cannot be traced`);
      return { relations: [], indirect: nothing };
  }
}

function one(relation: Relation): FromClause {
  return { relations: [relation], indirect: relation.indirect };
}

function tableRelation(node: JsonObject, scope: Scope): Relation {
  const schema = textOf(node['schema_name']);
  const table = textOf(node['table_name']);
  const name = textOf(node['alias']) || table;
  const clause = schema === '' ? scope.withs.get(table.toLowerCase()) : undefined;
  if (clause) return renamed({ ...clause, name }, node);
  const key = schema === '' ? table : `${schema}.${table}`;
  const columns = scope.walk.tables.get(key);
  if (!columns) scope.walk.problem(node['query_location'], `unknown table ${key}`);
  return renamed(
    {
      name,
      columns: (columns ?? []).map((column) => ({
        name: column,
        origins: columnOrigin(key, column),
      })),
      indirect: nothing,
      ...(columns ? {} : { open: nothing }),
    },
    node,
  );
}

function subqueryRelation(node: JsonObject, scope: Scope): Relation {
  const { subquery } = node;
  const inner = scope.walk.query(isObject(subquery) ? subquery['node'] : undefined, scope);
  return renamed({ ...inner, name: textOf(node['alias']) }, node);
}

/** A list of VALUES: the n-th column is made of every row's n-th expression. */
function valuesRelation(node: JsonObject, scope: Scope): Relation {
  const rows = listOf(node['values']).map(listOf);
  const columns = (rows[0] ?? []).map((_value, at) => ({
    name: `col${at}`,
    origins: together(rows.map((row) => originsOf(row[at], scope))),
  }));
  return renamed({ name: textOf(node['alias']), columns, indirect: nothing }, node);
}

function functionRelation(node: JsonObject, scope: Scope): Relation {
  const made = originsOf(node['function'], scope);
  const call = isObject(node['function']) ? textOf(node['function']['function_name']) : '';
  const name = textOf(node['alias']) || call;
  const columns = listOf(node['column_name_alias']).map((column) => ({
    name: textOf(column),
    origins: made,
  }));
  return { name, columns, indirect: nothing, ...(columns.length > 0 ? {} : { open: made }) };
}

function readJoin(node: JsonObject, scope: Scope): FromClause {
  const left = readFrom(node['left'], scope);
  const right = readFrom(node['right'], { ...scope, outer: { ...scope, ...left } });
  const relations = [...left.relations, ...right.relations];
  const condition = originsOf(node['condition'], { ...scope, relations });
  const shared = listOf(node['using_columns'])
    .map(textOf)
    .map((name) => together(columnsNamed(relations, name)));
  return {
    relations,
    indirect: together([
      left.indirect,
      right.indirect,
      deciding(together([condition, ...shared]), 'join'),
    ]),
  };
}

function columnsNamed(relations: readonly Relation[], name: string): readonly Origins[] {
  return relations
    .flatMap(({ columns }) => columns.filter((column) => same(column.name, name)))
    .map(({ origins }) => origins);
}

/** `t(a, b)`: the first columns get these names. */
export function renamed(relation: Relation, node: JsonObject): Relation {
  const names = listOf(node['column_name_alias']).map(textOf);
  const columns = relation.columns.map((column, at): RelationColumn => ({
    ...column,
    name: names[at] ?? column.name,
  }));
  return { ...relation, columns };
}
