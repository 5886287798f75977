import { firstDayOfMonth, isoDay, isoMoment, momentOf, nextMonth } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { json, notFound, type Handler, type Reply, type SimulatedRequest } from '../http/reply.ts';
import { FACILITIES, lastDayOf, visits, type Visit } from './visit-book.ts';

const ROOT = '/dhis2/api/';
const LOGIN = `Basic ${Buffer.from('ioc-haiphong:mo-phong').toString('base64')}`;
const CITY = 'HaiPhongCty';
const DATA_SET = 'BaoCaoThang';
/** Day of the next month on which a month is reported, and on which reports are corrected. */
const REPORTED_ON = 5;
const CORRECTED_ON = 20;

const ELEMENTS = [
  { id: 'LuotKhamBen', name: 'Lượt khám bệnh (mô phỏng)', of: () => true },
  { id: 'LuotNoiTruu', name: 'Lượt nội trú (mô phỏng)', of: ({ days }: Visit) => days > 0 },
  { id: 'TuVongTrong', name: 'Tử vong (mô phỏng)', of: ({ died }: Visit) => died },
  {
    id: 'CaTruyenNhi',
    name: 'Ca bệnh truyền nhiễm (mô phỏng)',
    of: ({ disease }: Visit) => disease.isInfectious,
  },
] as const;

/** A value as it is reported: one element of one facility in one month. */
export type ReportedValue = {
  readonly dataElement: string;
  readonly period: string;
  readonly orgUnit: string;
  readonly categoryOptionCombo: string;
  readonly value: string;
  readonly lastUpdated: string;
  readonly deleted: boolean;
};

/** Serves the lists and values of a DHIS2 behind basic authentication. */
export function dhis2Routes(horizon: Horizon, values: () => readonly ReportedValue[]): Handler {
  return (request) => {
    if (!request.path.startsWith(ROOT)) return undefined;
    if (request.headers.authorization !== LOGIN)
      return json({ httpStatusCode: 401, status: 'ERROR', message: 'Unauthorized' }, 401);
    const path = request.path.slice(ROOT.length);
    if (path === 'system/info.json')
      return json({
        version: '2.41.3',
        instanceName: `dữ liệu mô phỏng, seed ${String(horizon.seed)}`,
      });
    if (path === 'dataValueSets.json') return valuesOf(values(), request);
    const list = lists[path.replace(/\.json$/, '')];
    return list === undefined ? notFound(request.path) : listPage(path, list, request);
  };
}

/** The values that stand or were deleted by the last visible day, in order of their update. */
export function reportedValues(horizon: Horizon): readonly ReportedValue[] {
  const counts = countsOf(horizon);
  const all: ReportedValue[] = [];
  for (const month of months(horizon))
    for (const { code } of FACILITIES)
      for (const { id } of ELEMENTS) {
        const count = counts.get(`${String(month)} ${code} ${id}`) ?? 0;
        const value = valueOf(horizon, month, code, id, count);
        if (value !== undefined) all.push(value);
      }
  return all.sort((a, b) => (a.lastUpdated < b.lastUpdated ? -1 : 1));
}

/** A few values are corrected later, a few are taken back; a count of zero is reported as such. */
function valueOf(
  horizon: Horizon,
  month: number,
  facility: string,
  element: string,
  count: number,
): ReportedValue | undefined {
  const reportedDay = nextMonth(month) + REPORTED_ON - 1;
  if (reportedDay > horizon.lastDay) return undefined;
  const correctedDay = nextMonth(month) + CORRECTED_ON - 1;
  const fate = (month * 31 + Number(facility) * 7 + element.length + element.charCodeAt(2)) % 29;
  const isSettled = correctedDay <= horizon.lastDay;
  const isCorrected = isSettled && fate === 3;
  const isDeleted = isSettled && fate === 5;
  return {
    dataElement: element,
    period: isoDay(month).slice(0, 7).replace('-', ''),
    orgUnit: `dv-${facility}-x`.slice(0, 11),
    categoryOptionCombo: 'HllvX50cXC0',
    value: String(count + (fate === 3 && !isCorrected ? 1 : 0)),
    lastUpdated: isoMoment(momentOf(isCorrected || isDeleted ? correctedDay : reportedDay, 9)),
    deleted: isDeleted,
  };
}

function countsOf(horizon: Horizon): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const visit of visits(horizon, horizon.firstDay, horizon.lastDay)) {
    const month = firstDayOfMonth(lastDayOf(visit));
    for (const element of ELEMENTS) {
      if (!element.of(visit)) continue;
      const key = `${String(month)} ${visit.facility.code} ${element.id}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

/** The whole months that can be seen. */
function* months({ firstDay, lastDay }: Horizon): Generator<number> {
  const first = firstDayOfMonth(firstDay) === firstDay ? firstDay : nextMonth(firstDay);
  for (let month = first; month <= lastDay; month = nextMonth(month)) yield month;
}

const lists: Readonly<Record<string, readonly object[]>> = {
  organisationUnits: [
    { id: CITY, name: 'Thành phố Hải Phòng (mô phỏng)', level: 1, path: `/${CITY}` },
    ...FACILITIES.map(({ code, name }) => {
      const id = `dv-${code}-x`.slice(0, 11);
      return { id, code, name, level: 2, path: `/${CITY}/${id}`, parent: { id: CITY } };
    }),
  ],
  dataElements: ELEMENTS.map(({ id, name }) => ({
    id,
    name,
    valueType: 'INTEGER_ZERO_OR_POSITIVE',
    domainType: 'AGGREGATE',
    aggregationType: 'SUM',
    zeroIsSignificant: true,
  })),
  categoryOptionCombos: [{ id: 'HllvX50cXC0', name: 'default' }],
  dataSets: [{ id: DATA_SET, name: 'Báo cáo tháng (mô phỏng)', periodType: 'Monthly' }],
};

function listPage(path: string, list: readonly object[], { query }: SimulatedRequest): Reply {
  const page = Number(query.get('page') ?? 1);
  const size = Number(query.get('pageSize') ?? 50);
  const name = path.replace(/\.json$/, '');
  const pager = { page, pageSize: size, total: list.length };
  return json({ pager, [name]: list.slice((page - 1) * size, page * size) });
}

function valuesOf(all: readonly ReportedValue[], request: SimulatedRequest): Reply {
  const { query } = request;
  if (query.get('dataSet') !== DATA_SET) return refused('E2001', 'At least one data set');
  if (query.get('orgUnit') !== CITY) return refused('E2006', 'At least one org unit');
  const since = query.get('lastUpdated') ?? '';
  const isAll = query.get('includeDeleted') === 'true';
  const found = all.filter(
    (one) => one.lastUpdated >= since.slice(0, 19) && (isAll || !one.deleted),
  );
  const offset = request.repeatPage ? 0 : Number(query.get('offset') ?? 0);
  const page = found.slice(offset, offset + Number(query.get('limit') ?? found.length));
  return json(page.length === 0 ? {} : { dataValues: page });
}

function refused(errorCode: string, message: string): Reply {
  return json({ httpStatusCode: 409, status: 'ERROR', errorCode, message }, 409);
}
