/**
 * Days and local times as integers. A *day* is a count of days since 1970-01-01; a *moment* is a
 * count of seconds since 1970-01-01 00:00 local time (+07:00, no daylight saving).
 */

export const SECONDS_A_DAY = 86_400;
const UTC_OFFSET_SECONDS = 7 * 3600;

const isoCache = new Map<number, string>();

/** `yyyy-MM-dd` of a day. */
export function isoDay(day: number): string {
  const cached = isoCache.get(day);
  if (cached !== undefined) return cached;
  const text = new Date(day * SECONDS_A_DAY * 1000).toISOString().slice(0, 10);
  isoCache.set(day, text);
  return text;
}

/** The day of `yyyy-MM-dd`; RangeError when it is no date. */
export function dayOf(iso: string): number {
  const milliseconds = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? Date.parse(`${iso}T00:00:00Z`) : NaN;
  const day = milliseconds / 1000 / SECONDS_A_DAY;
  if (Number.isNaN(day) || isoDay(day) !== iso) {
    throw new RangeError(`not a date yyyy-MM-dd: "${iso}"`);
  }
  return day;
}

/** The day a moment falls on. */
export function dayOfMoment(moment: number): number {
  return Math.floor(moment / SECONDS_A_DAY);
}

/** The moment at hour, minute and second of a day. */
export function momentOf(day: number, hour = 0, minute = 0, second = 0): number {
  return day * SECONDS_A_DAY + hour * 3600 + minute * 60 + second;
}

/** The last second of a day. */
export function endOfDay(day: number): number {
  return (day + 1) * SECONDS_A_DAY - 1;
}

function two(value: number): string {
  return value < 10 ? `0${String(value)}` : String(value);
}

/** Hour, minute and second of a moment with the given separator. */
function clockText(moment: number, separator: string): string {
  const second = moment - dayOfMoment(moment) * SECONDS_A_DAY;
  const hour = Math.floor(second / 3600);
  const minute = Math.floor(second / 60) % 60;
  return two(hour) + separator + two(minute) + separator + two(second % 60);
}

/** `yyyy-MM-dd HH:mm:ss`, local. */
export function dashedMoment(moment: number): string {
  return `${isoDay(dayOfMoment(moment))} ${clockText(moment, ':')}`;
}

/** `yyyyMMddHHmmss`, local. */
export function compactMoment(moment: number): string {
  return compactDay(dayOfMoment(moment)) + clockText(moment, '');
}

/** `yyyyMMdd`. */
export function compactDay(day: number): string {
  const iso = isoDay(day);
  return iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8, 10);
}

/** `yyyy-MM-ddTHH:mm:ss`, local, without a zone. */
export function isoMoment(moment: number): string {
  return `${isoDay(dayOfMoment(moment))}T${clockText(moment, ':')}`;
}

/** The moment as UTC, `yyyy-MM-ddTHH:mm:ssZ`. */
export function utcMoment(moment: number): string {
  return `${isoMoment(moment - UTC_OFFSET_SECONDS)}Z`;
}

/** An HTTP date of a moment. */
export function httpDate(moment: number): string {
  return new Date((moment - UTC_OFFSET_SECONDS) * 1000).toUTCString();
}

/** 0 = Sunday … 6 = Saturday. */
export function weekday(day: number): number {
  return (day + 4) % 7;
}

/** The Monday of a day's ISO week. */
export function mondayOf(day: number): number {
  return day - ((day + 3) % 7);
}

/** `2026-W45`: ISO week of a day. */
export function isoWeekName(day: number): string {
  const thursday = mondayOf(day) + 3;
  const year = yearOf(thursday);
  const week = Math.floor((thursday - firstDayOfYear(year)) / 7) + 1;
  return `${String(year)}-W${two(week)}`;
}

/** Calendar year of a day. */
export function yearOf(day: number): number {
  return Number(isoDay(day).slice(0, 4));
}

/** 1 January of a year. */
export function firstDayOfYear(year: number): number {
  return dayOf(`${String(year)}-01-01`);
}

/** First day of the month a day lies in. */
export function firstDayOfMonth(day: number): number {
  return dayOf(`${isoDay(day).slice(0, 7)}-01`);
}

/** First day of the month after the one a day lies in. */
export function nextMonth(day: number): number {
  return firstDayOfMonth(firstDayOfMonth(day) + 31);
}
