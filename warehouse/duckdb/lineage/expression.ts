import { isObject } from '../../../core/json-member.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { textOf } from '../select-tree.ts';
import { deciding, nothing, through, together, type Origins } from './origins.ts';
import { resolve, type Scope } from './scope.ts';

/** What an expression is made of. */
export function originsOf(value: Json | undefined, scope: Scope): Origins {
  if (Array.isArray(value)) return all(value as readonly Json[], scope);
  if (!isObject(value)) return nothing;
  switch (textOf(value['class'])) {
    case 'COLUMN_REF':
      return resolve(scope, value, textsOf(value['column_names']));
    case 'CONSTANT':
    case 'PARAMETER':
      return nothing;
    case 'FUNCTION':
      return functionOrigins(value, scope);
    case 'WINDOW':
      return windowOrigins(value, scope);
    case 'CASE':
      return caseOrigins(value, scope);
    case 'SUBQUERY':
      return subqueryOrigins(value, scope);
    case 'STAR':
      return together(scope.relations.flatMap(({ columns }) => columns.map((c) => c.origins)));
    default:
      return computed(value, scope);
  }
}

/** Expressions in a list, in order. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** The expressions of ORDER BY. */
export function orderOrigins(orders: Json | undefined, scope: Scope): Origins {
  return all(
    listOf(orders).flatMap((order) => (isObject(order) ? [order['expression'] ?? null] : [])),
    scope,
  );
}

function textsOf(value: Json | undefined): readonly string[] {
  return listOf(value).map(textOf);
}

function all(values: readonly Json[], scope: Scope): Origins {
  return together(values.map((value) => originsOf(value, scope)));
}

/** Operators, comparisons, casts, lambdas: all that stands inside them, computed with. */
function computed(node: JsonObject, scope: Scope): Origins {
  const inner = Object.values(node).filter((member) => typeof member === 'object');
  return through(together(inner.map((member) => nested(member, scope))), 'transformation');
}

function nested(value: Json, scope: Scope): Origins {
  if (Array.isArray(value))
    return together((value as readonly Json[]).map((one) => nested(one, scope)));
  if (!isObject(value)) return nothing;
  return 'class' in value ? originsOf(value, scope) : computed(value, scope);
}

function functionOrigins(node: JsonObject, scope: Scope): Origins {
  const isAggregate = scope.walk.aggregates.has(textOf(node['function_name']).toLowerCase());
  const order = isObject(node['order_bys']) ? node['order_bys']['orders'] : undefined;
  return together([
    through(originsOf(node['children'], scope), isAggregate ? 'aggregation' : 'transformation'),
    deciding(originsOf(node['filter'], scope), 'conditional'),
    deciding(orderOrigins(order, scope), 'sort'),
  ]);
}

function windowOrigins(node: JsonObject, scope: Scope): Origins {
  const isAggregate = scope.walk.aggregates.has(textOf(node['function_name']).toLowerCase());
  const values = [node['children'], node['offset_expr'], node['default_expr']];
  return together([
    ...values.map((value) =>
      through(originsOf(value, scope), isAggregate ? 'aggregation' : 'transformation'),
    ),
    deciding(originsOf(node['partitions'], scope), 'window'),
    deciding(orderOrigins(node['orders'], scope), 'window'),
    deciding(originsOf(node['filter_expr'], scope), 'conditional'),
  ]);
}

function caseOrigins(node: JsonObject, scope: Scope): Origins {
  const checks = listOf(node['case_checks']).filter(isObject);
  const results = [...checks.map((check) => check['then_expr']), node['else_expr']];
  return together([
    ...results.map((result) => through(originsOf(result, scope), 'transformation')),
    ...checks.map((check) => deciding(originsOf(check['when_expr'], scope), 'conditional')),
  ]);
}

function subqueryOrigins(node: JsonObject, scope: Scope): Origins {
  const { subquery } = node;
  const inner = scope.walk.query(isObject(subquery) ? subquery['node'] : undefined, scope);
  const values = together(inner.columns.map(({ origins }) => origins));
  const compared = through(originsOf(node['child'], scope), 'transformation');
  return textOf(node['subquery_type']) === 'SCALAR'
    ? together([through(values, 'transformation'), inner.indirect])
    : together([compared, deciding(together([values, inner.indirect]), 'filter')]);
}
