import { dayOf, endOfDay, isoDay } from './days.ts';
import { FIRST_YEAR, LAST_YEAR } from './holidays.ts';

/** The first day of every generator, so that no value depends on how far back is shown. */
export const EPOCH = dayOf(`${String(FIRST_YEAR)}-01-01`);

/** The day the two-level administration began and Hải Dương joined Hải Phòng. */
export const REFORM = dayOf('2025-07-01');

/** What of the simulated world can be seen. */
export type Horizon = {
  readonly seed: number;
  readonly scale: number;
  /** First visible day. */
  readonly firstDay: number;
  /** Last visible day, inclusive. */
  readonly lastDay: number;
  /** Last visible moment: the end of the last day. */
  readonly lastMoment: number;
};

/** What a caller may ask for. */
export type HorizonOptions = {
  /** Last simulated day, yyyy-MM-dd, inclusive. */
  readonly now: string;
  readonly years?: number | undefined;
  readonly scale?: number | undefined;
  readonly seed?: number | undefined;
};

/** The visible part of the world; RangeError for a `now` outside the years the city knows. */
export function horizonOf(options: HorizonOptions): Horizon {
  const { now, years = 3, scale = 1, seed = 1 } = options;
  const lastDay = dayOf(now);
  const latest = dayOf(`${String(LAST_YEAR)}-12-31`);
  if (lastDay < EPOCH + 31 || lastDay > latest) {
    throw new RangeError(`now must lie from ${isoDay(EPOCH + 31)} to ${isoDay(latest)}: "${now}"`);
  }
  if (!(years > 0)) throw new RangeError(`years must be positive: ${String(years)}`);
  if (!(scale > 0)) throw new RangeError(`scale must be positive: ${String(scale)}`);
  const firstDay = Math.max(EPOCH, yearsBefore(now, years) + 1);
  return { seed, scale, firstDay, lastDay, lastMoment: endOfDay(lastDay) };
}

function yearsBefore(now: string, years: number): number {
  if (!Number.isInteger(years)) return dayOf(now) - Math.round(years * 365);
  const year = Number(now.slice(0, 4)) - years;
  const date = now.slice(5) === '02-29' ? '02-28' : now.slice(5);
  return dayOf(`${String(year)}-${date}`);
}
