import type { CheckLine, Figure } from '../../render/document.ts';
import { rowAt, type FigureTable } from '../../transforms/catalog/figure-table.ts';
import { separated, text } from './inlines.ts';

/** An equation printed with its figures: `Kỳ trước + Tiếp nhận: 5 + 7 = 9 + 3`. */
export interface Equation {
  readonly label: string;
  readonly left: readonly Figure[];
  readonly right: readonly Figure[];
  /** Between the figures of a side: ` + ` unless given. */
  readonly operator?: string;
  /** Whether it holds, for the printed row and for every other row it is claimed of. */
  readonly holds: boolean;
}

/** An equation as a check line. */
export function checkLine({ label, left, right, operator = ' + ', holds }: Equation): CheckLine {
  const inlines = [
    text(`${label}: `),
    ...separated(left, operator),
    text(' = '),
    ...separated(right, operator),
  ];
  return { inlines, holds };
}

/** Whether in every one of these rows the columns of both sides add up to the same. Cells without value count as 0. */
export function balances(
  table: FigureTable,
  keys: readonly (readonly string[])[],
  left: readonly string[],
  right: readonly string[],
): boolean {
  return keys.every((key) => rowSum(table, key, left) === rowSum(table, key, right));
}

/** Whether each of these columns adds up over the rows to its figure in the row of the total. */
export function addsUp(
  table: FigureTable,
  keys: readonly (readonly string[])[],
  total: readonly string[],
  columns: readonly string[],
): boolean {
  return columns.every((column) => {
    const sum = keys.reduce((all, key) => all + rowSum(table, key, [column]), 0n);
    return sum === rowSum(table, total, [column]);
  });
}

/** Counts add as integers; points have two decimals and add as hundredths. */
function rowSum(table: FigureTable, key: readonly string[], columns: readonly string[]): bigint {
  const values = rowAt(table, key)?.values ?? {};
  return columns.reduce((sum, column) => sum + hundredths(values[column] ?? '0'), 0n);
}

function hundredths(value: string): bigint {
  const [whole = '0', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(2, '0').slice(0, 2));
}
