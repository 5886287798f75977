import { addDays, type CalendarDate } from './calendar-date.ts';

/** The zone every Vietnamese office works in; no DST. */
export const VIETNAM_ZONE = 'Asia/Ho_Chi_Minh';

/** A wall-clock moment in a zone. */
export interface LocalTime {
  readonly date: CalendarDate;
  /** `HH:mm`. */
  readonly time: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  formats.set(zone, made);
  return made;
}

/** What clocks in a zone show at an instant. */
export function localTimeOf(instant: Date, zone: string = VIETNAM_ZONE): LocalTime {
  const [date = '', time = ''] = formatFor(zone).format(instant).split(' ');
  return { date, time: time.slice(0, 5) };
}

/** The day in a zone at an instant. */
export function localDateOf(instant: Date, zone: string = VIETNAM_ZONE): CalendarDate {
  return localTimeOf(instant, zone).date;
}

/**
 * The instant at which clocks in a zone show a time. A time skipped in spring is the instant one hour further on; of a
 * time shown twice in autumn the first is meant: each nominal time has exactly one instant.
 */
export function instantOf(local: LocalTime, zone: string = VIETNAM_ZONE): Date {
  const asUtc = Date.parse(`${local.date}T${local.time}:00Z`);
  const before = asUtc - offsetAt(asUtc - 86_400_000, zone);
  const after = asUtc - offsetAt(asUtc + 86_400_000, zone);
  const exact = [before, after].filter((ms) => ms + offsetAt(ms, zone) === asUtc);
  return new Date(exact.length > 0 ? Math.min(...exact) : before);
}

/** The last millisecond of a day in a zone: what a date alone means as `--as-of`. */
export function endOfDay(date: CalendarDate, zone: string = VIETNAM_ZONE): Date {
  return new Date(instantOf({ date: addDays(date, 1), time: '00:00' }, zone).getTime() - 1);
}

function offsetAt(ms: number, zone: string): number {
  const minute = Math.floor(ms / 60_000) * 60_000;
  const { date, time } = localTimeOf(new Date(minute), zone);
  return Date.parse(`${date}T${time}:00Z`) - minute;
}
