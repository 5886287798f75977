import { assertNever } from './assert-never.ts';
import { isCalendarDate, isoWeeksIn, type CalendarDate } from './calendar-date.ts';
import { PhusaError } from './errors.ts';

/** Kinds of period counted in whole months, with the number of months and how many of them a year has. */
export const MONTHLY_KINDS = {
  month: { months: 1, perYear: 12 },
  quarter: { months: 3, perYear: 4 },
  half: { months: 6, perYear: 2 },
  'nine-months': { months: 9, perYear: 1 },
  year: { months: 12, perYear: 1 },
} as const;

/** A kind of period counted in whole months. */
export type MonthlyKind = keyof typeof MONTHLY_KINDS;

/** Every kind of period. */
export type PeriodKind = MonthlyKind | 'week' | 'day' | 'school-year' | 'school-term';

/** Which days a period covers: `calendar`, or a reporting window such as `nd09` (15→14). */
type PeriodWindow = string;

/** Months, quarters, halves, nine months, years. `index` counts within the year from 1. */
export interface MonthlyPeriod {
  readonly kind: MonthlyKind;
  readonly year: number;
  readonly index: number;
  readonly window: PeriodWindow;
}

/** A week, numbered as in ISO 8601. */
export interface WeekPeriod {
  readonly kind: 'week';
  readonly year: number;
  readonly index: number;
  readonly window: PeriodWindow;
}

/** A period by its name alone; which days it covers is data (see PeriodCalendar). */
export type Period =
  | MonthlyPeriod
  | WeekPeriod
  | { readonly kind: 'day'; readonly date: CalendarDate }
  | { readonly kind: 'school-year'; readonly year: number }
  | { readonly kind: 'school-term'; readonly year: number; readonly term: string };

/** The id of a period: `2026-10@nd09`, `2026-W45`, `2026-2027-HK1` … */
export function formatPeriod(period: Period): string {
  switch (period.kind) {
    case 'day':
      return period.date;
    case 'school-year':
      return `${period.year}-${period.year + 1}`;
    case 'school-term':
      return `${period.year}-${period.year + 1}-${period.term}`;
    case 'week':
      return `${period.year}-W${twoDigits(period.index)}${suffix(period.window)}`;
    case 'month':
    case 'quarter':
    case 'half':
    case 'nine-months':
    case 'year':
      return formatMonthly(period);
    default:
      return assertNever(period);
  }
}

function formatMonthly(period: MonthlyPeriod): string {
  const part = {
    month: `-${twoDigits(period.index)}`,
    quarter: `-Q${period.index}`,
    half: `-H${period.index}`,
    'nine-months': '-9M',
    year: '',
  }[period.kind];
  return `${period.year}${part}${suffix(period.window)}`;
}

/** Reads a period id; throws data `period-invalid` naming the text and the accepted spellings. */
export function parsePeriod(text: string): Period {
  const period = readPeriod(text);
  if (period === undefined) throw invalidPeriod(text);
  return period;
}

/** Reads a period id; undefined when it is none. */
export function readPeriod(text: string): Period | undefined {
  const [, name = '', window = 'calendar'] = /^([^@]+)(?:@([a-z][a-z0-9]*))?$/.exec(text) ?? [];
  if (window === 'calendar' && text.includes('@')) return undefined;
  const bare = readBare(name);
  if (bare && !text.includes('@')) return bare;
  return readMonthly(name, window) ?? readWeek(name, window);
}

function readBare(name: string): Period | undefined {
  if (isCalendarDate(name)) return { kind: 'day', date: name };
  const school = /^(\d{4})-(\d{4})(?:-(HK\d))?$/.exec(name);
  if (!school) return undefined;
  const [, from, to, term] = school;
  const year = Number(from);
  if (Number(to) !== year + 1) return undefined;
  return term === undefined ? { kind: 'school-year', year } : { kind: 'school-term', year, term };
}

function readMonthly(name: string, window: string): MonthlyPeriod | undefined {
  const match = /^(\d{4})(?:-(?:(\d{2})|Q([1-4])|H([12])|(9M)))?$/.exec(name);
  if (!match) return undefined;
  const [, year = '', month, quarter, half, nine] = match;
  const at = { year: Number(year), window };
  if (month !== undefined) return readMonth(Number(month), at);
  if (quarter !== undefined) return { kind: 'quarter', index: Number(quarter), ...at };
  if (half !== undefined) return { kind: 'half', index: Number(half), ...at };
  return { kind: nine === undefined ? 'year' : 'nine-months', index: 1, ...at };
}

function readMonth(
  index: number,
  at: { readonly year: number; readonly window: string },
): MonthlyPeriod | undefined {
  return index >= 1 && index <= 12 ? { kind: 'month', index, ...at } : undefined;
}

function readWeek(name: string, window: string): WeekPeriod | undefined {
  const match = /^(\d{4})-W(\d{2})$/.exec(name);
  if (!match) return undefined;
  const [year, index] = [Number(match[1]), Number(match[2])];
  return index >= 1 && index <= isoWeeksIn(year)
    ? { kind: 'week', year, index, window }
    : undefined;
}

/** The error for a text that names no period, or one that no rule covers. */
export function invalidPeriod(text: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'period-invalid',
    message: {
      vi: `Kỳ báo cáo không hợp lệ: "${text}"`,
      en: `Not a period: "${text}"`,
    },
    remedy: {
      vi: 'Viết như 2026, 2026-Q3, 2026-H1, 2026-9M, 2026-10, 2026-W45, 2026-11-22, 2026-2027, 2026-2027-HK1; thêm @nd09 cho kỳ từ ngày 15 đến ngày 14.',
      en: 'Write 2026, 2026-Q3, 2026-H1, 2026-9M, 2026-10, 2026-W45, 2026-11-22, 2026-2027 or 2026-2027-HK1; add @nd09 for the window from the 15th to the 14th.',
    },
    place: { value: text },
  });
}

function suffix(window: PeriodWindow): string {
  return window === 'calendar' ? '' : `@${window}`;
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}
