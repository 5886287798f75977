/** A syntax tree as the transpiler's parser gives it: plain JSON. */
export type Tree = string | number | boolean | null | readonly Tree[] | TreeObject;

/** A part of it with named fields. */
export interface TreeObject {
  readonly [field: string]: Tree | undefined;
}

/** An expression or clause: its kind, and what it is made of. */
export interface TreeNode {
  readonly kind: string;
  readonly parts: TreeObject;
}

/** Whether a value is a part with named fields. */
export function isObject(tree: Tree | undefined): tree is TreeObject {
  return typeof tree === 'object' && tree !== null && !isList(tree);
}

/** Whether a value is a list of parts. */
export function isList(tree: Tree | undefined): tree is readonly Tree[] {
  return Array.isArray(tree);
}

/** Fields that stand alone in a clause without being a kind of expression. */
const clauseFields: ReadonlySet<string> = new Set(['this', 'expressions', 'data_type']);

/** The node that a part is, if it is one: an object of one field, which is the kind. */
export function nodeOf(tree: Tree | undefined): TreeNode | undefined {
  if (!isObject(tree)) return undefined;
  const [kind, ...others] = Object.keys(tree);
  if (kind === undefined || others.length > 0 || clauseFields.has(kind)) return undefined;
  const parts = tree[kind];
  return { kind, parts: isObject(parts) ? parts : {} };
}

/** A name, number or word of a tree; empty for a part with fields. */
export function textOf(tree: Tree | undefined): string {
  return typeof tree === 'string' || typeof tree === 'number' ? String(tree) : '';
}

/** A node as the parser writes it. */
export function treeOf(kind: string, parts: TreeObject): TreeObject {
  return { [kind]: parts };
}

/** Rebuilds a tree from its leaves upwards. */
export function rebuild(tree: Tree, change: (part: TreeObject) => Tree): Tree {
  if (isList(tree)) return tree.map((item) => rebuild(item, change));
  if (!isObject(tree)) return tree;
  const fields: Record<string, Tree> = {};
  for (const [name, part] of Object.entries(tree)) {
    if (part !== undefined) fields[name] = rebuild(part, change);
  }
  return change(fields);
}

/** The line and column (from 1) nearest to a part: the first place named inside it. */
export function placeOf(
  tree: Tree | undefined,
): { readonly line: number; readonly column: number } | undefined {
  if (isList(tree)) return first(tree);
  if (!isObject(tree)) return undefined;
  const { span } = tree;
  if (isObject(span) && typeof span['line'] === 'number' && typeof span['column'] === 'number') {
    return { line: span['line'], column: span['column'] };
  }
  return first(Object.values(tree));
}

function first(parts: readonly (Tree | undefined)[]) {
  for (const part of parts) {
    const place = placeOf(part);
    if (place) return place;
  }
  return undefined;
}
