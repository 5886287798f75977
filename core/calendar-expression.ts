import type { PeriodKind } from './period.ts';

/** ISO weekday: 1 Monday … 7 Sunday. */
type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** A kind of period and its window in one word: `month@nd09`, `week`, `quarter`. */
export type PeriodSeries = PeriodKind | `${PeriodKind}@${string}`;

/** When a schedule is due, as data. `at` is `HH:mm` on the schedule's wall clock. */
export type CalendarExpression =
  | { readonly kind: 'daily'; readonly at: string }
  | { readonly kind: 'weekly'; readonly weekday: Weekday; readonly at: string }
  /** A day beyond the month's end means its last day. */
  | { readonly kind: 'monthly'; readonly day: number; readonly at: string }
  /** The last working day of each month. */
  | { readonly kind: 'last-working-day'; readonly at: string }
  /** `workingDays` working days after a period's last day; 0 = on its last day. */
  | {
      readonly kind: 'after-period';
      readonly period: PeriodSeries;
      readonly workingDays: number;
      readonly at: string;
    }
  /** Five cron fields; strictly the days they name (day 31 skips short months). */
  | { readonly kind: 'cron'; readonly text: string };

/** A kind of period and its window, taken apart. */
export function seriesParts(series: PeriodSeries): {
  readonly kind: PeriodKind;
  readonly window: string;
} {
  const [kind = '', window = 'calendar'] = series.split('@');
  return { kind: kindOf(kind), window };
}

const KINDS = {
  day: true,
  week: true,
  month: true,
  quarter: true,
  half: true,
  'nine-months': true,
  year: true,
  'school-year': true,
  'school-term': true,
} satisfies Record<PeriodKind, true>;

function isKind(text: string): text is PeriodKind {
  return Object.hasOwn(KINDS, text);
}

function kindOf(text: string): PeriodKind {
  if (!isKind(text)) throw new RangeError(`not a kind of period: ${text}`);
  return text;
}
