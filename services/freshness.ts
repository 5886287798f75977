import { PhusaError } from '../core/errors.ts';

/** From one instant up to, but not with, another (milliseconds). */
export interface Slot {
  readonly from: number;
  readonly to: number;
}

/** A declared freshness: `P1D`, `P2W`, `P1M`, `PT6H`. */
export const freshnessPattern = /^(?:P([1-9]\d{0,2})([DWM])|PT([1-9]\d{0,2})(H))$/;

const hour = 3_600_000;
const hours: Readonly<Record<string, number>> = { H: 1, D: 24, W: 168 };

/** Vietnam has had one offset since 1975, and no summer time. */
const offset = 7 * hour;

/**
 * The slots of a span in each of which a source is expected to bring something new, in Vietnamese time: months begin on
 * their first day, all others are counted from the beginning of the span. Only slots that lie whole in it are given.
 * Throws fatal `freshness-invalid`.
 */
export function freshnessSlots(freshness: string, { from, to }: Slot): readonly Slot[] {
  const [, count, unit = 'H', countOfHours] = freshnessPattern.exec(freshness) ?? [];
  const every = Number(count ?? countOfHours);
  if (!Number.isInteger(every)) throw freshnessInvalid(freshness);
  const next = unit === 'M' ? (at: number) => monthsLater(at, every) : spanLater(every, unit);
  const slots: Slot[] = [];
  let begin = unit === 'M' ? monthOf(from) : from;
  if (begin < from) begin = monthsLater(begin, 1);
  for (let end = next(begin); end <= to; end = next(begin)) {
    slots.push({ from: begin, to: end });
    begin = end;
  }
  return slots;
}

function spanLater(every: number, unit: string): (at: number) => number {
  const span = every * (hours[unit] ?? 1) * hour;
  return (at) => at + span;
}

function monthOf(at: number): number {
  const local = new Date(at + offset);
  return Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), 1) - offset;
}

function monthsLater(at: number, months: number): number {
  const local = new Date(at + offset);
  return Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + months, 1) - offset;
}

function freshnessInvalid(value: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'freshness-invalid',
    message: {
      vi: `Hạn cập nhật “${value}” chưa đúng.`,
      en: `The freshness “${value}” is not right.`,
    },
    remedy: {
      vi: 'Ghi PT6H (6 giờ), P1D (ngày), P1W (tuần) hoặc P1M (tháng).',
      en: 'Write PT6H (6 hours), P1D (a day), P1W (a week) or P1M (a month).',
    },
    place: { value },
  });
}
