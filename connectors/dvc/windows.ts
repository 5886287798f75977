/** Days of update times that are read as one batch, inclusive. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

/** The windows from one day to another: whole months, the first and last cut to the days asked for. */
export function monthWindows(from: string, to: string): readonly Window[] {
  const windows: Window[] = [];
  for (let start = from; start <= to;) {
    const end = lastOfMonth(start);
    windows.push({ from: start, to: end < to ? end : to });
    start = addDays(end, 1);
  }
  return windows;
}

/** The stable name of a window's batch. */
export function windowKey({ from, to }: Window): string {
  return `hoso:${from}..${to}`;
}

/** A day some days later (or earlier). */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The day it is in Vietnam (+07:00, no daylight saving). */
export function vietnamDay(now: Date): string {
  return new Date(now.getTime() + 7 * 3_600_000).toISOString().slice(0, 10);
}

function lastOfMonth(day: string): string {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
