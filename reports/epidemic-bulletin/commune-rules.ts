import type { Localized } from '../../core/localized.ts';
import type { FigureRule, FigureTerm } from '../../transforms/catalog/figure-rule.ts';
import { ownDays, populationRows, previousDays, sameWeekLastYear, yearDays } from './reach.ts';

const FACT = 'mart.epidemic_week';

/** Settings of `dim.epidemic_rule` in force at the week's end. */
export interface EpidemicSettings {
  /** Weeks of the mean before the week. */
  readonly meanWeeks: number;
  /** Inhabitants a rate is given for. */
  readonly ratePer: number;
}

/** Columns of biểu 1, and what the summary and the notes count. */
export function communeRules(settings: EpidemicSettings): readonly FigureRule[] {
  return [
    known('cases', 'new_cases', 'Ca mắc trong tuần', 'Cases of the week'),
    {
      ...comparable('previous', 'previous_cases', 'Ca mắc tuần trước', 'Cases of the week before'),
      provenance: [previousDays(7)],
    },
    changeRule,
    percentRule('percent', 'now - before'),
    percentRule('percent_size', 'abs(now - before)'),
    meanRule(settings),
    {
      ...comparable(
        'last_year',
        'last_year_cases',
        'Ca mắc cùng kỳ năm trước',
        'Cases of the same week last year',
      ),
      provenance: [sameWeekLastYear],
    },
    {
      ...comparable('year_cases', 'year_cases', 'Ca mắc lũy kế năm', 'Cases since the year began'),
      provenance: [yearDays],
    },
    known('deaths', 'new_deaths', 'Tử vong trong tuần', 'Deaths of the week'),
    {
      ...comparable(
        'year_deaths',
        'year_deaths',
        'Tử vong lũy kế năm',
        'Deaths since the year began',
      ),
      provenance: [yearDays],
    },
    {
      ...comparable('population', 'population', 'Dân số', 'Population'),
      provenance: [populationRows],
    },
    rateRule(settings),
    counted('corrections', 'sum(corrections)', 'true', {
      vi: 'Số lần đính chính giảm',
      en: 'Downward corrections',
    }),
    counted('rising', 'count(*)', 'new_cases > previous_cases', {
      vi: 'Số xã có ca mắc tăng',
      en: 'Communes with more cases',
    }),
    counted('without_cases', 'count(*)', 'new_cases = 0', {
      vi: 'Số xã không có ca mắc',
      en: 'Communes without cases',
    }),
    counted('incomplete', 'count(*)', 'not is_complete', {
      vi: 'Số xã chưa đủ số liệu bảy ngày',
      en: 'Communes without all seven days',
    }),
  ];
}

/** Figures of the weeks in the chart. */
export function weekRules(settings: EpidemicSettings): readonly FigureRule[] {
  return [
    known('cases', 'new_cases', 'Ca mắc trong tuần', 'Cases of the week'),
    meanRule(settings),
  ];
}

/** A sum of what is known; empty where nothing is. Never 0 for a commune that sent nothing. */
function known(name: string, column: string, vi: string, en: string): FigureRule {
  return {
    name,
    label: { vi, en },
    formula: { vi: `Tổng của các xã có số liệu: ${vi}`, en: `Sum over communes with data: ${en}` },
    fact: FACT,
    terms: { v: all(`sum(${column})`), n: all(`count(${column})`) },
    value: 'case when n > 0 then v end',
  };
}

/** A sum that is only given when it is known of every commune in it: one missing would make it too small. */
function comparable(name: string, column: string, vi: string, en: string): FigureRule {
  return {
    name,
    label: { vi, en },
    formula: {
      vi: `Tổng: ${vi}; để trống nếu có xã không so sánh được`,
      en: `Sum: ${en}; empty if some commune is not comparable`,
    },
    fact: FACT,
    terms: { v: all(`sum(${column})`), n: all('count(*)'), unknown: unknown(column) },
    value: 'case when n > 0 and unknown = 0 then v end',
  };
}

const NOW_AND_BEFORE: Readonly<Record<string, FigureTerm>> = {
  now: all('sum(new_cases)'),
  before: all('sum(previous_cases)'),
  n: all('count(new_cases)'),
  unknown: unknown('previous_cases'),
};

const changeRule: FigureRule = {
  name: 'change',
  label: { vi: 'Tăng, giảm so với tuần trước', en: 'Change from the week before' },
  formula: { vi: 'Trong tuần − tuần trước', en: 'Week − week before' },
  fact: FACT,
  terms: NOW_AND_BEFORE,
  value: 'case when n > 0 and unknown = 0 then now - before end',
  provenance: [previousDays(7), ownDays],
};

function percentRule(name: string, value: string): FigureRule {
  return {
    name,
    label: { vi: 'Tăng, giảm so với tuần trước (%)', en: 'Change from the week before (%)' },
    formula: {
      vi: '(Trong tuần − tuần trước) ÷ tuần trước × 100',
      en: '(Week − week before) ÷ week before × 100',
    },
    fact: FACT,
    terms: NOW_AND_BEFORE,
    value,
    quotient: {
      denominator: 'case when n > 0 and unknown = 0 then before else 0 end',
      multiplier: 100,
      decimals: 1,
    },
    provenance: [previousDays(7), ownDays],
  };
}

function meanRule({ meanWeeks }: EpidemicSettings): FigureRule {
  return {
    name: 'mean',
    label: {
      vi: `Trung bình ${meanWeeks} tuần trước`,
      en: `Mean of the ${meanWeeks} weeks before`,
    },
    formula: {
      vi: `Tổng ca mắc ${meanWeeks} tuần trước ÷ ${meanWeeks}`,
      en: `Cases of the ${meanWeeks} weeks before ÷ ${meanWeeks}`,
    },
    fact: FACT,
    terms: {
      v: all('sum(four_week_cases)'),
      weeks: all('max(four_week_count)'),
      unknown: unknown('four_week_cases'),
    },
    value: 'v',
    quotient: {
      denominator: 'case when unknown = 0 then weeks else 0 end',
      multiplier: 1,
      decimals: 1,
    },
    provenance: [previousDays(7 * meanWeeks)],
  };
}

function rateRule({ ratePer }: EpidemicSettings): FigureRule {
  return {
    name: 'rate',
    label: { vi: 'Tỷ suất mắc trong tuần', en: 'Incidence of the week' },
    formula: {
      vi: `Ca mắc trong tuần ÷ dân số × ${ratePer}`,
      en: `Cases of the week ÷ population × ${ratePer}`,
    },
    fact: FACT,
    terms: {
      cases: all('sum(new_cases)'),
      people: all('sum(population)'),
      n: all('count(new_cases)'),
      unknown: unknown('population'),
    },
    value: 'cases',
    quotient: {
      denominator: 'case when n > 0 and unknown = 0 then people else 0 end',
      multiplier: ratePer,
      decimals: 2,
    },
    provenance: [ownDays, populationRows],
  };
}

function counted(name: string, aggregate: string, where: string, label: Localized): FigureRule {
  return {
    name,
    label,
    formula: label,
    fact: FACT,
    terms: { v: { aggregate, where }, n: all('count(*)') },
    value: 'case when n > 0 then v end',
  };
}

function all(aggregate: string): FigureTerm {
  return { aggregate, where: 'true' };
}

function unknown(column: string): FigureTerm {
  return { aggregate: 'count(*)', where: `${column} is null` };
}
