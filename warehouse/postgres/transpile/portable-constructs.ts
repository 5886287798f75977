import {
  isList,
  isObject,
  nodeOf,
  textOf,
  type Tree,
  type TreeNode,
  type TreeObject,
} from './syntax-tree.ts';

/** What the parser calls the constructs that carry over, tried one by one by tests/warehouse/both-engines.test.ts. */
const portableKinds = words(`
  select subquery union except intersect table alias column literal boolean null paren star parameter tuple values
  and or not eq neq lt lte gt gte add sub mul div mod neg concat in between like i_like is_null is_true is_false
  null_safe_eq null_safe_neq exists case coalesce cast try_cast interval extract function aggregate_function
  count sum min max avg median logical_and logical_or count_if string_agg
  window_function row_number rank dense_rank lag lead first_value last_value ntile
  lower upper length substring trim abs floor ceil contains starts_with ends_with year month day if_func str_position
  Preceding Following`);

/** Functions without a kind of their own. */
const portableFunctions = words(`
  concat concat_ws split_part greatest least make_date date_trunc date_part lpad rpad nullif replace left right
  round sign trunc ltrim rtrim reverse md5 strip_accents regexp_matches regexp_extract current_date
  current_timestamp now`);

/** Types that both engines have. */
const portableTypes = words(`
  big_int int small_int int128 var_char text boolean date time timestamp interval decimal double`);

/** Parts of SELECTs, sets and stars that would lose their meaning. */
const refusedParts: Readonly<Record<string, readonly string[]>> = {
  select: [
    'lateral_views',
    'distribute_by',
    'cluster_by',
    'sort_by',
    'distinct_on',
    'top',
    'sample',
    'hint',
    'connect',
    'into',
    'locks',
    'fetch',
  ],
  union: ['by_name', 'corresponding'],
  except: ['by_name', 'corresponding'],
  intersect: ['by_name', 'corresponding'],
  star: ['except', 'replace', 'rename'],
};

/** Kinds of join that carry over: the parser drops others without a word. */
const portableJoins = words('Inner Left Right Full Cross Implicit');

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

/** Why a node does not carry over to PostgreSQL, in English; undefined when it does. */
export function refusal(node: TreeNode, isRelation: boolean): string | undefined {
  const { kind, parts } = node;
  if (!portableKinds.has(kind)) return spoken(kind);
  const part = refusedParts[kind]?.find((name) => isPresent(parts[name]));
  if (part !== undefined) return `${spoken(kind)} … ${spoken(part)}`;
  return particular[kind]?.(parts, isRelation);
}

type Refusal = (parts: TreeObject, isRelation: boolean) => string | undefined;

/** Fields of dates and times that both engines count alike. */
const dateFields = words(
  'year month day quarter week dayofweek dayofyear isodow isoyear hour minute second epoch',
);

const particular: Readonly<Record<string, Refusal>> = {
  select: (parts) => joinRefusal(parts) ?? groupRefusal(parts) ?? orderRefusal(parts),
  function: (parts, isRelation) => functionRefusal(parts, isRelation),
  aggregate_function: (parts) => `${textOf(parts['name'])}()`,
  cast: (parts) => typeRefusal(parts['to']),
  try_cast: (parts) => typeRefusal(parts['to']),
  window_function: ({ this: call }) =>
    ['avg', 'median', 'string_agg'].includes(nodeOf(call)?.kind ?? '')
      ? 'avg, median or string_agg over a window'
      : undefined,
  extract: ({ field }) => fieldRefusal(dateField(field)),
  substring: ({ start }) => (isPositive(start) ? undefined : 'substring from a computed place'),
  like: (parts) => (isPresent(parts['quantifier']) ? 'like any' : undefined),
};

function joinRefusal({ joins }: TreeObject): string | undefined {
  const kinds = isList(joins) ? joins.map((join) => (isObject(join) ? join['kind'] : '')) : [];
  const other = kinds.find((kind) => typeof kind !== 'string' || !portableJoins.has(kind));
  return other === undefined ? undefined : `${spoken(textOf(other))} join`;
}

function groupRefusal({ group_by: group }: TreeObject): string | undefined {
  return isObject(group) && isPresent(group['all']) ? 'group by all' : undefined;
}

function orderRefusal({ order_by: order }: TreeObject): string | undefined {
  const by = isObject(order) && isList(order['expressions']) ? order['expressions'] : [];
  const names = by.map((item) => (isObject(item) ? nameOf(item['this']) : undefined));
  return names.includes('all') ? 'order by all' : undefined;
}

function nameOf(tree: Tree | undefined): string | undefined {
  const name = nodeOf(tree)?.parts['name'];
  return isObject(name) ? textOf(name['name']).toLowerCase() : undefined;
}

function functionRefusal({ name, distinct }: TreeObject, isRelation: boolean): string | undefined {
  const called = textOf(name).toLowerCase();
  const isPortable = isRelation ? called === 'generate_series' : portableFunctions.has(called);
  return isPortable && distinct !== true ? undefined : `${called}()`;
}

/** The field that `extract` names, in lower case: the parser knows some by themselves and calls the others custom. */
export function dateField(field: Tree | undefined): string {
  return textOf(isObject(field) ? field['Custom'] : field).toLowerCase();
}

function fieldRefusal(field: string): string | undefined {
  return dateFields.has(field) ? undefined : `extract(${field} …)`;
}

function typeRefusal(to: Tree | undefined): string | undefined {
  const type = isObject(to) ? textOf(to['data_type']) : '';
  return portableTypes.has(type) ? undefined : `the type ${spoken(type)}`;
}

function isPositive(tree: Tree | undefined): boolean {
  const node = nodeOf(tree);
  return node?.kind === 'literal' && Number(node.parts['value']) > 0;
}

function isPresent(part: Tree | undefined): boolean {
  return isList(part) ? part.length > 0 : part !== undefined && part !== null && part !== false;
}

function spoken(name: string): string {
  return name.replaceAll('_', ' ').toLowerCase();
}
