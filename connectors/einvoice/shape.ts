import type { Field } from './field.ts';

/** A table that rows are drawn into: each element at one of `paths` gives a row. */
export interface TableSource {
  readonly name: string;
  /** Element paths inside the parent's element; a table without parent starts wherever its element stands. */
  readonly paths: readonly string[];
  readonly fields: readonly Field[];
  readonly children: readonly TableSource[];
}

/** One element that the mapping knows; made once from the tables. */
export interface ShapeNode {
  readonly children: Map<string, ShapeNode>;
  /** Slots of the field whose text or attributes stand here; -1 = no text wanted. */
  slot: number;
  readonly attributes: Map<string, number>;
  /** Set where a row starts. */
  table: TableSource | undefined;
}

/** The tree of known elements of a table and its children, by local name from the table's element down. */
export function shapeOf(table: TableSource): ShapeNode {
  const root = emptyNode();
  fill(root, table);
  return root;
}

function emptyNode(): ShapeNode {
  return { children: new Map(), slot: -1, attributes: new Map(), table: undefined };
}

function fill(root: ShapeNode, table: TableSource): void {
  root.table = table;
  table.fields.forEach((field, slot) => {
    for (const path of field.paths) {
      const [elements = '', attribute] = path.split('@');
      const node = descend(root, elements);
      if (attribute === undefined) node.slot = slot;
      else node.attributes.set(attribute, slot);
    }
  });
  for (const child of table.children)
    for (const path of child.paths) fill(descend(root, path), child);
}

function descend(root: ShapeNode, path: string): ShapeNode {
  let node = root;
  for (const name of path.split('/').filter((part) => part !== '')) {
    const next = node.children.get(name) ?? emptyNode();
    node.children.set(name, next);
    node = next;
  }
  return node;
}
