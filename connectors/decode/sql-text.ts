import { literal } from '../../core/sql-text.ts';

/** A list of texts as an SQL list of literals. */
export function literalList(texts: readonly string[]): string {
  return `[${texts.map(literal).join(', ')}]`;
}

/** Rows of texts as the body of a VALUES clause; NULL stays NULL. */
export function valueRows(rows: readonly (readonly (string | null)[])[]): string {
  const cells = (row: readonly (string | null)[]) =>
    row.map((cell) => (cell === null ? 'null::varchar' : literal(cell))).join(', ');
  return `(values ${rows.map((row) => `(${cells(row)})`).join(', ')})`;
}
