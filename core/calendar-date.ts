/** A day as `yyyy-mm-dd`. Compares and sorts as text; has no zone. */
export type CalendarDate = string;

/** Inclusive bounds of a stretch of days. */
export interface DateRange {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

const DAY_MS = 86_400_000;

/** Days since 1970-01-01. */
function dayNumber(date: CalendarDate): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** The inverse of {@link dayNumber}. */
export function dateOfDayNumber(day: number): CalendarDate {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Whether a text is a day that exists: `2026-02-29` is not. */
export function isCalendarDate(text: string): text is CalendarDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = dayNumber(text);
  return Number.isFinite(day) && dateOfDayNumber(day) === text;
}

/** `date` moved by whole days, backwards when negative. */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return dateOfDayNumber(dayNumber(date) + days);
}

/** ISO weekday: 1 Monday … 7 Sunday. */
export function isoWeekday(date: CalendarDate): number {
  return ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;
}

/** A day of a month counted from January of year 0 (`year * 12 + month - 1`), so that months can be shifted freely. */
export function dateOfMonth(monthNumber: number, day: number): CalendarDate {
  const year = Math.floor(monthNumber / 12);
  const month = monthNumber - year * 12 + 1;
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** The month of a day, counted as in {@link dateOfMonth}. */
export function monthNumberOf(date: CalendarDate): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}

/** Days in a month counted as in {@link dateOfMonth}. */
export function daysInMonth(monthNumber: number): number {
  return dayNumber(dateOfMonth(monthNumber + 1, 1)) - dayNumber(dateOfMonth(monthNumber, 1));
}

/** Monday of an ISO week; week 54 of a year is week 1 or 2 of the next. */
export function mondayOfIsoWeek(year: number, week: number): CalendarDate {
  const fourth = `${String(year).padStart(4, '0')}-01-04`;
  return addDays(fourth, 1 - isoWeekday(fourth) + 7 * (week - 1));
}

/** The ISO week a day lies in; its year is that of the week's Thursday. */
export function isoWeekOf(date: CalendarDate): { readonly year: number; readonly week: number } {
  const year = Number(addDays(date, 4 - isoWeekday(date)).slice(0, 4));
  const days = dayNumber(date) - dayNumber(mondayOfIsoWeek(year, 1));
  return { year, week: Math.floor(days / 7) + 1 };
}

/** Number of ISO weeks of a year: 52 or 53. */
export function isoWeeksIn(year: number): number {
  return (dayNumber(mondayOfIsoWeek(year + 1, 1)) - dayNumber(mondayOfIsoWeek(year, 1))) / 7;
}

/** `05/09/2025`, as in the cells of a report: figures padded so that nobody adds one by hand (NĐ 30/2020). */
export function shortDate(date: CalendarDate): string {
  return `${date.slice(8)}/${date.slice(5, 7)}/${date.slice(0, 4)}`;
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}
