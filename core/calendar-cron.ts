import { isoWeekday, type CalendarDate } from './calendar-date.ts';
import { PhusaError } from './errors.ts';

/** A cron expression taken apart. */
export interface Cron {
  /** Wall-clock times of a day it names, `HH:mm`, ascending. */
  readonly times: readonly string[];
  /** Whether it names a day. */
  matchesDay(date: CalendarDate): boolean;
}

interface Field {
  readonly values: ReadonlySet<number>;
  /** Written as `*`: says nothing. */
  readonly open: boolean;
}

const RANGES = [
  { name: 'minute', low: 0, high: 59 },
  { name: 'hour', low: 0, high: 23 },
  { name: 'day', low: 1, high: 31 },
  { name: 'month', low: 1, high: 12 },
  { name: 'weekday', low: 0, high: 7 },
] as const;

/**
 * Reads five cron fields (minute hour day month weekday; lists, ranges, steps; weekday 0 and 7 are Sunday). As in
 * crontab(5), a day matches day OR weekday when both are restricted. Throws data `cron-invalid`.
 */
export function parseCron(text: string): Cron {
  const words = text.trim().split(/\s+/);
  if (words.length !== RANGES.length) throw invalidCron(text);
  const fields = RANGES.map(({ low, high }, i) => readField(words[i] ?? '', low, high, text));
  const [minute, hour, day, month, weekday] = fields;
  if (!minute || !hour || !day || !month || !weekday) throw invalidCron(text);
  return { times: timesOf(hour, minute), matchesDay: dayMatcher(day, month, weekday) };
}

function timesOf(hour: Field, minute: Field): readonly string[] {
  return ascending(hour).flatMap((h) => ascending(minute).map((m) => `${pad(h)}:${pad(m)}`));
}

function dayMatcher(day: Field, month: Field, weekday: Field): (date: CalendarDate) => boolean {
  return (date) => {
    if (!month.values.has(Number(date.slice(5, 7)))) return false;
    const byDay = day.values.has(Number(date.slice(8)));
    const iso = isoWeekday(date);
    const byWeekday = weekday.values.has(iso) || (iso === 7 && weekday.values.has(0));
    return day.open || weekday.open ? byDay && byWeekday : byDay || byWeekday;
  };
}

function readField(word: string, low: number, high: number, text: string): Field {
  const values = new Set(word.split(',').flatMap((part) => readPart(part, low, high, text)));
  return { values, open: word === '*' };
}

function readPart(part: string, low: number, high: number, text: string): readonly number[] {
  const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
  if (!match) throw invalidCron(text);
  const [, first, last, step] = match;
  const from = first === undefined ? low : Number(first);
  const open = first === undefined || (last === undefined && step !== undefined);
  const to = last === undefined ? (open ? high : from) : Number(last);
  const by = step === undefined ? 1 : Number(step);
  if (from < low || to > high || from > to || by < 1) throw invalidCron(text);
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);
}

function ascending(field: Field): readonly number[] {
  return [...field.values].sort((a, b) => a - b);
}

function pad(n: number): string {
  return String(n).padStart(2, '0');
}

function invalidCron(text: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'cron-invalid',
    message: {
      vi: `Biểu thức cron không hợp lệ: "${text}"`,
      en: `Not a cron expression: "${text}"`,
    },
    remedy: {
      vi: 'Viết năm trường: phút giờ ngày tháng thứ, ví dụ "0 7 * * 1".',
      en: 'Write five fields: minute hour day month weekday, e.g. "0 7 * * 1".',
    },
    place: { value: text },
  });
}
