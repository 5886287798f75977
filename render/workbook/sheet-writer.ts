import type { Style, Worksheet } from 'exceljs';
import type { Language } from '../../core/localized.ts';
import type { Figure, Inline } from '../document.ts';
import { figureText } from '../figure-text.ts';
import { figureCell } from './cell-number.ts';
import { SHEET_FONT_SIZE } from './sheet-size.ts';
import { fitCellText } from './cell-text.ts';

/** Where a figure went: one line of the reference sheet. */
export interface CellReference {
  readonly sheet: string;
  readonly address: string;
  readonly figure: Figure;
  readonly printed: string;
}

export type CellStyle = Partial<Pick<Style, 'font' | 'alignment' | 'border' | 'fill'>>;

const FONT = { name: 'Times New Roman', size: SHEET_FONT_SIZE };

/**
 * Writes cells of one sheet and remembers where each figure went. Only strings and numbers reach
 * exceljs: an object from data could become a formula, a link or worse (CVE-2026-78207).
 */
export class SheetWriter {
  readonly references: CellReference[] = [];
  private readonly sheet: Worksheet;
  private readonly language: Language;

  constructor(sheet: Worksheet, language: Language) {
    this.sheet = sheet;
    this.language = language;
  }

  /** Writes text; what starts with `=` stays text. */
  text(row: number, column: number, text: string, style: CellStyle = {}): void {
    this.put(row, column, fitCellText(text).text, style);
  }

  /** Writes a figure as a number with its format, or its mark as text. */
  figure(row: number, column: number, figure: Figure, style: CellStyle = {}): void {
    const { value, numberFormat } = figureCell(figure, this.language);
    const cell = this.put(row, column, value, { alignment: { horizontal: 'right' }, ...style });
    if (numberFormat !== null) cell.numFmt = numberFormat;
    this.remember(cell.address, figure);
  }

  /** Writes a line of text and figures into one cell. */
  inlines(row: number, column: number, inlines: readonly Inline[], style: CellStyle = {}): void {
    const texts = inlines.map((inline) =>
      inline.kind === 'text' ? inline.text : figureText(inline, this.language),
    );
    const cell = this.put(row, column, fitCellText(texts.join('')).text, style);
    for (const inline of inlines) if (inline.kind === 'figure') this.remember(cell.address, inline);
  }

  /** Merges a block of cells; both corners are counted from 1 and included. */
  merge(row: number, column: number, lastRow: number, lastColumn: number): void {
    if (lastRow > row || lastColumn > column) {
      this.sheet.mergeCells(row, column, lastRow, lastColumn);
    }
  }

  private put(row: number, column: number, value: string | number, style: CellStyle) {
    const cell = this.sheet.getCell(row, column);
    cell.value = value;
    cell.font = { ...FONT, ...style.font };
    if (style.alignment) cell.alignment = style.alignment;
    if (style.border) cell.border = style.border;
    if (style.fill) cell.fill = style.fill;
    return cell;
  }

  private remember(address: string, figure: Figure): void {
    const printed = figureText(figure, this.language);
    this.references.push({ sheet: this.sheet.name, address, figure, printed });
  }
}
