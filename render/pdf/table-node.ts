import type { Language } from '../../core/localized.ts';
import type { Cell, CheckLine, Column, Inline, Row, Table } from '../document.ts';
import { figureText } from '../figure-text.ts';
import { printableText } from '../font/tinos.ts';
import { columnDemands } from '../table/column-demands.ts';
import { headerHeights, type HeaderHeights } from '../table/header-heights.ts';
import { tableHeader, type HeaderCell, type TableHeader } from '../table/table-header.ts';
import { fitTable } from '../table/table-widths.ts';
import { wordingIn, type Wording } from '../wording.ts';
import { inlineNodes } from './inline-text.ts';
import type { PdfNode, TableCell, TableLayout } from './pdf-node.ts';

const PADDING = 2.5;
const RULE = 0.5;
const ABOVE = 1.5;
const BELOW = 2.5;
/** A table this short stays on one page: its last row alone on the next would be lost to the reader. */
const KEPT_ROWS = 8;
const COLUMN_OVERHEAD = 2 * PADDING + RULE;
const ROW_OVERHEAD = ABOVE + BELOW + RULE;

const LAYOUT: TableLayout = {
  hLineWidth: () => RULE,
  vLineWidth: () => RULE,
  paddingLeft: () => PADDING,
  paddingRight: () => PADDING,
  paddingTop: () => ABOVE,
  paddingBottom: () => BELOW,
};

/**
 * A table with its title, unit line, header repeated on every page, notes and check lines.
 * @param available width between the margins, in points
 */
export function tableNodes(table: Table, available: number, language: Language): PdfNode[] {
  const words = wordingIn(language);
  return [
    gridNode(table, available - RULE, language),
    ...noteNodes(table.notes ?? [], words, language),
    ...checkNodes(table.checks ?? [], words, language),
  ];
}

/** Title and unit as rows without rules: they stay with the table and return on every page. */
function titleRows({ title, unitNote, columns }: Table): TableCell[][] {
  const heading = {
    text: printableText(title),
    bold: true,
    fontSize: 13,
    alignment: 'center',
  } as const;
  const unit = { text: printableText(unitNote ?? ''), italics: true, alignment: 'right' } as const;
  const lines = unitNote === undefined ? [heading] : [heading, unit];
  return lines.map((line) => {
    const cells = blanks(columns.length);
    cells[0] = {
      ...line,
      border: [false, false, false, false],
      ...(columns.length > 1 ? { colSpan: columns.length } : {}),
    };
    return cells;
  });
}

function gridNode(table: Table, available: number, language: Language): PdfNode {
  const header = tableHeader(table);
  const demands = columnDemands(table, header, language);
  const fit = fitTable(table.id, demands, available, COLUMN_OVERHEAD);
  const heights = headerHeights(header, fit, COLUMN_OVERHEAD, ROW_OVERHEAD);
  const titles = titleRows(table);
  return {
    table: {
      widths: fit.widths,
      headerRows: titles.length + header.rows,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      heights: (row) => heights.rows[row - titles.length] ?? 'auto',
      body: [
        ...titles,
        ...headerRows(header, heights, table.columns.length),
        ...bodyRows(table, language),
      ],
    },
    layout: { ...LAYOUT, hLineWidth: (line) => (line < titles.length ? 0 : RULE) },
    unbreakable: table.rows.length <= KEPT_ROWS,
    fontSize: fit.fontSize,
    lineHeight: 1,
    margin: [0, 6, 0, 6],
  };
}

function headerRows(header: TableHeader, heights: HeaderHeights, columns: number): TableCell[][] {
  const grid = Array.from({ length: header.rows }, () => blanks(columns));
  for (const cell of header.cells) {
    const row = grid[cell.row];
    if (row) row[cell.column] = headerNode(cell, heights.above(cell));
  }
  return grid;
}

function headerNode(cell: HeaderCell, above: number): TableCell {
  return {
    text: printableText(cell.text),
    bold: cell.role === 'label',
    alignment: 'center',
    margin: [0, above, 0, 0],
    noWrap: cell.role === 'number',
    fillColor: '#eef1f4',
    ...(cell.rowSpan > 1 ? { rowSpan: cell.rowSpan } : {}),
    ...(cell.columnSpan > 1 ? { colSpan: cell.columnSpan } : {}),
  };
}

function bodyRows(table: Table, language: Language): TableCell[][] {
  const { length } = table.columns;
  if (table.rows.length === 0) return [spanningRow(wordingIn(language).noRows, length, false)];
  return table.rows.map((row) =>
    row.kind === 'group'
      ? spanningRow(row.label, length, true)
      : row.cells.map((cell, index) => cellNode(cell, table.columns[index], row.kind, language)),
  );
}

function spanningRow(label: string, columns: number, bold: boolean): TableCell[] {
  const cells = blanks(columns);
  cells[0] = {
    text: printableText(label),
    bold,
    italics: !bold,
    alignment: bold ? 'left' : 'center',
    ...(columns > 1 ? { colSpan: columns } : {}),
  };
  return cells;
}

function blanks(columns: number): TableCell[] {
  return Array.from({ length: columns }, () => ({ text: '' }));
}

function cellNode(
  cell: Cell,
  column: Column | undefined,
  rowKind: Row['kind'],
  language: Language,
): TableCell {
  const bold = rowKind === 'total';
  if (cell.kind === 'empty') return { text: '' };
  if (cell.kind === 'figure') {
    return { text: figureText(cell, language), alignment: 'right', noWrap: true, bold };
  }
  return {
    text: printableText(cell.text),
    alignment: column?.align ?? 'left',
    bold: bold || cell.bold === true,
    italics: cell.italic === true,
  };
}

function noteNodes(
  notes: readonly (readonly Inline[])[],
  words: Wording,
  language: Language,
): PdfNode[] {
  return notes.map((note, index) => ({
    text: [
      { text: index === 0 ? `${words.notes}: ` : '- ', italics: true },
      ...inlineNodes(note, language),
    ],
    fontSize: 11,
    margin: [0, 0, 0, 2],
  }));
}

function checkNodes(checks: readonly CheckLine[], words: Wording, language: Language): PdfNode[] {
  return checks.map((check) => ({
    text: [
      { text: `${words.checks}: `, italics: true },
      ...inlineNodes(check.inlines, language),
      { text: ` (${check.holds ? words.holds : words.fails})`, bold: !check.holds },
    ],
    fontSize: 11,
    margin: [0, 0, 0, 2],
  }));
}
