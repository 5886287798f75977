import { isList, isObject, nodeOf, textOf, type Tree } from './syntax-tree.ts';

/** Tables named with their layer anywhere in a tree, sorted. */
export function tableKeys(tree: Tree): readonly string[] {
  return [...new Set(keysIn(tree))].sort();
}

function keysIn(tree: Tree | undefined): readonly string[] {
  if (isList(tree)) return tree.flatMap(keysIn);
  if (!isObject(tree)) return [];
  const node = nodeOf(tree);
  if (node?.kind !== 'table') return Object.values(tree).flatMap(keysIn);
  const { schema, name } = node.parts;
  return isObject(schema) && isObject(name)
    ? [`${textOf(schema['name'])}.${textOf(name['name'])}`.toLowerCase()]
    : [];
}
