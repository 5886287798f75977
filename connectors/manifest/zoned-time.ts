import type { Duration } from './duration.ts';

/** Wall time of a zone, kept as if it were UTC: arithmetic on it is calendar arithmetic. */
type WallMs = number;

/** A time zone's clock. */
export interface Zone {
  /** The wall time of an instant. */
  toWall(instant: number): WallMs;
  /** The instant of a wall time; in a gap or overlap, the one by the offset before it. */
  toInstant(wall: WallMs): number;
}

/** The clock of an IANA zone. Throws RangeError for a name that is none. */
export function zoneOf(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const toWall = (instant: number): WallMs => {
    const part = Object.fromEntries(
      format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    const ms = ((instant % 1000) + 1000) % 1000;
    return Date.UTC(year, month - 1, day, hour, minute, second) + ms;
  };
  const offset = (instant: number) => toWall(instant) - instant;
  return { toWall, toInstant: (wall) => wall - offset(wall - offset(wall)) };
}

/** An instant some duration later (`sign` −1: earlier), by the calendar of the zone. */
export function moved(instant: number, by: Duration, zone: Zone, sign: 1 | -1 = 1): number {
  if (by.months === 0) return instant + sign * by.ms;
  const wall = new Date(zone.toWall(instant));
  const day = wall.getUTCDate();
  wall.setUTCDate(1);
  wall.setUTCMonth(wall.getUTCMonth() + sign * by.months);
  const last = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate();
  wall.setUTCDate(Math.min(day, last));
  return zone.toInstant(wall.getTime()) + sign * by.ms;
}

/** The beginning of the day, week (Monday) or month that an instant lies in. */
export function startOf(unit: 'day' | 'week' | 'month', instant: number, zone: Zone): number {
  const wall = new Date(zone.toWall(instant));
  wall.setUTCHours(0, 0, 0, 0);
  if (unit === 'month') wall.setUTCDate(1);
  if (unit === 'week') wall.setUTCDate(wall.getUTCDate() - ((wall.getUTCDay() + 6) % 7));
  return zone.toInstant(wall.getTime());
}

/** An ISO day or instant; without an offset it is wall time of the zone. Undefined when it is neither. */
export function parseInstant(text: string, zone: Zone): number | undefined {
  const found =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (found === null) return undefined;
  const [, day = '', time = '00:00:00', offset] = found;
  const wall = Date.parse(`${day}T${time}${offset ?? 'Z'}`);
  if (Number.isNaN(wall)) return undefined;
  return offset === undefined ? zone.toInstant(wall) : wall;
}

const two = (value: number) => String(value).padStart(2, '0');

/** Writes an instant as a source wants it: strftime parts, `iso`, `epoch` or `epoch-ms`. */
export function writeInstant(instant: number, format: string, zone: Zone): string {
  if (format === 'epoch') return String(Math.floor(instant / 1000));
  if (format === 'epoch-ms') return String(instant);
  const pattern = format === 'iso' ? '%Y-%m-%dT%H:%M:%S%:z' : format;
  const wallMs = zone.toWall(instant);
  const wall = new Date(wallMs);
  const minutes = Math.round((wallMs - instant) / 60_000);
  const sign = minutes < 0 ? '-' : '+';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const written: Readonly<Record<string, string>> = {
    '%Y': String(wall.getUTCFullYear()),
    '%m': two(wall.getUTCMonth() + 1),
    '%d': two(wall.getUTCDate()),
    '%H': two(wall.getUTCHours()),
    '%M': two(wall.getUTCMinutes()),
    '%S': two(wall.getUTCSeconds()),
    '%f': String(wall.getUTCMilliseconds()).padStart(3, '0'),
    '%z': `${sign}${two(hours)}${two(rest)}`,
    '%:z': `${sign}${two(hours)}:${two(rest)}`,
    '%s': String(Math.floor(instant / 1000)),
    '%%': '%',
  };
  return pattern.replaceAll(/%:?[A-Za-z%]/g, (piece) => written[piece] ?? piece);
}
