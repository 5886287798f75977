import type { Language } from '../../core/localized.ts';
import type { Cell, Table } from '../document.ts';
import { figureText } from '../figure-text.ts';
import { printableText, textWidth } from '../font/tinos.ts';
import { breakable } from '../font/wrap-text.ts';
import type { TableHeader } from './table-header.ts';
import type { ColumnDemand } from './table-widths.ts';

/** Beyond this many em a label is broken rather than given more of the page. */
const LONGEST_WISH = 22;
/** A column of names gets at least this many em where its names are that long: figures in small print cost less paper. */
const LEAST_NAME = 8;
/** A single "word" longer than this is broken inside: a code must not push the figures off. */
const LONGEST_WORD = 9;

/** Rounding in the PDF writer must not break a figure. */
const SLACK = 1.02;

/** Measures what each column asks for, in em of Tinos, bold as the widest style used. */
export function columnDemands(
  table: Table,
  header: TableHeader,
  language: Language,
): readonly ColumnDemand[] {
  return table.columns.map((_, index) => {
    const headings = header.cells
      .filter((cell) => cell.column <= index && index < cell.column + cell.columnSpan)
      .map((cell) => headingDemand(cell.text, cell.columnSpan));
    const cells = table.rows.flatMap((row) =>
      row.kind === 'group' ? [] : [cellDemand(row.cells[index], language)],
    );
    return widest([...headings, ...cells]);
  });
}

/** Headings break at spaces only and never ask for more than their longest word. */
function headingDemand(text: string, columnSpan: number): ColumnDemand {
  const word = longestWord(text) / columnSpan;
  return { least: word, most: word };
}

function cellDemand(cell: Cell | undefined, language: Language): ColumnDemand {
  if (cell === undefined || cell.kind === 'empty') return { least: 0, most: 0 };
  if (cell.kind === 'figure') {
    const width = em(figureText(cell, language));
    return { least: width, most: width };
  }
  return {
    least: largest([
      Math.min(longestWord(cell.text), LONGEST_WORD),
      Math.min(em(cell.text), LEAST_NAME),
    ]),
    most: Math.min(em(cell.text), LONGEST_WISH),
  };
}

function longestWord(text: string): number {
  return largest(breakable(text).map((piece) => em(piece.trimEnd())));
}

function em(text: string): number {
  return textWidth(printableText(text), 1, 'bold') * SLACK;
}

function widest(demands: readonly ColumnDemand[]): ColumnDemand {
  const least = largest(demands.map((demand) => demand.least));
  return { least, most: largest([least, ...demands.map((demand) => demand.most)]) };
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
