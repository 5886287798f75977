import type { Localized } from '../../core/localized.ts';
import type { FigureRule, FigureTerm } from './figure-rule.ts';
import type { PeriodSeries } from '../../core/calendar-expression.ts';

/** The columns of a fact by which an indicator is cut to a period and an area. */
export interface IndicatorCut {
  /** Column that holds the period id; or the day that lies in the period's window. */
  readonly period: { readonly id: string } | { readonly day: string };
  /** Codes as at the event's own time, and under the newest map (NULL where its unit was split). */
  readonly commune: { readonly own: string; readonly current: string } | undefined;
  readonly province: { readonly own: string; readonly current: string } | undefined;
}

/** The numerator or denominator: an aggregate over the fact's rows, in words and with its unit. */
export interface IndicatorPart extends FigureTerm {
  readonly label: Localized;
  readonly formula: Localized;
  readonly unit: string;
}

/**
 * An indicator: the seven columns of the official catalogue (QĐ 05/2023/QĐ-TTg) and how it is computed. Without a
 * denominator its value is the numerator × multiplier.
 */
export interface Indicator {
  /** Mã số. */
  readonly code: string;
  /** STT. */
  readonly position: number;
  /** Nhóm, tên chỉ tiêu. */
  readonly group: Localized;
  readonly name: Localized;
  /** Phân tổ chủ yếu: columns of the fact, with labels. */
  readonly breakdown: readonly { readonly column: string; readonly label: Localized }[];
  /** Kỳ công bố. */
  readonly periods: readonly PeriodSeries[];
  /** Cơ quan chịu trách nhiệm thu thập, tổng hợp. */
  readonly responsible: Localized;
  /** Mã số in the higher-level system. */
  readonly higherCode: string | undefined;
  readonly unit: string;
  readonly formula: Localized;
  /** Codes of `dim.legal_basis`. */
  readonly legalBasis: readonly string[];
  readonly fact: string;
  readonly cut: IndicatorCut;
  readonly numerator: IndicatorPart;
  readonly denominator: IndicatorPart | undefined;
  readonly multiplier: number;
  readonly decimals: number;
  /** What a reader must know to use it rightly. */
  readonly note: Localized | undefined;
}

/** An indicator as the rule of one figure: what evaluates it, and what a trace prints and runs. */
export function indicatorRule(indicator: Indicator): FigureRule {
  const { name, formula, fact, numerator, denominator, multiplier, decimals } = indicator;
  return {
    name: 'value',
    label: name,
    formula,
    fact,
    terms: { n: termOf(numerator), ...(denominator ? { d: termOf(denominator) } : {}) },
    value: 'n',
    quotient: { denominator: denominator ? 'd' : '1', multiplier, decimals },
    source: indicator.legalBasis.join(', '),
  };
}

function termOf({ aggregate, where }: IndicatorPart): FigureTerm {
  return { aggregate, where };
}
