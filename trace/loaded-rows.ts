import type { RowProvenance } from '../transforms/catalog/row-provenance.ts';
import type { RowsWanted } from './source-rows.ts';

/**
 * Follows declared provenance from a fact's rows, through derived tables, down to loaded ones. A table reached on several
 * ways gets the conditions of all. Tables get aliases by depth, so that one condition can stand inside another.
 */
export function loadedRows(
  fact: RowsWanted,
  provenanceOf: (asset: string) => readonly RowProvenance[] | undefined,
): readonly RowsWanted[] {
  const loaded = new Map<string, RowsWanted>();
  const open: (RowsWanted & { readonly depth: number })[] = [{ ...fact, depth: 0 }];
  for (const from of open) {
    const inputs = provenanceOf(from.asset);
    if (!inputs) {
      loaded.set(from.asset, joined(loaded.get(from.asset), from));
      continue;
    }
    const depth = from.depth + 1;
    for (const input of inputs) {
      const alias = provenanceOf(input.asset) ? `t${depth}` : 's';
      open.push({ asset: input.asset, alias, where: reachedFrom(from, input, alias), depth });
    }
  }
  return [...loaded.values()];
}

function joined(before: RowsWanted | undefined, { asset, alias, where }: RowsWanted): RowsWanted {
  if (!before) return { asset, alias, where };
  return { asset, alias, where: `${before.where} or ${where}` };
}

/** Condition on an input's rows: some row of the table that reads it was made of them. */
function reachedFrom(from: RowsWanted, { on, match }: RowProvenance, alias: string): string {
  const equal = Object.entries(on).map(
    ([own, theirs]) => `${from.alias}.${own} is not distinct from ${alias}.${theirs}`,
  );
  const matched = match === undefined ? [] : [`(${aliased(match, from.alias, alias)})`];
  const conditions = [...equal, ...matched, `(${from.where})`].join(' and ');
  return `exists (select 1 from ${from.asset} ${from.alias} where ${conditions})`;
}

function aliased(match: string, own: string, theirs: string): string {
  return match.replace(/\bf\./g, `${own}.`).replace(/\bs\./g, `${theirs}.`);
}
