import { fileTrouble } from './decode-trouble.ts';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import type { XmlAttributes, XmlHandler } from './xml-reader.ts';

/** Kinds of cells as the file has them (`t` of a cell). */
export type CellKind = 'n' | 's' | 'str' | 'inlineStr' | 'b' | 'e' | 'd';

/** One cell that has a value. Row and column count from 1. */
export interface SheetCell {
  readonly row: number;
  readonly column: number;
  readonly kind: string;
  readonly text: string;
  readonly style: number;
}

/** A block of merged cells; its value is in the first. */
export interface MergedCells {
  readonly fromRow: number;
  readonly fromColumn: number;
  readonly toRow: number;
  readonly toColumn: number;
}

/** What a sheet holds is told as it is read. */
export interface SheetListener {
  cell(cell: SheetCell): void;
  merged(cells: MergedCells): void;
}

/** The largest sheet of the format. */
export const sheetRows = 1_048_576;
const sheetColumns = 16_384;

/**
 * Listens to a work sheet's XML (ECMA-376 Part 1 §18.3). Formulas are never computed: their stored value counts. Cells
 * without an address follow the one before.
 */
export function sheetHandler(file: LandedFile, listener: SheetListener): XmlHandler {
  let row = 0;
  let column = 0;
  let kind = 'n';
  let style = 0;
  let text = '';
  let taking = false;
  let phonetic = false;
  const opened: Readonly<Record<string, (given: XmlAttributes) => void>> = {
    row: (given) => {
      row =
        given['r'] === undefined
          ? row + 1
          : inside(file, Number(given['r']), sheetRows, given['r']);
      column = 0;
    },
    c: (given) => {
      const at = given['r'] === undefined ? undefined : addressed(file, given['r']);
      row = at?.row ?? row;
      column = at?.column ?? column + 1;
      kind = given['t'] ?? 'n';
      style = Number(given['s'] ?? 0);
      text = '';
    },
    v: () => (taking = true),
    t: () => (taking = !phonetic),
    rPh: () => (phonetic = true),
    mergeCell: (given) => listener.merged(blockOf(file, given['ref'] ?? '')),
  };
  const closed: Readonly<Record<string, () => void>> = {
    v: () => (taking = false),
    t: () => (taking = false),
    rPh: () => (phonetic = false),
    c: () => {
      if (text !== '') listener.cell({ row, column, kind, style, text });
    },
  };
  return {
    open: (local, _name, attributes) => {
      if (Object.hasOwn(opened, local)) opened[local]?.(attributes);
    },
    close: (local) => {
      if (Object.hasOwn(closed, local)) closed[local]?.();
    },
    text: (piece) => {
      if (taking) text += piece;
    },
    instruction: () => undefined,
  };
}

function addressed(file: LandedFile, reference: string) {
  const [, letters = '', digits = ''] = /^\$?([A-Z]{1,3})\$?([0-9]{1,7})$/i.exec(reference) ?? [];
  return {
    row: inside(file, Number(digits), sheetRows, reference),
    column: inside(file, columnNumber(letters), sheetColumns, reference),
  };
}

function blockOf(file: LandedFile, reference: string): MergedCells {
  const [from = '', to = from] = reference.split(':');
  const [a, b] = [addressed(file, from), addressed(file, to)];
  return { fromRow: a.row, fromColumn: a.column, toRow: b.row, toColumn: b.column };
}

function inside(file: LandedFile, at: number, most: number, reference: string): number {
  if (Number.isInteger(at) && at >= 1 && at <= most) return at;
  throw fileTrouble('cell-address-invalid', file, reference);
}

/** The number of a column by its letters: A is 1. */
function columnNumber(letters: string): number {
  let number = 0;
  for (const letter of letters.toUpperCase()) number = number * 26 + letter.charCodeAt(0) - 64;
  return number;
}

/** The letters of a column by its number: 28 is AB. */
export function columnLetters(number: number): string {
  const rest = (number - 1) % 26;
  const last = String.fromCharCode(65 + rest);
  return number <= 26 ? last : columnLetters((number - 1 - rest) / 26) + last;
}
