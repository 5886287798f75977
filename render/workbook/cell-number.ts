import type { Language } from '../../core/localized.ts';
import type { Figure, FigureFormat } from '../document.ts';
import { figureText, openValue } from '../figure-text.ts';

/** Excel keeps 15 significant digits. */
const EXACT_DIGITS = 15;

/** A figure as a workbook keeps it: a number with its format, or the mark as text. */
export interface FigureCell {
  readonly value: number | string;
  readonly numberFormat: string | null;
}

/** The cell of a figure; a number Excel could not hold exactly is written as text. */
export function figureCell(figure: Figure, language: Language): FigureCell {
  const value = openValue(figure);
  if (value === null || !isExactInExcel(value)) {
    return { value: figureText(figure, language), numberFormat: null };
  }
  return { value: Number(value), numberFormat: numberFormat(figure.format) };
}

/** Whether decimal text survives as an Excel number. */
export function isExactInExcel(value: string): boolean {
  return value.replace(/[-.]/g, '').replace(/^0+/, '').length <= EXACT_DIGITS;
}

/** Excel's format code; separators follow the reader's own settings. */
export function numberFormat(format: FigureFormat): string {
  const digits = format.decimals > 0 ? `#,##0.${'0'.repeat(format.decimals)}` : '#,##0';
  const code = digits + suffixOf(format);
  return format.sign === true ? `+${code};-${code};${code}` : code;
}

function suffixOf({ unit }: FigureFormat): string {
  if (unit === 'percent') return '"%"';
  return unit === 'percentage-point' ? '" điểm %"' : '';
}
