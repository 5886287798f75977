import { wrapText } from '../font/wrap-text.ts';
import type { HeaderCell, TableHeader } from './table-header.ts';
import type { TableFit } from './table-widths.ts';

/** Line height of Tinos in em. */
const LINE = 1.149;

/** Height of each header row's content, and of each heading's text, in points. */
export interface HeaderHeights {
  readonly rows: readonly number[];
  /** Room above a heading that puts it in the middle of the rows it spans. */
  readonly above: (cell: HeaderCell) => number;
}

/**
 * Computes header row heights so that headings spanning several rows fit and can be centred.
 * @param columnOverhead padding and rule between two columns, in points
 * @param rowOverhead padding and rule between two rows, in points
 */
export function headerHeights(
  header: TableHeader,
  fit: TableFit,
  columnOverhead: number,
  rowOverhead: number,
): HeaderHeights {
  const heightOf = (cell: HeaderCell): number => {
    const width = spanned(fit.widths, cell.column, cell.columnSpan, columnOverhead);
    const weight = cell.role === 'label' ? 'bold' : 'normal';
    return wrapText(cell.text, width, fit.fontSize, weight).length * fit.fontSize * LINE;
  };
  const rows: number[] = Array.from({ length: header.rows }, () => fit.fontSize * LINE);
  for (const cell of [...header.cells].sort((a, b) => a.rowSpan - b.rowSpan)) {
    const missing = heightOf(cell) - spanned(rows, cell.row, cell.rowSpan, rowOverhead);
    if (missing > 0) growRows(rows, cell, missing / cell.rowSpan);
  }
  return {
    rows,
    above: (cell) => (spanned(rows, cell.row, cell.rowSpan, rowOverhead) - heightOf(cell)) / 2,
  };
}

/** Size of neighbours together with what lies between them. */
function spanned(sizes: readonly number[], from: number, count: number, between: number): number {
  const sizesInside = sizes.slice(from, from + count);
  return sizesInside.reduce((total, size) => total + size, 0) + between * (count - 1);
}

function growRows(rows: number[], cell: HeaderCell, each: number): void {
  for (let row = cell.row; row < cell.row + cell.rowSpan; row++) {
    rows[row] = (rows[row] ?? 0) + each;
  }
}
