import type { CalendarDate } from './calendar-date.ts';
import type { MonthlyKind } from './period.ts';

/**
 * Which days a kind of period covers, as data (`dim.period_kind`): a decree moves the anchor, not the code.
 * The period starts on `anchorDay` of its first unit shifted by `shift` units, and ends the day before its successor
 * starts. Units are months (day of the month), for weeks ISO weeks (weekday, 1 Monday).
 */
export interface PeriodRule {
  readonly kind: MonthlyKind | 'week';
  /** `calendar`, `nd09` … : what stands after `@` in a period's id. */
  readonly window: string;
  readonly anchorDay: number;
  readonly shift: number;
  /** Days on which the period's nominal first day must lie for this rule to hold; `undefined` = still in force. */
  readonly validFrom: CalendarDate;
  readonly validTo: CalendarDate | undefined;
  /** Working days after the last day within which the report is sent. */
  readonly sendWithin: number | undefined;
  readonly legalBasis: string;
}

/** A school year (term `undefined`) or a term of it: the dates are fixed yearly by decision, so they are data. */
export interface SchoolTerm {
  readonly year: number;
  readonly term: string | undefined;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}
