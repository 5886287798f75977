import { dateField } from './portable-constructs.ts';
import {
  isList,
  isObject,
  nodeOf,
  rebuild,
  treeOf,
  textOf,
  type Tree,
  type TreeObject,
} from './syntax-tree.ts';

/** Stands for the operator `//`, which the parser does not know: `a // b` is given to it as `a * "…" * b`. */
export const integerDivision = 'integer division';

/** Begins the name of a function of ours while the text goes through the generator. */
export const ours = 'like_duckdb__';

/** Where a table is found: the relation that stands for `layer.name`; undefined leaves the name as it is. */
export type RelationOf = (key: string) => string | undefined;

/** A tree whose text means in PostgreSQL what it meant in DuckDB. */
export function rewrite(tree: Tree, relationOf: RelationOf): Tree {
  let unnamed = 0;
  const alias = () => identifier(`unnamed_${(unnamed += 1)}`);
  return rebuild(tree, (part) => {
    const node = nodeOf(part);
    if (!node) return clause(part, alias);
    if (node.kind === 'table') return treeOf('table', placed(node.parts, relationOf));
    return rules[node.kind]?.(node.parts) ?? part;
  });
}

type Rule = (parts: TreeObject) => Tree | undefined;

const rules: Readonly<Record<string, Rule>> = {
  mul: ({ left, right }) => quotient(left, right),
  mod: (parts) => treeOf('mod', { ...parts, right: call('nullif', [parts['right'], number(0)]) }),
  lower: ({ this: text }) => own('lower', [text]),
  upper: ({ this: text }) => own('upper', [text]),
  trim: (parts) => (parts['characters'] ? undefined : own('trim', [parts['this']])),
  like: (parts) => escaped(parts, parts['left'], parts['right']),
  i_like: (parts) => escaped(parts, lowered(parts['left']), lowered(parts['right'])),
  ends_with: ({ this: text, expression }) => own('ends_with', [text, expression]),
  contains: ({ this: text, expression }) => own('contains', [text, expression]),
  extract: (parts) => field(treeOf('extract', parts), dateField(parts['field'])),
  year: ({ this: date }) => datePart('year', date),
  month: ({ this: date }) => datePart('month', date),
  day: ({ this: date }) => datePart('day', date),
  avg: (parts) => cast(treeOf('avg', parts), { data_type: 'double', precision: null, scale: null }),
  median: (parts) => aggregate('median', parts),
  sum: (parts) => (isPredicate(parts['this']) ? treeOf('sum', counted(parts)) : undefined),
  string_agg: (parts) => joinedTexts(parts),
  if_func: ({ condition, true_value: yes, false_value: no }) => caseOf(condition, yes, no),
  try_cast: ({ this: value, to }) => tryCast(value, to),
  cast: (parts) => treeOf('cast', { ...parts, to: exactType(parts['to']) }),
  function: (parts) => functionRule(textOf(parts['name']).toLowerCase(), parts),
};

/** Functions that PostgreSQL has, with another meaning, or has not: ours are taken. */
const replaced: ReadonlySet<string> = new Set([
  'date_trunc',
  'round',
  'sign',
  'ltrim',
  'rtrim',
  'strip_accents',
  'regexp_matches',
  'regexp_extract',
]);

function functionRule(name: string, parts: TreeObject): Tree | undefined {
  const args = isList(parts['args']) ? parts['args'] : [];
  if (replaced.has(name) && (!name.endsWith('trim') || args.length === 1)) return own(name, args);
  if (name === 'concat' || name === 'concat_ws') return call(name, args.map(asText));
  if (name === 'date_part') {
    return field(call(name, args), textOf(nodeOf(args[0])?.parts['value']).toLowerCase());
  }
  return undefined;
}

/** `a * "integer division" * b`, as the parser groups it. */
function quotient(left: Tree | undefined, right: Tree | undefined): Tree | undefined {
  const inner = nodeOf(left);
  if (inner?.kind !== 'mul') return undefined;
  const marker = nodeOf(inner.parts['right']);
  const name = marker?.kind === 'column' ? marker.parts['name'] : undefined;
  if (!isObject(name) || name['name'] !== integerDivision) return undefined;
  return own('integer_quotient', [inner.parts['left'], right]);
}

/** LIKE has no escape in DuckDB unless it is given one. */
function escaped(parts: TreeObject, left: Tree | undefined, right: Tree | undefined): Tree {
  return treeOf('like', { ...parts, left, right, escape: parts['escape'] ?? text('') });
}

function lowered(value: Tree | undefined): Tree {
  return own('lower', [value]);
}

/** Fields of a date are whole numbers, seconds since the epoch are not. */
function field(value: Tree, name: string): Tree {
  return name === 'epoch'
    ? cast(value, { data_type: 'double', precision: null, scale: null })
    : cast(call('trunc', [value]), { data_type: 'big_int', length: null });
}

function datePart(name: string, date: Tree | undefined): Tree {
  return field(call('date_part', [text(name), date]), name);
}

/** NULLs are passed over, and of nothing but NULLs there is no text. */
function joinedTexts({ this: value, separator, filter, distinct, order_by }: TreeObject): Tree {
  const present = treeOf('not', { this: treeOf('is_null', { this: value, not: false }) });
  const texts = treeOf('array_agg', {
    this: value,
    distinct,
    filter: filter ? treeOf('and', { left: present, right: paren(filter) }) : present,
    order_by: order_by ?? [],
    name: 'array_agg',
  });
  return call('array_to_string', [texts, separator ?? text(',')]);
}

function paren(value: Tree): Tree {
  return treeOf('paren', { this: value, trailing_comments: [] });
}

const predicates: ReadonlySet<string> = new Set(
  'eq neq lt lte gt gte and or not in between like i_like is_null is_true is_false exists boolean'.split(
    ' ',
  ),
);

function isPredicate(value: Tree | undefined): boolean {
  const node = nodeOf(value);
  return node?.kind === 'paren'
    ? isPredicate(node.parts['this'])
    : predicates.has(node?.kind ?? '');
}

function counted(parts: TreeObject): TreeObject {
  return {
    ...parts,
    this: cast(parts['this'], { data_type: 'int', length: null, integer_spelling: true }),
  };
}

function caseOf(condition: Tree | undefined, yes: Tree | undefined, no: Tree | undefined): Tree {
  return treeOf('case', {
    operand: null,
    whens: [[condition ?? null, yes ?? null]],
    else_: no ?? null,
  });
}

function tryCast(value: Tree | undefined, to: Tree | undefined): Tree {
  const type = isObject(to) ? to : {};
  const name = `try_cast_${textOf(type['data_type'])}`;
  const digits = [type['precision'] ?? 18, type['scale'] ?? 3].map((n) => number(Number(n)));
  return own(name, [asText(value ?? null), ...(name.endsWith('decimal') ? digits : [])]);
}

/** Integers of 128 bits are decimals without places; VARCHAR has no length. */
function exactType(to: Tree | undefined): Tree | undefined {
  if (!isObject(to)) return to;
  return to['data_type'] === 'int128' ? { data_type: 'decimal', precision: 38, scale: 0 } : to;
}

function asText(value: Tree): Tree {
  return cast(value, { data_type: 'text' });
}

function cast(value: Tree | undefined, to: TreeObject): Tree {
  return treeOf('cast', {
    this: value ?? null,
    to,
    trailing_comments: [],
    double_colon_syntax: false,
    format: null,
    default: null,
  });
}

function own(name: string, args: readonly (Tree | undefined)[]): Tree {
  return call(`${ours}${name}`, args);
}

function call(name: string, args: readonly (Tree | undefined)[]): Tree {
  return treeOf('function', {
    name,
    args: args.map((arg) => arg ?? null),
    distinct: false,
    trailing_comments: [],
    use_bracket_syntax: false,
    no_parens: false,
    quoted: false,
  });
}

function aggregate(name: string, parts: TreeObject): Tree {
  return treeOf('aggregate_function', {
    name: `${ours}${name}`,
    args: [parts['this'] ?? null],
    distinct: parts['distinct'] ?? false,
    filter: parts['filter'] ?? null,
  });
}

function number(value: number): Tree {
  return treeOf('literal', { literal_type: 'number', value: String(value) });
}

function text(value: string): Tree {
  return treeOf('literal', { literal_type: 'string', value });
}

function clause(part: TreeObject, alias: () => TreeObject): TreeObject {
  if (isIdentifier(part)) return spelt(part);
  return isOrder(part) ? nullsLast(part) : named(part, alias);
}

function isOrder(part: TreeObject): boolean {
  return 'desc' in part && 'nulls_first' in part;
}

/** DuckDB puts NULL last in both directions. */
function nullsLast(order: TreeObject): TreeObject {
  return { ...order, nulls_first: order['nulls_first'] ?? false };
}

function isIdentifier(part: TreeObject): boolean {
  return typeof part['name'] === 'string' && part['quoted'] === false && !('args' in part);
}

/** Names are quoted, so that no word is reserved; DuckDB does not tell upper from lower case. */
function spelt(name: TreeObject): TreeObject {
  return { ...name, name: textOf(name['name']).toLowerCase(), quoted: true };
}

function identifier(name: string): TreeObject {
  return { name, quoted: true, trailing_comments: [] };
}

/** Gives the subqueries in FROM a name where they have none: PostgreSQL before 16 asks for one. */
function named(select: TreeObject, alias: () => TreeObject): TreeObject {
  const { from, joins } = select;
  if (!isList(joins) || !isObject(from) || !isList(from['expressions'])) return select;
  const expressions = from['expressions'].map((relation) => withAlias(relation, alias));
  const joined = joins.map((join) =>
    isObject(join) ? { ...join, this: withAlias(join['this'] ?? null, alias) } : join,
  );
  return { ...select, from: { ...from, expressions }, joins: joined };
}

function withAlias(relation: Tree, alias: () => TreeObject): Tree {
  const node = nodeOf(relation);
  return node?.kind === 'subquery' && !node.parts['alias']
    ? treeOf('subquery', { ...node.parts, alias: alias(), alias_explicit_as: true })
    : relation;
}

/** The relation that stands for a table, under the table's own name. */
function placed(parts: TreeObject, relationOf: RelationOf): TreeObject {
  const { schema, name, alias } = parts;
  if (!isObject(schema) || !isObject(name)) return parts;
  const relation = relationOf(`${textOf(schema['name'])}.${textOf(name['name'])}`);
  if (relation === undefined) return parts;
  return {
    ...parts,
    schema: null,
    name: identifier(relation),
    alias: alias ?? name,
    alias_explicit_as: true,
  };
}
