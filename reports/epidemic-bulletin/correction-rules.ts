import { aggregateRule, type FigureRule } from '../../transforms/catalog/figure-rule.ts';

const FACT = 'staging.covid_daily';

/** Columns of biểu 2: the cumulative figures of a day on which one fell, and by how much. */
export const correctionRules: readonly FigureRule[] = [
  sum('previous_confirmed', 'Ca mắc lũy kế ngày trước', 'Cumulative cases the day before'),
  sum('confirmed', 'Ca mắc lũy kế trong ngày', 'Cumulative cases of the day'),
  sum('confirmed_change', 'Thay đổi ca mắc', 'Change of cases'),
  sum('previous_deaths', 'Tử vong lũy kế ngày trước', 'Cumulative deaths the day before'),
  sum('deaths', 'Tử vong lũy kế trong ngày', 'Cumulative deaths of the day'),
  sum('deaths_change', 'Thay đổi tử vong', 'Change of deaths'),
];

function sum(name: string, vi: string, en: string): FigureRule {
  return aggregateRule({
    name,
    label: { vi, en },
    formula: { vi: `Số của nguồn: ${vi}`, en: `As the source gives it: ${en}` },
    fact: FACT,
    aggregate: `sum(${name})`,
    where: 'true',
  });
}
