import { isoMoment, SECONDS_A_DAY } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { json, type Reply, type SimulatedRequest } from '../http/reply.ts';
import { DEPARTMENTS } from '../city/agencies.ts';
import { SERVICES } from './citizen-report.ts';
import type { ReportBook, VisibleReport } from './report-book.ts';

/** The longest time that is answered at once; what lies before it is silently left out. */
const WINDOW_DAYS = 90;

/** Reports that are answered without dates, at most. */
const DEFAULT_LIMIT = 1000;

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 500;

/** GeoReport v2 in JSON: the list of reports, one report, the services. */
export function open311(book: ReportBook, horizon: Horizon, request: SimulatedRequest): Reply {
  const path = request.path.replace('/open311/', '');
  if (path === 'services.json') return json(SERVICES.map(serviceJson));
  if (path === 'requests.json') return list(book, horizon, request.query);
  const [, id = ''] = /^requests\/([^/]+)\.json$/.exec(path) ?? [];
  const found = book.find(id);
  return found === undefined
    ? problem(404, 'service_request_id was not found')
    : json([reportJson(found)]);
}

function list(book: ReportBook, horizon: Horizon, query: URLSearchParams): Reply {
  const dated = query.has('start_date') || query.has('end_date');
  const end = momentOfText(query.get('end_date')) ?? horizon.lastMoment;
  const start = momentOfText(query.get('start_date')) ?? end - WINDOW_DAYS * SECONDS_A_DAY;
  if (Number.isNaN(end) || Number.isNaN(start)) return problem(400, 'dates are w3 with a zone');
  const from = Math.max(start, end - WINDOW_DAYS * SECONDS_A_DAY);
  const status = query.get('status');
  const inside = book.reports.filter(
    (report) =>
      report.requestedAt >= from &&
      report.requestedAt <= end &&
      (status === null || status.split(',').includes(statusOf(report))),
  );
  const shown = dated ? inside : inside.slice(-DEFAULT_LIMIT);
  const size = Math.min(LARGEST_PAGE, Math.max(1, Number(query.get('page_size') ?? DEFAULT_PAGE)));
  const page = Math.max(1, Number(query.get('page') ?? 1));
  return json(shown.slice((page - 1) * size, page * size).map(reportJson));
}

/** A w3 date with its zone, in local seconds; NaN when it is none, undefined when absent. */
function momentOfText(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (!/T.*(Z|[+-]\d\d:\d\d)$/.test(text)) return Number.NaN;
  return Math.floor(Date.parse(text) / 1000) + 7 * 3600;
}

function problem(code: number, description: string): Reply {
  return json([{ code, description }], code);
}

function serviceJson({ code, name }: (typeof SERVICES)[number]): object {
  return {
    service_code: code,
    service_name: name,
    metadata: false,
    type: 'realtime',
    keywords: '',
  };
}

function statusOf({ status }: VisibleReport): 'open' | 'closed' {
  return status >= 3 ? 'closed' : 'open';
}

function reportJson(report: VisibleReport): object {
  return {
    service_request_id: report.id,
    status: statusOf(report),
    status_notes: report.status === 4 ? 'Không thuộc thẩm quyền' : null,
    service_name: report.service.name,
    service_code: report.service.code,
    description: report.text,
    agency_responsible: DEPARTMENTS[report.service.department - 1] ?? '',
    service_notice: '',
    requested_datetime: `${isoMoment(report.requestedAt)}+07:00`,
    updated_datetime: `${isoMoment(report.updatedAt)}+07:00`,
    expected_datetime: `${isoMoment(report.dueAt)}+07:00`,
    address: report.communeName,
    address_id: report.communeCode,
    zipcode: '',
    lat: Number(report.latitude),
    long: Number(report.longitude),
    media_url: '',
  };
}
