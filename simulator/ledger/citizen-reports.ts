import { dashedMoment, dayOfMoment } from '../days.ts';
import { hoursText } from '../reports/hotline-1022.ts';
import type { ReportBook, VisibleReport } from '../reports/report-book.ts';
import { countOf, plainCounts, type LedgerRange, type LedgerStream } from './stream.ts';

/** `citizen_reports`: by the day a report came in. */
export function citizenReportLedger(book: () => ReportBook): LedgerStream {
  const rows = ({ from, to }: LedgerRange) =>
    book().reports.filter(({ requestedAt }) => {
      const day = dayOfMoment(requestedAt);
      return day >= from && day <= to;
    });
  return {
    rows: (range) => rows(range).map(rowOf),
    counts: (range) => plainCounts(countOf(rows(range))),
  };
}

function rowOf(report: VisibleReport): object {
  const isDone = report.status >= 3;
  return {
    report_id: report.id,
    service_code: report.service.code,
    commune_code: report.communeCode,
    status: report.status,
    requested_at: dashedMoment(report.requestedAt),
    updated_at: dashedMoment(report.updatedAt),
    closed_at: isDone && report.closedAt !== undefined ? dashedMoment(report.closedAt) : null,
    hours: isDone ? hoursText((report.closedAt ?? 0) - report.requestedAt) : null,
    rating: isDone && report.rating !== 'Chưa đánh giá' ? report.rating : null,
  };
}
