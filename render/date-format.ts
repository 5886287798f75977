import { shortDate } from '../core/calendar-date.ts';
import type { Language } from '../core/localized.ts';
import type { Window } from './document.ts';

interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Splits `YYYY-MM-DD`, without a clock and so without a zone. */
function partsOf(isoDate: string): DateParts {
  const [year = 0, month = 0, day = 0] = isoDate.split('-').map(Number);
  return { year, month, day };
}

const ENGLISH_MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Days below 10 and the months 1 and 2 get a leading 0 (NĐ 30/2020, Annex I): they could be altered by hand. */
function padded(value: number, below: number): string {
  return value < below ? `0${value}` : String(value);
}

/** A date in words: `ngày 05 tháng 01 năm 2026`, `5 January 2026`; null leaves room for the pen. */
export function longDate(isoDate: string | null, language: Language): string {
  if (isoDate === null) {
    return language === 'vi' ? 'ngày      tháng      năm          ' : '';
  }
  const { year, month, day } = partsOf(isoDate);
  if (language === 'en') return `${day} ${ENGLISH_MONTHS[month - 1] ?? ''} ${year}`;
  return `ngày ${padded(day, 10)} tháng ${padded(month, 3)} năm ${year}`;
}

/** The window of a column: `15/10–14/11/2026`; a year is repeated only where it differs. */
export function windowText({ from, to }: Window): string {
  if (from === to) return shortDate(from);
  const start = from.slice(0, 4) === to.slice(0, 4) ? shortDate(from).slice(0, 5) : shortDate(from);
  return `${start}–${shortDate(to)}`;
}
