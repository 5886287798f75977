import { dayOfMoment } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { reportsOf, type CitizenReport } from './citizen-report.ts';

/** A report as it stands at the end of the visible time. */
export type VisibleReport = CitizenReport & {
  /** 1 received, 2 in progress, 3 done, 4 not competent. */
  readonly status: 1 | 2 | 3 | 4;
  readonly updatedAt: number;
};

/** All visible reports, in the order in which they came in. */
export type ReportBook = {
  readonly reports: readonly VisibleReport[];
  find(id: string): VisibleReport | undefined;
  /** Reports last changed from one day to another, inclusive. */
  changedBetween(from: number, to: number): readonly VisibleReport[];
};

/** Draws the book of a horizon. */
export function createReportBook(horizon: Horizon): ReportBook {
  const { seed, scale, firstDay, lastDay, lastMoment } = horizon;
  const days = Array.from({ length: lastDay - firstDay + 1 }, (_, n) => firstDay + n);
  const reports = days
    .flatMap((day) => reportsOf(seed, scale, day))
    .map((report) => asOf(report, lastMoment))
    .sort((a, b) => a.requestedAt - b.requestedAt || (a.id < b.id ? -1 : 1));
  const byId = new Map(reports.map((report) => [report.id, report]));
  return {
    reports,
    find: (id) => byId.get(id),
    changedBetween: (from, to) =>
      reports.filter(({ updatedAt }) => {
        const day = dayOfMoment(updatedAt);
        return day >= from && day <= to;
      }),
  };
}

function asOf(report: CitizenReport, moment: number): VisibleReport {
  const { requestedAt, startedAt, closedAt, isForeign } = report;
  if (closedAt !== undefined && closedAt <= moment)
    return { ...report, status: isForeign ? 4 : 3, updatedAt: closedAt };
  if (startedAt <= moment) return { ...report, status: 2, updatedAt: startedAt };
  return { ...report, status: 1, updatedAt: requestedAt };
}
