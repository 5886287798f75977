import type { Figure } from '../../render/document.ts';
import type { FigureTable } from '../../transforms/catalog/figure-table.ts';
import { COUNT, figureOf, valueAt, type FigureStyle } from '../layout/figure-of.ts';

const STYLES: Readonly<Record<string, FigureStyle>> = {
  change: { format: { decimals: 0, sign: true }, whenNull: 'not-collected' },
  percent: { format: { decimals: 1, sign: true }, whenNull: 'no-denominator' },
  percent_size: { format: { decimals: 1, unit: 'percent' }, whenNull: 'no-denominator' },
  mean: { format: { decimals: 1 }, whenNull: 'not-collected' },
  rate: { format: { decimals: 2 }, whenNull: 'no-denominator' },
  corrections: { ...COUNT, whenZero: 'no-event' },
};

/** What must be known for a quotient without value to mean “denominator 0” rather than “not known”. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  percent: ['change'],
  percent_size: ['change'],
  rate: ['cases', 'population'],
};

/** A figure of biểu 1 or of the chart in the style of its column. */
export function bulletinFigure(table: FigureTable, key: readonly string[], rule: string): Figure {
  const style = STYLES[rule] ?? COUNT;
  const isKnown = (NEEDED[rule] ?? []).every((needed) => valueAt(table, key, needed) !== null);
  return figureOf(table, key, rule, isKnown ? style : { ...style, whenNull: 'not-collected' });
}
