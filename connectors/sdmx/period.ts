import { readPeriod } from '../../core/period.ts';

/** Months in a duration, for those that one of our periods has. */
const durationMonths: Readonly<Record<string, number>> = {
  P1M: 1,
  P3M: 3,
  P6M: 6,
  P1Y: 12,
  P12M: 12,
};

/**
 * A period of SDMX as `core/period.ts` spells it: Gregorian (`2014`, `2014-01`, `2014-01-05`, with a time or zone),
 * reporting (`2014-A1`, `-S1`, `-Q1`, `-M01`, `-W01`, `-D001`; SDMX 2.0 without the hyphen), ranges that are one of our
 * periods (`2014-01-01/P3M`). Undefined for others (trimesters, ranges of other lengths) and for no period.
 */
export function sdmxPeriod(given: string): string | undefined {
  const text = given.trim();
  const spelled = reporting(text) ?? ranged(text) ?? gregorian(text);
  return spelled !== undefined && readPeriod(spelled) !== undefined ? spelled : undefined;
}

function gregorian(text: string): string | undefined {
  const plain = text.replace(/T\d\d:\d\d(:\d\d(\.\d+)?)?/, '').replace(/(Z|[+-]\d\d:\d\d)$/, '');
  return /^\d{4}(-\d\d(-\d\d)?)?$/.test(plain) ? plain : undefined;
}

function reporting(text: string): string | undefined {
  const [, year = '', kind = '', digits = ''] = /^(\d{4})-?([ASBQMWD])(\d{1,3})$/.exec(text) ?? [];
  const index = Number(digits);
  switch (kind) {
    case 'A':
      return index === 1 ? year : undefined;
    case 'S':
    case 'B':
      return index <= 2 ? `${year}-H${index}` : undefined;
    case 'Q':
      return `${year}-Q${index}`;
    case 'M':
      return `${year}-${digits.padStart(2, '0')}`;
    case 'W':
      return `${year}-W${digits.padStart(2, '0')}`;
    case 'D':
      return dayOfYear(year, index);
    default:
      return undefined;
  }
}

function dayOfYear(year: string, index: number): string | undefined {
  const day = new Date(Date.UTC(Number(year), 0, index)).toISOString().slice(0, 10);
  return index >= 1 && day.startsWith(year) ? day : undefined;
}

function ranged(text: string): string | undefined {
  const [, year = '', month = '', date = '', duration = ''] =
    /^(\d{4})-(\d\d)-(\d\d)(?:T00:00:00)?\/(P\w+)$/.exec(text) ?? [];
  if (duration === 'P1D') return `${year}-${month}-${date}`;
  const count = durationMonths[duration];
  const first = Number(month) - 1;
  if (count === undefined || date !== '01' || first % count !== 0) return undefined;
  if (count === 1) return `${year}-${month}`;
  if (count === 12) return year;
  return `${year}-${count === 3 ? 'Q' : 'H'}${first / count + 1}`;
}
