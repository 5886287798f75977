import { formatCell } from '../../core/reference.ts';
import type { Figure, FigureFormat, Mark } from '../../render/document.ts';
import { rowAt, type FigureTable } from '../../transforms/catalog/figure-table.ts';

/** How the figures of a column are written. */
export interface FigureStyle {
  readonly format: FigureFormat;
  /** The mark of a figure that has no value. */
  readonly whenNull: Mark;
  /** A mark instead of 0, where 0 means that nothing happened. */
  readonly whenZero?: Mark;
}

/** Counts: no decimals, `…` where nothing was collected. */
export const COUNT: FigureStyle = { format: { decimals: 0 }, whenNull: 'not-collected' };

/** Percentages with two decimals; — where the denominator is 0 (QĐ 766: never 0 %). */
export const RATE: FigureStyle = {
  format: { decimals: 2, unit: 'percent' },
  whenNull: 'no-denominator',
};

/**
 * A computed cell as a figure of the document, with the reference it traces by.
 * @throws TypeError when the table has no such cell: a report prints nothing that it did not compute
 */
export function figureOf(
  table: FigureTable,
  key: readonly string[],
  column: string,
  style: FigureStyle,
): Figure {
  const value = valueAt(table, key, column);
  const ref = formatCell({ table: table.id, row: key, column });
  return { kind: 'figure', ref, value, mark: markOf(value, style), format: style.format };
}

/** The exact text behind a cell; null where there is none. Throws TypeError when the table has no such cell. */
export function valueAt(table: FigureTable, key: readonly string[], column: string): string | null {
  const value = rowAt(table, key)?.values[column];
  if (value === undefined) throw new TypeError(`no cell ${table.id}.${key.join('|')}.${column}`);
  return value;
}

/** Whether an exact text is the number 0. */
export function isZero(value: string): boolean {
  return /^-?0(\.0*)?$/.test(value);
}

function markOf(value: string | null, { whenNull, whenZero = 'none' }: FigureStyle): Mark {
  if (value === null) return whenNull;
  return isZero(value) ? whenZero : 'none';
}
