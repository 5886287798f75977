import { textWidth } from '../font/tinos.ts';
import type { Run } from './inline-text.ts';

/** A word beyond this width (a long address) may be broken by the PDF writer. */
const LONGEST_WORD = 300;
const BODY_SIZE = 13;

/**
 * Cuts runs at spaces into words that are not broken further. pdfmake stretches a justified line
 * at every place where it could break, also inside `766/QĐ-TTg` and between a figure and its comma.
 */
export function justifiedWords(runs: readonly Run[]): readonly Run[] {
  const words: Run[] = [];
  for (const run of runs) {
    for (const piece of run.text.match(/\S+\s*|\s+/g) ?? []) addWord(words, run, piece);
  }
  return words.map((word) => ({
    ...word,
    noWrap: textWidth(word.text, BODY_SIZE, 'bold') < LONGEST_WORD,
  }));
}

function addWord(words: Run[], run: Run, piece: string): void {
  const last = words.at(-1);
  const joins = last && !/\s$/.test(last.text);
  if (joins && sameStyle(last, run)) words[words.length - 1] = { ...last, text: last.text + piece };
  else words.push({ ...run, text: piece });
}

function sameStyle(a: Run, b: Run): boolean {
  return (a.bold ?? false) === (b.bold ?? false) && (a.italics ?? false) === (b.italics ?? false);
}
