import { at } from './random.ts';
import { dayOf, firstDayOfYear, isoDay, weekday, yearOf } from './days.ts';

/** First day of the lunar new year, 2022–2031 (calendar at UTC+7). */
const TET = [
  '2022-02-01',
  '2023-01-22',
  '2024-02-10',
  '2025-01-29',
  '2026-02-17',
  '2027-02-06',
  '2028-01-26',
  '2029-02-13',
  '2030-02-03',
  '2031-01-23',
].map(dayOf);

/** Giỗ Tổ Hùng Vương (10th of the third lunar month), 2022–2031. */
const KINGS = [
  '2022-04-10',
  '2023-04-29',
  '2024-04-18',
  '2025-04-07',
  '2026-04-26',
  '2027-04-16',
  '2028-04-04',
  '2029-04-23',
  '2030-04-12',
  '2031-05-01',
].map(dayOf);

/** The first and last year the simulated city knows. */
export const FIRST_YEAR = 2022;
export const LAST_YEAR = 2030;

/** Days from the nearest lunar new year's first day: 0 on it, negative before. */
export function daysFromTet(day: number): number {
  return TET.map((tet) => day - tet).reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a));
}

/** Whether offices are closed for Tết: from two days before to five days after its first day. */
export function isTet(day: number): boolean {
  const distance = daysFromTet(day);
  return distance >= -2 && distance <= 5;
}

function isFixedHoliday(day: number): boolean {
  const date = isoDay(day).slice(5);
  if (date === '11-24') return yearOf(day) >= 2026;
  return ['01-01', '04-30', '05-01', '09-01', '09-02'].includes(date);
}

const openDays = new Map<number, boolean>();

/** Whether offices work: Monday to Friday outside public holidays. */
export function isWorkingDay(day: number): boolean {
  const cached = openDays.get(day);
  if (cached !== undefined) return cached;
  const weekend = weekday(day) % 6 === 0;
  const open = !weekend && !isTet(day) && !isFixedHoliday(day) && !KINGS.includes(day);
  openDays.set(day, open);
  return open;
}

/** The `count`-th working day after a day (count 0: the day itself). */
export function addWorkingDays(day: number, count: number): number {
  let result = day;
  for (let left = count; left > 0;) {
    result += 1;
    if (isWorkingDay(result)) left -= 1;
  }
  return result;
}

/** The day itself when offices work on it, else the next working day. */
export function workingDayFrom(day: number): number {
  return isWorkingDay(day) ? day : addWorkingDays(day, 1);
}

/** How busy a day is when each kind of day has its weight: a share of its calendar year. */
export function shareOfYear(weights: DayWeights): (day: number) => number {
  const totals = new Map<number, number>();
  const shares = new Map<number, number>();
  return (day) => {
    const known = shares.get(day);
    if (known !== undefined) return known;
    const year = yearOf(day);
    const total = totals.get(year) ?? yearTotal(weights, year);
    totals.set(year, total);
    const share = dayWeight(weights, day) / total;
    shares.set(day, share);
    return share;
  };
}

/** Relative load of the days of a week (Sunday first) and of days on which offices are closed. */
export type DayWeights = {
  readonly week: readonly number[];
  readonly closed: number;
  readonly tet: number;
};

function dayWeight(weights: DayWeights, day: number): number {
  if (isTet(day)) return weights.tet;
  const usual = at(weights.week, weekday(day));
  return isWorkingDay(day) || weekday(day) % 6 === 0 ? usual : weights.closed;
}

function yearTotal(weights: DayWeights, year: number): number {
  let total = 0;
  for (let day = firstDayOfYear(year); day < firstDayOfYear(year + 1); day += 1) {
    total += dayWeight(weights, day);
  }
  return total;
}
