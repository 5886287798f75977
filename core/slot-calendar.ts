import { assertNever } from './assert-never.ts';
import {
  addDays,
  dateOfMonth,
  daysInMonth,
  isoWeekday,
  monthNumberOf,
  type CalendarDate,
} from './calendar-date.ts';
import { parseCron } from './calendar-cron.ts';
import { seriesParts, type CalendarExpression, type PeriodSeries } from './calendar-expression.ts';
import { instantOf, localDateOf, VIETNAM_ZONE } from './calendar-zone.ts';
import type { PeriodCalendar } from './period-calendar.ts';
import { formatPeriod, type Period } from './period.ts';
import type { WorkingDayCalendar } from './working-day-calendar.ts';

/** A nominal time at which a schedule is due, and the period it is due for. */
export interface Slot {
  readonly at: Date;
  /** Period id: the last complete day, week or month before the slot; for `after-period` the period itself. */
  readonly period: string;
}

/** What slots are computed with. */
export interface SlotCalendars {
  readonly workingDays: WorkingDayCalendar;
  readonly periods: PeriodCalendar;
  /** IANA name; Asia/Ho_Chi_Minh unless told. */
  readonly zone?: string;
}

/** A slot on the wall clock, before the zone makes an instant of it. */
interface NominalSlot {
  readonly date: CalendarDate;
  readonly time: string;
  readonly period: Period | undefined;
}

/**
 * The slots of an expression after `fromExclusive` up to and including `toInclusive`, ascending, one per nominal time
 * (also where a zone's clocks change).
 */
export function slotsBetween(
  expression: CalendarExpression,
  fromExclusive: Date,
  toInclusive: Date,
  calendars: SlotCalendars,
): readonly Slot[] {
  const zone = calendars.zone ?? VIETNAM_ZONE;
  const first = addDays(localDateOf(fromExclusive, zone), -1);
  const last = addDays(localDateOf(toInclusive, zone), 1);
  return nominalSlots(expression, first, last, calendars)
    .flatMap(({ date, time, period }) =>
      period ? [{ at: instantOf({ date, time }, zone), period: formatPeriod(period) }] : [],
    )
    .filter(({ at }) => at > fromExclusive && at <= toInclusive)
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

function nominalSlots(
  expression: CalendarExpression,
  first: CalendarDate,
  last: CalendarDate,
  calendars: SlotCalendars,
): readonly NominalSlot[] {
  const days = daysFrom(first, last);
  const { periods } = calendars;
  switch (expression.kind) {
    case 'daily':
      return days.map((date) => before('day', date, expression.at, periods));
    case 'weekly':
      return days
        .filter((date) => isoWeekday(date) === expression.weekday)
        .map((date) => before('week', date, expression.at, periods));
    case 'monthly':
      return days
        .filter((date) => Number(date.slice(8)) === dayInMonth(date, expression.day))
        .map((date) => before('month', date, expression.at, periods));
    case 'last-working-day':
      return days
        .filter((date) => date === lastWorkingDay(date, calendars.workingDays))
        .map((date) => ({
          date,
          time: expression.at,
          period: periods.containing('month', date),
        }));
    case 'after-period':
      return afterPeriods(expression, first, last, calendars);
    case 'cron':
      return cronSlots(expression.text, days, periods);
    default:
      return assertNever(expression);
  }
}

function before(
  series: PeriodSeries,
  date: CalendarDate,
  time: string,
  periods: PeriodCalendar,
): NominalSlot {
  const { kind, window } = seriesParts(series);
  return { date, time, period: periods.lastComplete(kind, date, window) };
}

function cronSlots(
  text: string,
  days: readonly CalendarDate[],
  periods: PeriodCalendar,
): readonly NominalSlot[] {
  const cron = parseCron(text);
  return days
    .filter((date) => cron.matchesDay(date))
    .flatMap((date) => cron.times.map((time) => before('day', date, time, periods)));
}

/** Longest wait from a period's end to its slot: 30 working days with the longest holiday between. */
const LONGEST_WAIT_DAYS = 75;

function afterPeriods(
  expression: Extract<CalendarExpression, { kind: 'after-period' }>,
  first: CalendarDate,
  last: CalendarDate,
  { periods, workingDays }: SlotCalendars,
): readonly NominalSlot[] {
  const { kind, window } = seriesParts(expression.period);
  const range = { from: addDays(first, -LONGEST_WAIT_DAYS), to: last };
  return periods.overlapping(kind, range, window).map((period) => ({
    date: workingDays.addWorkingDays(periods.window(period).to, expression.workingDays),
    time: expression.at,
    period,
  }));
}

function dayInMonth(date: CalendarDate, day: number): number {
  return Math.min(day, daysInMonth(monthNumberOf(date)));
}

function lastWorkingDay(date: CalendarDate, workingDays: WorkingDayCalendar): CalendarDate {
  const month = monthNumberOf(date);
  return workingDays.nearest(dateOfMonth(month, daysInMonth(month)), -1);
}

function daysFrom(first: CalendarDate, last: CalendarDate): readonly CalendarDate[] {
  const days: CalendarDate[] = [];
  for (let date = first; date <= last; date = addDays(date, 1)) days.push(date);
  return days;
}
