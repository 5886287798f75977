import { formatPeriod } from '../../core/period.ts';

/** A DHIS2 period: its days, and its spellings there and here. */
export interface Dhis2Period {
  /** The identifier DHIS2 uses, e.g. `201204`, `2012Q2`, `2012W5`. */
  readonly id: string;
  /** The period type's name in DHIS2. */
  readonly type: string;
  /** `yyyy-MM-dd`, inclusive. */
  readonly startsOn: string;
  readonly endsOn: string;
  /** As `core/period.ts` spells it; undefined for types that have no such kind (bi-weekly, April years …). */
  readonly period: string | undefined;
}

/** Months that financial years start in, in the year of the name. */
const startMonths: Readonly<Record<string, number>> = { April: 4, July: 7, Oct: 10 };

/** The weekday (Monday 1) that weeks start on, by the word in the identifier. */
const weekStarts: Readonly<Record<string, number>> = {
  Tue: 2,
  Wed: 3,
  Thu: 4,
  Fri: 5,
  Sat: 6,
  Sun: 7,
};
const weekdayNames: Readonly<Record<string, string>> = {
  Tue: 'Tuesday',
  Wed: 'Wednesday',
  Thu: 'Thursday',
  Fri: 'Friday',
  Sat: 'Saturday',
  Sun: 'Sunday',
};

/**
 * Reads a period identifier of DHIS2, or the `date/duration` of ADX (`2020-01-01/P1M`). Undefined for a text that is
 * none, or that names no period of the calendar (week 54, month 13).
 */
export function dhis2Period(given: string): Dhis2Period | undefined {
  const text = adxIdentifier(given.trim()) ?? given.trim();
  return daily(text) ?? monthly(text) ?? weekly(text) ?? yearly(text);
}

function daily(text: string): Dhis2Period | undefined {
  const [, year = '', month = '', date = ''] = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(text) ?? [];
  const day = `${year}-${month}-${date}`;
  if (year === '' || Number.isNaN(Date.parse(day)) || isoDay(Date.parse(day)) !== day)
    return undefined;
  return { id: `${year}${month}${date}`, type: 'Daily', startsOn: day, endsOn: day, period: day };
}

function monthly(text: string): Dhis2Period | undefined {
  const [, years = '', number = '', mark = ''] = /^(\d{4})-?(0[1-9]|1[0-2])(B?)$/.exec(text) ?? [];
  if (years === '') return quarterly(text);
  const year = Number(years);
  const index = Number(number);
  if (mark === '') return months(text.replace('-', ''), 'Monthly', year, index, 1, 'month', index);
  if (index > 6) return undefined;
  return months(text, 'BiMonthly', year, index * 2 - 1, 2);
}

function quarterly(text: string): Dhis2Period | undefined {
  const [, years = '', kind = '', number = ''] = /^(\d{4})(Q|S|AprilS)([1-4])$/.exec(text) ?? [];
  if (years === '') return undefined;
  const year = Number(years);
  const index = Number(number);
  if (kind === 'Q') return months(text, 'Quarterly', year, index * 3 - 2, 3, 'quarter', index);
  if (index > 2) return undefined;
  if (kind === 'S') return months(text, 'SixMonthly', year, index * 6 - 5, 6, 'half', index);
  return months(text, 'SixMonthlyApril', year, 4 + (index - 1) * 6, 6);
}

function yearly(text: string): Dhis2Period | undefined {
  const [, years = '', word = ''] = /^(\d{4})(April|July|Oct)?$/.exec(text) ?? [];
  if (years === '') return undefined;
  const year = Number(years);
  if (word === '') return months(text, 'Yearly', year, 1, 12, 'year', 1);
  return months(text, `Financial${word}`, year, startMonths[word] ?? 1, 12);
}

type Kind = 'month' | 'quarter' | 'half' | 'year';

/** `from` counts months from 1 and may run past December. */
function months(
  id: string,
  type: string,
  year: number,
  from: number,
  count: number,
  kind?: Kind,
  index = 1,
): Dhis2Period {
  return {
    id,
    type,
    startsOn: isoDay(Date.UTC(year, from - 1, 1)),
    endsOn: isoDay(Date.UTC(year, from - 1 + count, 0)),
    period:
      kind === undefined ? undefined : formatPeriod({ kind, year, index, window: 'calendar' }),
  };
}

function weekly(text: string): Dhis2Period | undefined {
  const [, years = '', word = '', number = ''] =
    /^(\d{4})(Tue|Wed|Thu|Fri|Sat|Sun|Bi)?W(\d{1,2})$/.exec(text) ?? [];
  if (years === '') return undefined;
  const year = Number(years);
  const week = Number(number);
  if (word === 'Bi') return biWeekly(text, year, week);
  const first = firstWeek(year, weekStarts[word] ?? 1);
  const start = first + (week - 1) * 7 * dayMs;
  if (week < 1 || start >= firstWeek(year + 1, weekStarts[word] ?? 1)) return undefined;
  return {
    id: `${years}${word}W${week}`,
    type: word === '' ? 'Weekly' : `Weekly${weekdayNames[word] ?? ''}`,
    startsOn: isoDay(start),
    endsOn: isoDay(start + 6 * dayMs),
    period: word === '' ? `${years}-W${String(week).padStart(2, '0')}` : undefined,
  };
}

function biWeekly(id: string, year: number, index: number): Dhis2Period | undefined {
  const start = firstWeek(year, 1) + (index - 1) * 14 * dayMs;
  if (index < 1 || start >= firstWeek(year + 1, 1)) return undefined;
  const endsOn = isoDay(start + 13 * dayMs);
  return { id, type: 'BiWeekly', startsOn: isoDay(start), endsOn, period: undefined };
}

const dayMs = 86_400_000;

/** The start of the week (from a weekday on) that holds 4 January, as ISO 8601 counts weeks. */
function firstWeek(year: number, weekday: number): number {
  const fourth = Date.UTC(year, 0, 4);
  const back = (new Date(fourth).getUTCDay() - (weekday % 7) + 7) % 7;
  return fourth - back * dayMs;
}

/** The DHIS2 identifier of an ADX period, for the durations that a type exists for. */
function adxIdentifier(text: string): string | undefined {
  const [, year = '', month = '', date = '', duration = ''] =
    /^(\d{4})-(\d\d)-(\d\d)\/(P\d{1,2}[DMYW])$/.exec(text) ?? [];
  if (year === '') return undefined;
  const nth = Number(month);
  switch (duration) {
    case 'P1D':
      return `${year}${month}${date}`;
    case 'P7D':
    case 'P1W':
      return isoWeekOf(`${year}-${month}-${date}`);
    case 'P1M':
      return date === '01' ? `${year}${month}` : undefined;
    case 'P2M':
      return startOf(nth, 2, date, (index) => `${year}0${index}B`);
    case 'P3M':
      return startOf(nth, 3, date, (index) => `${year}Q${index}`);
    case 'P6M':
      return startOf(nth, 6, date, (index) => `${year}S${index}`);
    case 'P1Y':
    case 'P12M':
      return startOf(nth, 12, date, () => year);
    default:
      return undefined;
  }
}

function startOf(
  month: number,
  count: number,
  date: string,
  name: (index: number) => string,
): string | undefined {
  if (date !== '01' || (month - 1) % count !== 0) return undefined;
  return name((month - 1) / count + 1);
}

function isoWeekOf(day: string): string | undefined {
  const time = Date.parse(day);
  if (Number.isNaN(time) || new Date(time).getUTCDay() !== 1) return undefined;
  const year = new Date(time + 3 * dayMs).getUTCFullYear();
  return `${year}W${(time - firstWeek(year, 1)) / (7 * dayMs) + 1}`;
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
