import { cleanText } from '../clean-text.ts';

/** Excel's limit on one cell; a longer one makes it "repair" the file. */
const LONGEST_CELL = 32_767;
const CUT_MARK = '… [đã cắt – cut]';

/** A text fit for a workbook cell, and whether its end had to be cut off. */
export interface FittedText {
  readonly text: string;
  readonly isCut: boolean;
}

/**
 * Cleans text and cuts it, with a mark, at Excel's limit of 32,767 characters. `_x0041_` would be
 * read as the letter A, so the underscore that starts such a sequence is written as its own code.
 */
export function fitCellText(text: string): FittedText {
  const written = cleanText(text).replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
  if (written.length <= LONGEST_CELL) return { text: written, isCut: false };
  const kept = written.slice(0, LONGEST_CELL - CUT_MARK.length).replace(/[\ud800-\udbff]$/, '');
  return { text: kept + CUT_MARK, isCut: true };
}

/** Takes back the escape of {@link fitCellText}, as Excel does when it opens the file. */
export function readCellText(written: string): string {
  return written.replace(/_x005F_(?=x[0-9A-Fa-f]{4}_)/g, '_');
}
