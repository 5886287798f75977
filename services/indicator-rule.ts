import type { FigureRule } from '../transforms/catalog/figure-rule.ts';
import type { Measure } from '../transforms/catalog/fact-measure.ts';
import type { Indicator } from '../transforms/catalog/indicator.ts';

/** An indicator as the rule of one figure: what a trace prints and runs. */
export function indicatorRule(indicator: Indicator): FigureRule {
  const { numerator, denominator, multiplier, decimals } = indicator;
  return {
    name: 'value',
    label: indicator.name,
    formula: indicator.formula,
    fact: indicator.fact,
    terms: { n: term(numerator), ...(denominator ? { d: term(denominator) } : {}) },
    value: 'n',
    quotient: { denominator: denominator ? 'd' : '1', multiplier, decimals },
    source: indicator.legalBasis.join(', '),
  };
}

function term({ aggregate, where }: Measure): FigureRule['terms'][string] {
  return { aggregate: aggregateText(aggregate), where: where ?? 'true' };
}

function aggregateText(aggregate: Measure['aggregate']): string {
  switch (aggregate.kind) {
    case 'count':
      return 'count(*)';
    case 'sum':
      return `sum(${aggregate.column})`;
    case 'count-distinct':
      return `count(distinct ${aggregate.column})`;
  }
}
