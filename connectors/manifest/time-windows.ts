import { isZero, parseDuration } from './duration.ts';
import { fill, type Filling } from './build-request.ts';
import { manifestTrouble } from './manifest-trouble.ts';
import type { TimeWindows } from './schema/reading-schema.ts';
import { moved, parseInstant, startOf, writeInstant, zoneOf, type Zone } from './zoned-time.ts';

/** Instants (milliseconds) that are asked for together: from, inclusive, to the beginning of the next window. */
export interface Window {
  readonly from: number;
  readonly next: number;
}

/** A stream's way through time. */
export interface Timeline {
  readonly windows: readonly Window[];
  /** No window ends later, for the cursor: what lies after it is not finished yet. */
  readonly settled: number;
}

const day = 86_400_000;

/** Where reading begins and ends, and the windows between, clamped and cut as declared. */
export function timeline(
  spec: TimeWindows,
  filling: Filling,
  now: number,
  asked: { readonly cursor?: number; readonly from?: string; readonly to?: string },
): Timeline {
  const zone = zoneOf(spec.zone);
  const end = endOf(spec, zone, now);
  const first = startOfAll(spec, filling, zone);
  const back = parseDuration(spec.lookBack);
  const resumed = asked.cursor === undefined ? first : moved(asked.cursor, back, zone, -1);
  const from = asked.from === undefined ? Math.max(first, resumed) : instant(asked.from, zone);
  const to = asked.to === undefined ? end.end : Math.min(end.end, instant(asked.to, zone) + day);
  return { windows: cut(spec, zone, clamped(spec, from, zone), to), settled: end.settled };
}

/** The two halves of a window; undefined when it cannot be cut finer (B20). */
export function halves(
  spec: TimeWindows,
  { from, next }: Window,
): readonly [Window, Window] | undefined {
  const grain = grainMs(spec);
  const steps = Math.floor((next - from) / grain);
  if (steps < 2) return undefined;
  const middle = from + Math.floor(steps / 2) * grain;
  return [
    { from, next: middle },
    { from: middle, next },
  ];
}

/** The last instant that is asked for: one grain before the next window begins. */
function lastOf(spec: TimeWindows, { next }: Window): number {
  return moved(next, parseDuration(spec.granularity), zoneOf(spec.zone), -1);
}

/** What `{{ window.… }}` stands for. */
export function windowScope(spec: TimeWindows, window: Window): Readonly<Record<string, Date>> {
  return {
    from: new Date(window.from),
    to: new Date(lastOf(spec, window)),
    next: new Date(window.next),
  };
}

/** The stable name of a window. */
export function windowName(spec: TimeWindows, window: Window): string {
  const zone = zoneOf(spec.zone);
  const format = grainMs(spec) >= day ? '%Y-%m-%d' : '%Y-%m-%dT%H:%M:%S';
  return `${writeInstant(window.from, format, zone)}..${writeInstant(lastOf(spec, window), format, zone)}`;
}

function grainMs(spec: TimeWindows): number {
  const { months, ms } = parseDuration(spec.granularity);
  return Math.max(1000, months * 28 * day + ms);
}

function endOf(
  spec: TimeWindows,
  zone: Zone,
  now: number,
): { readonly end: number; readonly settled: number } {
  const last = moved(now, parseDuration(spec.lag), zone, -1);
  if (grainMs(spec) < day) {
    const end = Math.floor(last / 1000) * 1000 + 1000;
    return { end, settled: end };
  }
  // A source that filters by day is asked for the present day too, which is read again until it is over.
  const today = startOf('day', last, zone);
  return { end: moved(today, { months: 0, ms: day }, zone), settled: today };
}

function startOfAll(spec: TimeWindows, filling: Filling, zone: Zone): number {
  const text = fill(spec.start, filling) ?? '';
  return instant(text, zone);
}

function instant(text: string, zone: Zone): number {
  const at = parseInstant(text, zone);
  if (at === undefined) throw manifestTrouble('start-invalid', text);
  return at;
}

function clamped(spec: TimeWindows, from: number, zone: Zone): number {
  if (spec.clamp !== undefined) return startOf(spec.clamp, from, zone);
  return grainMs(spec) >= day ? startOf('day', from, zone) : Math.floor(from / 1000) * 1000;
}

function cut(spec: TimeWindows, zone: Zone, from: number, to: number): readonly Window[] {
  const step = parseDuration(spec.step ?? 'PT0S');
  if (isZero(step)) return from < to ? [{ from, next: to }] : [];
  const windows: Window[] = [];
  for (let start = from; start < to;) {
    const whole = moved(start, step, zone);
    const border = spec.clamp === undefined ? whole : startOf(spec.clamp, whole, zone);
    const next = Math.min(border > start ? border : whole, to);
    windows.push({ from: start, next });
    start = next;
  }
  return windows;
}
