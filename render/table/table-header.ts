import { windowText } from '../date-format.ts';
import type { Column, Table } from '../document.ts';

/** One heading and the columns and header rows it covers. */
export interface HeaderCell {
  readonly text: string;
  readonly role: 'label' | 'window' | 'number';
  readonly row: number;
  readonly column: number;
  readonly rowSpan: number;
  readonly columnSpan: number;
}

/** The header of a table as cells on a grid of `rows` × columns. */
export interface TableHeader {
  readonly rows: number;
  readonly cells: readonly HeaderCell[];
}

/**
 * Lays out a table's header: group headings merged over equal neighbours, labels with their unit,
 * a row with the window of each column, and the row of column numbers.
 */
export function tableHeader(table: Table): TableHeader {
  const depth = 1 + Math.max(...table.columns.map((column) => groupsOf(column).length));
  const windowRows = table.columns.some((column) => column.window) ? 1 : 0;
  const numberRows = table.columns.some((column) => column.number !== undefined) ? 1 : 0;
  return {
    rows: depth + windowRows + numberRows,
    cells: [
      ...groupCells(table.columns),
      ...table.columns.map((column, index) => labelCell(column, index, depth + windowRows)),
      ...windowCells(table.columns, depth),
      ...(numberRows > 0 ? numberCells(table.columns, depth + windowRows) : []),
    ],
  };
}

function groupsOf(column: Column): readonly string[] {
  return column.groups ?? [];
}

function groupCells(columns: readonly Column[]): HeaderCell[] {
  const deepest = Math.max(...columns.map((column) => groupsOf(column).length));
  return Array.from({ length: deepest }, (_, row) =>
    runs(columns, (column) => groupPath(column, row)).map(({ start, length }): HeaderCell => ({
      text: groupsOf(columns.at(start) ?? { key: '', label: '' })[row] ?? '',
      role: 'label',
      row,
      column: start,
      rowSpan: 1,
      columnSpan: length,
    })),
  ).flat();
}

/** Equal only when all headings above are equal too; null where the column has no group here. */
function groupPath(column: Column, row: number): string | null {
  const groups = groupsOf(column);
  return row < groups.length ? groups.slice(0, row + 1).join('\u0000') : null;
}

function labelCell(column: Column, index: number, bodyStart: number): HeaderCell {
  const row = groupsOf(column).length;
  const ownRows = column.window ? bodyStart - 1 : bodyStart;
  const unit = column.unit === undefined ? '' : `\n(${column.unit})`;
  return {
    text: column.label + unit,
    role: 'label',
    row,
    column: index,
    rowSpan: ownRows - row,
    columnSpan: 1,
  };
}

function windowCells(columns: readonly Column[], row: number): HeaderCell[] {
  const textOf = (column: Column): string | null => {
    return column.window ? windowText(column.window) : null;
  };
  return runs(columns, textOf).map(({ start, length, key }) => ({
    text: key,
    role: 'window',
    row,
    column: start,
    rowSpan: 1,
    columnSpan: length,
  }));
}

function numberCells(columns: readonly Column[], row: number): HeaderCell[] {
  return columns.map((column, index) => ({
    text: column.number ?? '',
    role: 'number',
    row,
    column: index,
    rowSpan: 1,
    columnSpan: 1,
  }));
}

interface Run {
  readonly start: number;
  readonly length: number;
  readonly key: string;
}

/** Neighbours with the same key; a null key belongs to no run. */
function runs(columns: readonly Column[], keyOf: (column: Column) => string | null): Run[] {
  const found: Run[] = [];
  columns.forEach((column, start) => {
    const key = keyOf(column);
    const last = found.at(-1);
    if (key === null) return;
    if (last && last.key === key && last.start + last.length === start) {
      found[found.length - 1] = { ...last, length: last.length + 1 };
    } else found.push({ start, length: 1, key });
  });
  return found;
}
