import { addDays, mondayOfIsoWeek, shortDate } from '../../core/calendar-date.ts';
import type { Language, Localized } from '../../core/localized.ts';
import type { CheckLine, Figure, Inline, Table, Window } from '../../render/document.ts';
import { formatNumber } from '../../render/number-format.ts';
import type { FigureTable } from '../../transforms/catalog/figure-table.ts';
import { addsUp, checkLine } from '../layout/check-lines.ts';
import { inlines } from '../layout/inlines.ts';
import { listColumns, memberRow, sumRow, type FigureColumn } from '../layout/listed-table.ts';
import type { ReportTime } from '../report.ts';
import { bulletinFigure } from './figures.ts';
import type { BulletinNames, Commune } from './names.ts';
import { TOTAL } from './row-keys.ts';
import { UNSETTLED_DAYS } from './weeks.ts';

const TITLE: Localized = {
  vi: 'Biểu 1. Tình hình dịch COVID-19 trong tuần theo xã, phường, đặc khu',
  en: 'Table 1. COVID-19 of the week, by commune',
};
const UNIT: Localized = { vi: 'Đơn vị tính: người', en: 'Unit: persons' };
const COMMUNE = {
  key: 'commune',
  label: { vi: 'Xã, phường, đặc khu', en: 'Commune' },
} as const;
const CITY: Localized = { vi: 'Toàn thành phố', en: 'The whole city' };

/** Biểu 1: every commune with its week, what it is compared with, deaths, incidence and corrections. */
export function communeTable(
  table: FigureTable,
  communes: readonly Commune[],
  names: BulletinNames,
  time: ReportTime,
): Table {
  const { language } = time;
  const columns = columnsOf(names, time);
  const figures = (key: readonly string[]): readonly Figure[] =>
    columns.map(({ rule }) => bulletinFigure(table, key, rule));
  return {
    kind: 'table',
    id: 'communes',
    title: TITLE[language],
    unitNote: UNIT[language],
    columns: listColumns(COMMUNE, columns, language),
    rows: [
      sumRow(TOTAL, CITY[language], figures(TOTAL)),
      ...communes.map((commune, index) => memberRow(index + 1, commune, figures([commune.code]))),
    ],
    checks: checks(table, communes, language),
    notes: notes(table, names, time),
  };
}

const CASES: Localized = { vi: 'Ca mắc', en: 'Cases' };
const COMPARED: Localized = { vi: 'So với tuần trước', en: 'Compared with the week before' };
const DEATHS: Localized = { vi: 'Tử vong', en: 'Deaths' };

function columnsOf(names: BulletinNames, time: ReportTime): readonly FigureColumn[] {
  const windows = windowsOf(names, time);
  const per = formatNumber(String(names.ratePer), { decimals: 0 }, time.language);
  return [
    column('cases', '1', 'Trong tuần', 'Week', windows.week, CASES),
    column('previous', '2', 'Tuần trước', 'Week before', windows.previous, CASES),
    column('change', '3=1-2', '+/-', '+/-', windows.week, COMPARED),
    { ...column('percent', '4=3/2', 'Tỷ lệ', 'Rate', windows.week, COMPARED), unit: '%' },
    column(
      'mean',
      '5',
      `TB ${names.meanWeeks} tuần trước`,
      `Mean of ${names.meanWeeks} weeks before`,
      windows.mean,
    ),
    column('last_year', '6', 'Cùng kỳ năm trước', 'Same week last year', windows.lastYear),
    column('year_cases', '7', 'Ca mắc lũy kế năm', 'Cases of the year', windows.year),
    column('deaths', '8', 'Trong tuần', 'Week', windows.week, DEATHS),
    column('year_deaths', '9', 'Lũy kế năm', 'Year', windows.year, DEATHS),
    column('population', '10', 'Dân số', 'Population', undefined),
    column('rate', '11=1/10', `Tỷ suất/ ${per} dân`, `Rate per ${per}`, windows.week),
    column('corrections', '12', 'Số lần đính chính giảm', 'Downward corrections', windows.week),
  ];
}

function column(
  rule: string,
  number: string,
  vi: string,
  en: string,
  window: Window | undefined,
  group?: Localized,
): FigureColumn {
  const label = { vi, en };
  return { rule, number, label, ...(window ? { window } : {}), ...(group ? { group } : {}) };
}

interface Windows {
  readonly week: Window;
  readonly previous: Window;
  readonly mean: Window;
  readonly year: Window;
  readonly lastYear: Window | undefined;
}

function windowsOf({ meanWeeks }: BulletinNames, { period, periods }: ReportTime): Windows {
  const { from, to } = periods.window(period);
  const lastYear = periods.samePeriodLastYear(period);
  const yesterday = addDays(from, -1);
  return {
    week: { from, to },
    previous: { from: addDays(from, -7), to: yesterday },
    mean: { from: addDays(from, -7 * meanWeeks), to: yesterday },
    year: { from: period.kind === 'week' ? mondayOfIsoWeek(period.year, 1) : from, to },
    lastYear: lastYear && periods.window(lastYear),
  };
}

/** Sums that a city's figure must equal whenever it has one. */
const SUMMED = ['cases', 'deaths', 'corrections'];
const SUMMED_IF_KNOWN = ['previous', 'last_year', 'year_cases', 'year_deaths', 'population'];

function checks(
  table: FigureTable,
  communes: readonly Commune[],
  language: Language,
): readonly CheckLine[] {
  const keys = communes.map(({ code }) => [code]);
  const known = SUMMED_IF_KNOWN.filter((rule) => bulletinFigure(table, TOTAL, rule).value !== null);
  const total = (rule: string) => bulletinFigure(table, TOTAL, rule);
  const words = {
    sum: {
      vi: 'Cộng các xã, phường, đặc khu = toàn thành phố ở mọi cột số người; ca mắc trong tuần',
      en: 'Sum of the communes = the whole city in every column of persons; cases of the week',
    },
    change: {
      vi: 'Trong tuần − tuần trước = tăng, giảm (ở mọi dòng)',
      en: 'Week − week before = change (in every row)',
    },
  };
  const sumLine = {
    inlines: inlines`${words.sum[language]}: ${total('cases')}`,
    holds: addsUp(table, keys, TOTAL, [...SUMMED, ...known]),
  };
  if (total('change').value === null) return [sumLine];
  const change = checkLine({
    label: words.change[language],
    left: [total('cases'), total('previous')],
    right: [total('change')],
    operator: ' − ',
    holds: changesAdd(table, [...keys, TOTAL]),
  });
  return [sumLine, change];
}

function changesAdd(table: FigureTable, keys: readonly (readonly string[])[]): boolean {
  return keys.every((key) => {
    const [before, change, now] = ['previous', 'change', 'cases'].map(
      (rule) => bulletinFigure(table, key, rule).value,
    );
    if (change === null || change === undefined) return true;
    return BigInt(before ?? '0') + BigInt(change) === BigInt(now ?? '0');
  });
}

function notes(
  table: FigureTable,
  names: BulletinNames,
  time: ReportTime,
): readonly (readonly Inline[])[] {
  const { period, periods, language } = time;
  const { to } = periods.window(period);
  const from = shortDate(addDays(to, 1 - UNSETTLED_DAYS));
  const incomplete = bulletinFigure(table, TOTAL, 'incomplete');
  const population = populationNote(names, language);
  if (language === 'en') {
    return [
      inlines`Figures of the last ${String(UNSETTLED_DAYS)} days (${from}–${shortDate(to)}) may not be complete. Communes without all seven days: ${incomplete}.`,
      inlines`Cases are signed differences of cumulative figures: a downward correction makes a day negative; each is listed.`,
      inlines`“…”: not collected or not comparable (the former unit was split); “—”: denominator 0; “-”: none.`,
      population,
    ];
  }
  return [
    inlines`Số liệu ${String(UNSETTLED_DAYS)} ngày cuối (${from}–${shortDate(to)}) có thể chưa đầy đủ. Số xã, phường, đặc khu chưa đủ số liệu cả tuần: ${incomplete}.`,
    inlines`Ca mắc là chênh lệch có dấu của số lũy kế; khi nguồn đính chính giảm, số trong ngày là số âm và được nêu rõ từng lần.`,
    inlines`Dấu “…”: chưa thu thập hoặc không so sánh được (đơn vị cũ bị chia tách); “—”: mẫu số bằng 0; “-”: không phát sinh.`,
    population,
  ];
}

function populationNote({ populations }: BulletinNames, language: Language): readonly Inline[] {
  const vi = language === 'vi';
  if (populations.length === 0) {
    return inlines`${vi ? 'Chưa nạp số liệu dân số nên không tính được tỷ suất.' : 'Population is not loaded: no rates.'}`;
  }
  const days = populations.map(({ day, label }) => {
    const date = shortDate(day.slice(0, 10));
    return label === '' ? date : `${date} (${label})`;
  });
  return inlines`${vi ? 'Dân số tại ngày' : 'Population as of'} ${days.join('; ')}.`;
}
