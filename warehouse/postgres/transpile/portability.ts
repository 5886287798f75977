import { refusal } from './portable-constructs.ts';
import { isList, isObject, nodeOf, placeOf, type Tree } from './syntax-tree.ts';

/** A construct that does not carry over, with its place where the parser tells it: line and column from 1. */
export interface Unportable {
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** In English: for the developer who wrote the SQL. */
  readonly construct: string;
}

/** Everything in a syntax tree that does not carry over to PostgreSQL with equal results. */
export function unportable(tree: Tree): readonly Unportable[] {
  return look(tree, false);
}

function look(tree: Tree | undefined, isRelation: boolean): readonly Unportable[] {
  if (isList(tree)) return tree.flatMap((item) => look(item, isRelation));
  if (!isObject(tree)) return [];
  const node = nodeOf(tree);
  if (!node)
    return Object.entries(tree).flatMap(([field, part]) =>
      look(part, isRelation && field === 'expressions'),
    );
  const construct = refusal(node, isRelation);
  // A relation may be an alias around the function that makes its rows.
  const inner = isRelation && node.kind === 'alias';
  const within = Object.entries(node.parts).flatMap(([field, part]) =>
    field === 'field'
      ? []
      : field === 'joins'
        ? joined(part)
        : look(part, inner || field === 'from'),
  );
  return construct === undefined ? within : [{ ...where(tree), construct }, ...within];
}

function joined(joins: Tree | undefined): readonly Unportable[] {
  if (!isList(joins)) return [];
  return joins.flatMap((join) =>
    isObject(join) ? [...look(join['this'], true), ...look(join['on'], false)] : [],
  );
}

function where(tree: Tree): Pick<Unportable, 'line' | 'column'> {
  const place = placeOf(tree);
  return { line: place?.line, column: place?.column };
}
