import type { Language } from '../../core/localized.ts';
import type { Block, Inline } from '../../render/document.ts';
import { formatNumber } from '../../render/number-format.ts';
import type { FigureTable } from '../../transforms/catalog/figure-table.ts';
import { isZero, valueAt } from '../layout/figure-of.ts';
import { inlines } from '../layout/inlines.ts';
import type { ReportTime } from '../report.ts';
import { bulletinFigure } from './figures.ts';
import type { BulletinNames } from './names.ts';
import { TOTAL } from './row-keys.ts';
import { UNSETTLED_DAYS } from './weeks.ts';

/** What a leader reads first: the city's week and what it is compared with. */
export function summaryBlocks(
  table: FigureTable,
  names: BulletinNames,
  { language }: ReportTime,
): readonly Block[] {
  const sentences = language === 'vi' ? vietnamese(table, names) : english(table, names);
  return sentences.map((words) => ({ kind: 'paragraph', inlines: words }));
}

type Sentences = readonly (readonly Inline[])[];

function vietnamese(table: FigureTable, { meanWeeks, ratePer }: BulletinNames): Sentences {
  const city = (rule: string) => bulletinFigure(table, TOTAL, rule);
  const per = formatNumber(String(ratePer), { decimals: 0 }, 'vi');
  return [
    [
      ...inlines`Trong tuần, toàn thành phố ghi nhận ${city('cases')} ca mắc COVID-19, `,
      ...vietnameseChange(table),
      ...inlines`; trung bình ${String(meanWeeks)} tuần trước là ${city('mean')} ca/tuần; `,
      ...lastYear(table, 'vi'),
      ...inlines`. Tỷ suất mắc trong tuần là ${city('rate')} trên ${per} dân. Số ca tử vong trong tuần: ${city('deaths')}.`,
    ],
    inlines`Lũy kế từ đầu năm đến hết tuần: ${city('year_cases')} ca mắc, ${city('year_deaths')} ca tử vong. Trong tuần, ${city('rising')} xã, phường, đặc khu có số ca mắc tăng so với tuần trước; ${city('without_cases')} xã, phường, đặc khu không ghi nhận ca mắc.`,
    [
      ...corrections(table, 'vi'),
      ...inlines` Số liệu ${String(UNSETTLED_DAYS)} ngày cuối có thể chưa đầy đủ.`,
    ],
  ];
}

function vietnameseChange(table: FigureTable): readonly Inline[] {
  const before = bulletinFigure(table, TOTAL, 'previous');
  const size = bulletinFigure(table, TOTAL, 'percent_size');
  switch (direction(table)) {
    case 'up':
      return inlines`tăng ${size} so với tuần trước (${before} ca)`;
    case 'down':
      return inlines`giảm ${size} so với tuần trước (${before} ca)`;
    case 'same':
      return inlines`tương đương tuần trước (${before} ca)`;
    case 'unknown':
      return inlines`tuần trước ${before} ca`;
  }
}

function english(table: FigureTable, { meanWeeks, ratePer }: BulletinNames): Sentences {
  const city = (rule: string) => bulletinFigure(table, TOTAL, rule);
  const per = formatNumber(String(ratePer), { decimals: 0 }, 'en');
  return [
    [
      ...inlines`In the week the city recorded ${city('cases')} cases of COVID-19, `,
      ...englishChange(table),
      ...inlines`; the mean of the ${String(meanWeeks)} weeks before is ${city('mean')} a week; `,
      ...lastYear(table, 'en'),
      ...inlines`. The incidence of the week is ${city('rate')} per ${per}. Deaths of the week: ${city('deaths')}.`,
    ],
    inlines`Since the year began: ${city('year_cases')} cases, ${city('year_deaths')} deaths. ${city('rising')} communes have more cases than the week before; ${city('without_cases')} have none.`,
    [
      ...corrections(table, 'en'),
      ...inlines` Figures of the last ${String(UNSETTLED_DAYS)} days may not be complete.`,
    ],
  ];
}

function englishChange(table: FigureTable): readonly Inline[] {
  const before = bulletinFigure(table, TOTAL, 'previous');
  const size = bulletinFigure(table, TOTAL, 'percent_size');
  switch (direction(table)) {
    case 'up':
      return inlines`${size} more than the week before (${before})`;
    case 'down':
      return inlines`${size} fewer than the week before (${before})`;
    case 'same':
      return inlines`about as many as the week before (${before})`;
    case 'unknown':
      return inlines`the week before ${before}`;
  }
}

/** The same week a year before, or that there is nothing to compare with: a mark inside a sentence tells nobody why. */
function lastYear(table: FigureTable, language: Language): readonly Inline[] {
  const cases = bulletinFigure(table, TOTAL, 'last_year');
  if (cases.value === null) {
    return language === 'vi'
      ? inlines`chưa có số liệu cùng kỳ năm trước để so sánh`
      : inlines`there are no comparable figures of the same week last year`;
  }
  return language === 'vi'
    ? inlines`cùng kỳ năm trước ${cases} ca`
    : inlines`the same week last year had ${cases}`;
}

/** How often the source corrected itself downwards in the week. */
function corrections(table: FigureTable, language: Language): readonly Inline[] {
  const times = bulletinFigure(table, TOTAL, 'corrections');
  if (times.value === null || isZero(times.value)) {
    return language === 'vi'
      ? inlines`Trong tuần, nguồn số liệu không đính chính giảm.`
      : inlines`The source made no downward correction in the week.`;
  }
  return language === 'vi'
    ? inlines`Trong tuần, nguồn số liệu đính chính giảm ${times} lần.`
    : inlines`Downward corrections by the source in the week: ${times}.`;
}

/** Which way the percentage of change points; unknown without one (nothing to compare with, or 0 before). */
function direction(table: FigureTable): 'up' | 'down' | 'same' | 'unknown' {
  const change = valueAt(table, TOTAL, 'percent');
  if (change === null) return 'unknown';
  if (isZero(change)) return 'same';
  return change.startsWith('-') ? 'down' : 'up';
}
