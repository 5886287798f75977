import { wrapText } from '../font/wrap-text.ts';

export const SHEET_FONT_SIZE = 11;
/** Excel measures columns in digits of its default font: about this many points each. */
const POINTS_PER_CHARACTER = 5.25;
const LINE_HEIGHT = 15;

/** Width of a column in points, from its width in characters. */
export function columnPoints(characters: number): number {
  return characters * POINTS_PER_CHARACTER;
}

/** Height of a row that shows wrapped text in full: not every program finds it on opening. */
export function rowHeight(text: string, characters: number): number {
  return wrapText(text, columnPoints(characters), SHEET_FONT_SIZE).length * LINE_HEIGHT;
}
