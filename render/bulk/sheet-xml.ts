import { fitCellText } from '../workbook/cell-text.ts';
import { isExactInExcel } from '../workbook/cell-number.ts';
import { escapeXml } from '../svg-text.ts';
import type { DataColumn, DataValue } from './data-chunk.ts';

/** Style numbers of the cells; {@link dataStyles} defines them in this order. */
const STYLES = { plain: 0, header: 1, integer: 2, date: 3, timestamp: 4, decimal: 5 } as const;
const MOST_DECIMALS = 10;
const MS_PER_DAY = 86_400_000;
/** Day 0 of Excel's calendar (which believes that 1900 was a leap year). */
const EXCEL_EPOCH = Date.UTC(1899, 11, 30);

/** Counts what had to be cut. */
export interface CutCounter {
  cutTexts: number;
}

/** `A`, `B` … `Z`, `AA` …: the letters of a column counted from 0. */
export function columnLetters(index: number): string {
  const last = String.fromCodePoint(65 + (index % 26));
  return index < 26 ? last : columnLetters(Math.floor(index / 26) - 1) + last;
}

/** Opens a sheet: frozen header, column widths, header row. */
export function sheetStart(columns: readonly DataColumn[]): string {
  const widths = columns
    .map((_, index) => `<col min="${index + 1}" max="${index + 1}" width="18" customWidth="1"/>`)
    .join('');
  const header = columns
    .map(({ name }, index) => inlineString(`${columnLetters(index)}1`, name, STYLES.header))
    .join('');
  return (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>' +
    `<cols>${widths}</cols><sheetData><row r="1">${header}</row>`
  );
}

/** Closes a sheet. */
export const SHEET_END = '</sheetData></worksheet>';

/** One cell, nothing for null. Text that looks like a formula stays text. */
export function cellXml(
  value: DataValue,
  column: DataColumn,
  address: string,
  counter: CutCounter,
): string {
  if (value === null) return '';
  const text = String(value);
  const typed = typedXml(text, column, address);
  if (typed !== null) return typed;
  const fitted = fitCellText(text);
  if (fitted.isCut) counter.cutTexts++;
  return inlineString(address, fitted.text, STYLES.plain);
}

/** A number, date or boolean; null when the value does not look like one or would lose digits. */
function typedXml(text: string, column: DataColumn, address: string): string | null {
  switch (column.type) {
    case 'text':
      return null;
    case 'boolean':
      return /^(true|false)$/.test(text)
        ? `<c r="${address}" t="b"><v>${text === 'true' ? 1 : 0}</v></c>`
        : null;
    case 'integer':
      return numberXml(text, STYLES.integer, address);
    case 'decimal':
      return numberXml(
        text,
        STYLES.decimal + Math.min(column.decimals ?? 2, MOST_DECIMALS),
        address,
      );
    case 'date':
      return dateXml(text, /^\d{4}-\d\d-\d\d$/, STYLES.date, address);
    case 'timestamp':
      return dateXml(
        text,
        /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?$/,
        STYLES.timestamp,
        address,
      );
  }
}

function numberXml(text: string, style: number, address: string): string | null {
  if (!/^-?\d+(\.\d+)?$/.test(text) || !isExactInExcel(text)) return null;
  return `<c r="${address}" s="${style}"><v>${text}</v></c>`;
}

function dateXml(text: string, shape: RegExp, style: number, address: string): string | null {
  if (!shape.test(text)) return null;
  const days = (Date.parse(`${isoUtc(text)}Z`) - EXCEL_EPOCH) / MS_PER_DAY;
  // Before 1 March 1900 Excel's calendar differs from ours: such a date stays text.
  return days >= 61 ? `<c r="${address}" s="${style}"><v>${days}</v></c>` : null;
}

function isoUtc(text: string): string {
  return text.length === 10 ? `${text}T00:00:00` : text.replace(' ', 'T');
}

function inlineString(address: string, text: string, style: number): string {
  const kept = /^\s|\s$|\n/.test(text) ? ' xml:space="preserve"' : '';
  const styled = style === STYLES.plain ? '' : ` s="${style}"`;
  return `<c r="${address}"${styled} t="inlineStr"><is><t${kept}>${escapeXml(text)}</t></is></c>`;
}

/** The style sheet: header, integer, date, timestamp, and decimals with 0 to 10 digits. */
export function dataStyles(): string {
  const decimals = Array.from({ length: MOST_DECIMALS + 1 }, (_, digits) =>
    digits === 0 ? '#,##0' : `#,##0.${'0'.repeat(digits)}`,
  );
  const formats = ['#,##0', 'dd/mm/yyyy', 'dd/mm/yyyy hh:mm:ss', ...decimals];
  const numFmts = formats
    .map((code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${escapeXml(code)}"/>`)
    .join('');
  const xfs = formats
    .map(
      (_, index) =>
        `<xf numFmtId="${164 + index}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`,
    )
    .join('');
  const font = '<sz val="11"/><name val="Times New Roman"/>';
  return (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
    `<numFmts count="${formats.length}">${numFmts}</numFmts>` +
    `<fonts count="2"><font>${font}</font><font><b/>${font}</font></fonts>` +
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>' +
    '<fill><patternFill patternType="solid"><fgColor rgb="FFEEF1F4"/></patternFill></fill></fills>' +
    '<borders count="2"><border/><border><left/><right/><top/><bottom style="thin"/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="${formats.length + 2}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
    '<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment horizontal="center" wrapText="1"/></xf>' +
    `${xfs}</cellXfs></styleSheet>`
  );
}
