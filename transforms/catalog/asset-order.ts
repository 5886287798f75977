/** A node of the asset graph. */
export interface AssetNode {
  readonly key: string;
  readonly dependsOn: readonly string[];
}

/** Nodes with inputs first, or the cycles that forbid it (each as the path `a → b → a`). */
export type AssetOrder<N extends AssetNode> =
  | { readonly ok: true; readonly order: readonly N[] }
  | { readonly ok: false; readonly cycles: readonly string[] };

/** Orders nodes so that each comes after what it reads; keys decide between equals. Tables outside are ignored. */
export function orderAssets<N extends AssetNode>(nodes: readonly N[]): AssetOrder<N> {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const order: N[] = [];
  const done = new Set<string>();
  const cycles: string[] = [];

  function visit(node: N, path: readonly string[]): void {
    if (path.includes(node.key)) {
      cycles.push([...path.slice(path.indexOf(node.key)), node.key].join(' → '));
      return;
    }
    if (done.has(node.key)) return;
    for (const key of node.dependsOn) {
      const input = byKey.get(key);
      if (input) visit(input, [...path, node.key]);
    }
    done.add(node.key);
    order.push(node);
  }

  for (const node of nodes.toSorted((a, b) => (a.key < b.key ? -1 : 1))) visit(node, []);
  return cycles.length > 0 ? { ok: false, cycles } : { ok: true, order };
}
