import { assertNever } from './assert-never.ts';
import { shortDate, type DateRange } from './calendar-date.ts';
import type { Localized } from './localized.ts';
import type { PeriodCalendar } from './period-calendar.ts';
import type { MonthlyPeriod, Period } from './period.ts';

/**
 * What people call a period. A reporting window and a week always carry their days, as NĐ 09/2019 periods must:
 * `Tháng 10/2026 (15/09/2026–14/10/2026)`.
 */
export function periodLabel(period: Period, calendar: PeriodCalendar): Localized {
  const name = periodName(period);
  const shown = 'window' in period && (period.window !== 'calendar' || period.kind === 'week');
  if (!shown) return name;
  const days = rangeLabel(calendar.window(period));
  return { vi: `${name.vi} (${days})`, en: `${name.en} (${days})` };
}

/** The name without days: `Tháng 10/2026`, `Quý III/2026`, `Tuần 45/2026`. */
function periodName(period: Period): Localized {
  switch (period.kind) {
    case 'day':
      return { vi: `Ngày ${shortDate(period.date)}`, en: shortDate(period.date) };
    case 'week':
      return {
        vi: `Tuần ${period.index}/${period.year}`,
        en: `Week ${period.index}/${period.year}`,
      };
    case 'school-year':
      return {
        vi: `Năm học ${schoolYear(period.year)}`,
        en: `School year ${schoolYear(period.year)}`,
      };
    case 'school-term':
      return schoolTermName(period);
    case 'month':
    case 'quarter':
    case 'half':
    case 'nine-months':
    case 'year':
      return monthlyName(period);
    default:
      return assertNever(period);
  }
}

function monthlyName({ kind, year, index }: MonthlyPeriod): Localized {
  const roman = ['I', 'II', 'III', 'IV'][index - 1] ?? '';
  switch (kind) {
    case 'month':
      return { vi: `Tháng ${index}/${year}`, en: `${index}/${year}` };
    case 'quarter':
      return { vi: `Quý ${roman}/${year}`, en: `Quarter ${roman}/${year}` };
    case 'half':
      return index === 1
        ? { vi: `6 tháng đầu năm ${year}`, en: `First half of ${year}` }
        : { vi: `6 tháng cuối năm ${year}`, en: `Second half of ${year}` };
    case 'nine-months':
      return { vi: `9 tháng năm ${year}`, en: `Nine months of ${year}` };
    case 'year':
      return { vi: `Năm ${year}`, en: `Year ${year}` };
    default:
      return assertNever(kind);
  }
}

function schoolTermName(period: { readonly year: number; readonly term: string }): Localized {
  const number = period.term.slice(2);
  return {
    vi: `Học kỳ ${number}, năm học ${schoolYear(period.year)}`,
    en: `Term ${number}, school year ${schoolYear(period.year)}`,
  };
}

/** `15/09/2026–14/10/2026`: printed on each column of a report. */
export function rangeLabel(range: DateRange): string {
  return `${shortDate(range.from)}–${shortDate(range.to)}`;
}

function schoolYear(year: number): string {
  return `${year}-${year + 1}`;
}
