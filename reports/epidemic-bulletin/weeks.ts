import { formatPeriod, type Period } from '../../core/period.ts';
import type { PeriodCalendar } from '../../core/period-calendar.ts';

/** Weeks in the chart, the bulletin's own the last. */
const CHART_WEEKS = 12;

/** Days at the end of a week whose reports may still grow: “số liệu 3 ngày cuối chưa đầy đủ”. */
export const UNSETTLED_DAYS = 3;

/** The weeks of the chart in order of time. */
export function chartWeeks(week: Period, periods: PeriodCalendar): readonly Period[] {
  const weeks: Period[] = [];
  let next: Period | undefined = week;
  while (next && weeks.length < CHART_WEEKS) {
    weeks.unshift(next);
    next = periods.previous(next);
  }
  return weeks;
}

/** Label of a week under its bar: `T45`. */
export function weekLabel(week: Period): string {
  return week.kind === 'week' ? `T${week.index}` : formatPeriod(week);
}
