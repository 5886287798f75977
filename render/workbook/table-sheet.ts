import type { Worksheet } from 'exceljs';
import type { Language } from '../../core/localized.ts';
import type { Cell, Column, ReportDocument, Row, Table } from '../document.ts';
import { columnDemands } from '../table/column-demands.ts';
import { headerHeights } from '../table/header-heights.ts';
import type { ColumnDemand } from '../table/table-widths.ts';
import { tableHeader, type TableHeader } from '../table/table-header.ts';
import { wordingIn } from '../wording.ts';
import { columnPoints, SHEET_FONT_SIZE } from './sheet-size.ts';
import { sheetHead } from './sheet-head.ts';
import type { CellReference, CellStyle } from './sheet-writer.ts';
import { SheetWriter } from './sheet-writer.ts';

const THIN = { style: 'thin' } as const;
const GRID = { top: THIN, left: THIN, bottom: THIN, right: THIN };
const HEADER_STYLE: CellStyle = {
  font: { bold: true },
  alignment: { horizontal: 'center', vertical: 'middle', wrapText: true },
  border: GRID,
  fill: { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFEEF1F4' } },
};
const WIDEST = 48;
const NARROWEST = 5;

/** Lays a table on its own sheet: head, header, rows, notes and check lines. */
export function writeTableSheet(
  sheet: Worksheet,
  table: Table,
  document: ReportDocument,
): readonly CellReference[] {
  const writer = new SheetWriter(sheet, document.language);
  const header = tableHeader(table);
  const headerRow = sheetHead(writer, document, table.title, table.unitNote) + 1;
  const bodyRow = headerRow + header.rows;
  writeHeader(writer, header, headerRow);
  table.rows.forEach((row, index) => writeRow(writer, row, table.columns, bodyRow + index));
  const rows =
    table.rows.length > 0 ? table.rows.length : writeNoRows(writer, table, document, bodyRow);
  writeBelow(writer, table, document, bodyRow + rows + 1);
  setUp(sheet, table, header, { headerRow, bodyRow }, document.language);
  return writer.references;
}

function writeHeader(writer: SheetWriter, header: TableHeader, top: number): void {
  for (const cell of header.cells) {
    const [row, column] = [top + cell.row, cell.column + 1];
    const [lastRow, lastColumn] = [row + cell.rowSpan - 1, column + cell.columnSpan - 1];
    for (let r = row; r <= lastRow; r++) {
      for (let c = column; c <= lastColumn; c++) writer.text(r, c, '', HEADER_STYLE);
    }
    writer.merge(row, column, lastRow, lastColumn);
    writer.text(row, column, cell.text, {
      ...HEADER_STYLE,
      font: { bold: cell.role === 'label' },
    });
  }
}

function writeRow(writer: SheetWriter, row: Row, columns: readonly Column[], at: number): void {
  if (row.kind === 'group') {
    columns.forEach((_, index) => writer.text(at, index + 1, '', { border: GRID }));
    writer.merge(at, 1, at, columns.length);
    writer.text(at, 1, row.label, { font: { bold: true }, border: GRID });
    return;
  }
  const font = row.kind === 'total' ? { bold: true } : {};
  row.cells.forEach((cell, index) => {
    writeCell(writer, cell, at, index + 1, columns[index], { font, border: GRID });
  });
}

function writeCell(
  writer: SheetWriter,
  cell: Cell,
  row: number,
  column: number,
  definition: Column | undefined,
  style: CellStyle,
): void {
  if (cell.kind === 'figure') writer.figure(row, column, cell, style);
  else if (cell.kind === 'empty') writer.text(row, column, '', style);
  else {
    const alignment = { horizontal: definition?.align ?? 'left', wrapText: true } as const;
    writer.text(row, column, cell.text, { ...style, alignment });
  }
}

function writeNoRows(
  writer: SheetWriter,
  table: Table,
  document: ReportDocument,
  at: number,
): number {
  writer.merge(at, 1, at, table.columns.length);
  writer.text(at, 1, wordingIn(document.language).noRows, {
    font: { italic: true },
    alignment: { horizontal: 'center' },
  });
  return 1;
}

function writeBelow(
  writer: SheetWriter,
  { notes = [], checks = [] }: Table,
  document: ReportDocument,
  top: number,
): void {
  const words = wordingIn(document.language);
  const italic = { font: { italic: true } };
  notes.forEach((note, index) => {
    const label = { kind: 'text', text: index === 0 ? `${words.notes}: ` : '- ' } as const;
    writer.inlines(top + index, 1, [label, ...note], italic);
  });
  checks.forEach(({ inlines, holds }, index) => {
    const label = { kind: 'text', text: `${words.checks}: ` } as const;
    const outcome = { kind: 'text', text: ` (${holds ? words.holds : words.fails})` } as const;
    writer.inlines(top + notes.length + index, 1, [label, ...inlines, outcome], italic);
  });
}

/** Column widths, frozen header and the rows repeated on every printed page. */
function setUp(
  sheet: Worksheet,
  table: Table,
  header: TableHeader,
  { headerRow, bodyRow }: { readonly headerRow: number; readonly bodyRow: number },
  language: Language,
): void {
  const demands = columnDemands(table, header, language);
  const widths = demands.map(columnWidth);
  widths.forEach((width, index) => (sheet.getColumn(index + 1).width = width));
  const fit = { fontSize: SHEET_FONT_SIZE, widths: widths.map(columnPoints) };
  headerHeights(header, fit, 0, 0).rows.forEach((height, index) => {
    sheet.getRow(headerRow + index).height = height + 4;
  });
  const xSplit = table.columns.findIndex((_, index) => holdsFigures(table, index));
  sheet.views = [{ state: 'frozen', xSplit: Math.max(xSplit, 0), ySplit: bodyRow - 1 }];
  sheet.pageSetup.printTitlesRow = `${headerRow}:${bodyRow - 1}`;
}

/** In characters: what the column asks for, kept within reason. */
function columnWidth({ most }: ColumnDemand): number {
  const characters = (most * SHEET_FONT_SIZE) / columnPoints(1) + 2;
  return Math.min(Math.max(characters, NARROWEST), WIDEST);
}

function holdsFigures(table: Table, index: number): boolean {
  return cellsOf(table, index).some((cell) => cell.kind === 'figure');
}

function cellsOf(table: Table, index: number): Cell[] {
  return table.rows.flatMap((row) => {
    const cell = row.kind === 'group' ? undefined : row.cells[index];
    return cell ? [cell] : [];
  });
}
