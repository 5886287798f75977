import type { Column } from './report-document.ts';

/** One heading cell and how far it reaches. */
export interface HeaderCell {
  readonly text: string;
  readonly columns: number;
  readonly rows: number;
}

/** Heading rows of a table: equal neighbouring groups become one cell; a column without groups reaches down. */
export function headerRows(columns: readonly Column[]): readonly (readonly HeaderCell[])[] {
  const depth = Math.max(...columns.map(({ groups = [] }) => groups.length)) + 1;
  return Array.from({ length: depth }, (_, level) => rowAt(columns, level, depth));
}

function rowAt(columns: readonly Column[], level: number, depth: number): HeaderCell[] {
  const cells: HeaderCell[] = [];
  for (let i = 0; i < columns.length; i += 1) {
    const column = columns[i];
    const groups = column?.groups ?? [];
    if (!column || level > groups.length) continue;
    if (level === groups.length) {
      const unit = column.unit === undefined ? '' : ` (${column.unit})`;
      cells.push({ text: column.label + unit, columns: 1, rows: depth - level });
      continue;
    }
    const span = spanFrom(columns, i, level);
    cells.push({ text: groups[level] ?? '', columns: span, rows: 1 });
    i += span - 1;
  }
  return cells;
}

function spanFrom(columns: readonly Column[], start: number, level: number): number {
  const path = pathOf(columns[start], level);
  let end = start + 1;
  while (end < columns.length && pathOf(columns[end], level) === path) end += 1;
  return end - start;
}

function pathOf(column: Column | undefined, level: number): string {
  const groups = column?.groups ?? [];
  return groups.length > level ? JSON.stringify(groups.slice(0, level + 1)) : '';
}
