import type { Measure, Ratio } from '../fact-measure.ts';

const fact = 'mart.epidemic_week';

function persons(
  name: string,
  column: string,
  vi: string,
  en: string,
  formula: { readonly vi: string; readonly en: string },
  where?: string,
): Measure {
  const aggregate = { kind: 'sum', column } as const;
  const words = { unit: 'person', label: { vi, en }, formula };
  return { name, fact, aggregate, ...words, ...(where === undefined ? {} : { where }) };
}

/**
 * Figures of the weekly bulletin (B4), over `mart.epidemic_week`. A comparison that does not exist for a commune is
 * NULL in the fact and adds nothing to a total: print the number of communes it rests on beside it.
 */
export const epidemicMeasures = {
  cases: persons('cases', 'new_cases', 'Ca mắc trong tuần', 'Cases of the week', {
    vi: 'tổng thay đổi có dấu của số lũy kế trong tuần',
    en: "sum of the week's signed changes of the cumulative figure",
  }),
  previousCases: persons('previous_cases', 'previous_cases', 'Tuần trước', 'Week before', {
    vi: 'ca mắc của tuần liền trước',
    en: 'cases of the week before',
  }),
  fourWeekCases: persons(
    'four_week_cases',
    'four_week_cases',
    'Tổng 4 tuần trước',
    'Four weeks before',
    {
      vi: 'tổng ca mắc của 4 tuần liền trước',
      en: 'cases of the four weeks before',
    },
  ),
  lastYearCases: persons(
    'last_year_cases',
    'last_year_cases',
    'Cùng kỳ năm trước',
    'Same week last year',
    {
      vi: 'ca mắc của tuần cùng số năm trước, theo bảng đối chiếu địa bàn',
      en: 'cases of the week of the same number last year, by the crosswalk',
    },
  ),
  yearCases: persons('year_cases', 'year_cases', 'Lũy kế năm', 'Since the first week', {
    vi: 'tổng ca mắc từ tuần 1 của năm',
    en: "cases since the year's first week",
  }),
  cumulativeCases: persons(
    'cumulative_cases',
    'cumulative_cases',
    'Ca mắc lũy kế',
    'Cumulative cases',
    {
      vi: 'số lũy kế ngày báo cáo cuối trong tuần',
      en: "cumulative figure of the week's last report day",
    },
  ),
  deaths: persons('deaths', 'new_deaths', 'Tử vong trong tuần', 'Deaths of the week', {
    vi: 'tổng thay đổi có dấu của số tử vong lũy kế trong tuần',
    en: "sum of the week's signed changes of cumulative deaths",
  }),
  cumulativeDeaths: persons(
    'cumulative_deaths',
    'cumulative_deaths',
    'Tử vong lũy kế',
    'Cumulative deaths',
    {
      vi: 'số tử vong lũy kế ngày báo cáo cuối trong tuần',
      en: "cumulative deaths of the week's last report day",
    },
  ),
  yearDeaths: persons(
    'year_deaths',
    'year_deaths',
    'Tử vong lũy kế năm',
    'Deaths since the first week',
    {
      vi: 'tổng tử vong từ tuần 1 của năm',
      en: "deaths since the year's first week",
    },
  ),
  corrections: persons('corrections', 'corrections', 'Số lần đính chính giảm', 'Corrections', {
    vi: 'số ngày nguồn đính chính giảm số lũy kế',
    en: 'days on which the source corrected a cumulative figure downwards',
  }),
  population: persons('population', 'population', 'Dân số', 'Population', {
    vi: 'dân số có hiệu lực cuối tuần',
    en: "population in force at the week's end",
  }),
  casesWithPopulation: persons(
    'cases_with_population',
    'new_cases',
    'Ca mắc ở xã có dân số',
    'Cases in communes with a population',
    { vi: 'ca mắc trong tuần ở xã có số dân', en: 'cases in communes whose population is known' },
    'population is not null',
  ),
  communes: {
    name: 'communes',
    fact,
    aggregate: { kind: 'count' },
    unit: 'commune',
    label: { vi: 'Số xã có số liệu', en: 'Communes with figures' },
    formula: { vi: 'đếm xã có số liệu trong tuần', en: 'communes with figures in the week' },
  },
  comparableCommunes: {
    name: 'comparable_communes',
    fact,
    aggregate: { kind: 'count' },
    where: 'is_last_year_comparable',
    unit: 'commune',
    label: { vi: 'Số xã so sánh được với năm trước', en: 'Communes comparable with last year' },
    formula: {
      vi: 'đếm xã có số liệu cùng kỳ năm trước',
      en: 'communes that have last year’s week',
    },
  },
} as const satisfies Readonly<Record<string, Measure>>;

/** Cases per 100,000 persons. */
export const incidence: Ratio = {
  name: 'incidence',
  numerator: epidemicMeasures.casesWithPopulation,
  denominator: epidemicMeasures.population,
  multiplier: 100_000,
  decimals: 2,
  unit: 'ca/100.000 dân',
  label: { vi: 'Tỷ suất/100.000 dân', en: 'Per 100,000 persons' },
  formula: { vi: 'ca mắc trong tuần / dân số × 100.000', en: 'cases / population × 100,000' },
};
