import { COMMUNES } from '../city/units.ts';
import { momentOf } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { json, notFound, type Handler, type Reply, type SimulatedRequest } from '../http/reply.ts';
import { at, hash } from '../random.ts';

/** A commune on the map of active outbreaks, as it is meant. */
export type MapPoint = {
  readonly commune: string;
  readonly name: string;
  readonly outbreaks: number;
  /** Code of {@link LEVELS}. */
  readonly level: number;
  readonly updatedAt: number;
  readonly longitude: number;
  readonly latitude: number;
};

const ROOT = '/map/rest/services/DichBenh/FeatureServer/0';
const MOST = 50;
const LEVELS = ['Bình thường', 'Nguy cơ', 'Nguy cơ cao', 'Nguy cơ rất cao'] as const;
const OUTBREAKS = 7201;
const HALF_TURN = 20_037_508.342789244;

/** The points of the last visible day. */
export function mapPoints({ seed, lastDay }: Horizon): readonly MapPoint[] {
  return COMMUNES.map(({ code, name, latitude, longitude }, n) => {
    const outbreaks = hash(seed, OUTBREAKS, n, Math.floor(lastDay / 7)) % 9;
    const level = 1 + Math.min(3, Math.floor(outbreaks / 2.5));
    const updatedAt = momentOf(lastDay, hash(seed, OUTBREAKS, n) % 20) * 1000;
    return { commune: code, name, outbreaks, level, updatedAt, longitude, latitude };
  });
}

/**
 * An ArcGIS feature layer: at most 50 features an answer, Web Mercator unless `outSR=4326` is asked for, dates as epoch
 * milliseconds, levels as coded values, errors inside HTTP 200, object ids that are dealt anew every day.
 */
export function mapRoutes(horizon: Horizon): Handler {
  return (request) => {
    if (!request.path.startsWith('/map/')) return undefined;
    if (request.path === ROOT) return json(description());
    return request.path === `${ROOT}/query` ? query(horizon, request) : notFound(request.path);
  };
}

function description(): object {
  const field = (name: string, type: string, more: object = {}) => ({
    name,
    type,
    alias: name,
    ...more,
  });
  const codedValues = LEVELS.map((name, n) => ({ name, code: n + 1 }));
  return {
    currentVersion: 10.81,
    name: 'Ổ dịch đang hoạt động (dữ liệu mô phỏng)',
    type: 'Feature Layer',
    geometryType: 'esriGeometryPoint',
    maxRecordCount: MOST,
    advancedQueryCapabilities: { supportsPagination: true },
    fields: [
      field('OBJECTID', 'esriFieldTypeOID'),
      field('MA_XA', 'esriFieldTypeString'),
      field('TEN_XA', 'esriFieldTypeString'),
      field('SO_O_DICH', 'esriFieldTypeInteger'),
      field('CAP_DO', 'esriFieldTypeSmallInteger', {
        domain: { type: 'codedValue', name: 'cap_do', codedValues },
      }),
      field('NGAY_CN', 'esriFieldTypeDate'),
    ],
  };
}

function query(horizon: Horizon, { query: asked, repeatPage }: SimulatedRequest): Reply {
  const points = mapPoints(horizon).map((point, n) => ({
    point,
    id: 1 + ((n + horizon.lastDay) % COMMUNES.length),
  }));
  const [, from, to] =
    /OBJECTID >= (\d+) AND OBJECTID <= (\d+)/.exec(asked.get('where') ?? '') ?? [];
  const found = points
    .filter(({ id }) => from === undefined || (id >= Number(from) && id <= Number(to)))
    .toSorted((a, b) => a.id - b.id);
  if (asked.get('where') === null)
    return json({ error: { code: 400, message: 'Invalid query', details: [] } });
  if (asked.get('returnCountOnly') === 'true') return json({ count: found.length });
  if (asked.get('returnIdsOnly') === 'true')
    return json({ objectIdFieldName: 'OBJECTID', objectIds: found.map(({ id }) => id) });
  const start = repeatPage ? 0 : Number(asked.get('resultOffset') ?? 0);
  const size = Math.min(MOST, Number(asked.get('resultRecordCount') ?? MOST));
  const isDegrees = asked.get('outSR') === '4326';
  return json({
    objectIdFieldName: 'OBJECTID',
    spatialReference: isDegrees ? { wkid: 4326 } : { wkid: 102100, latestWkid: 3857 },
    features: found
      .slice(start, start + size)
      .map(({ point, id }) => feature(point, id, isDegrees)),
    ...(start + size < found.length ? { exceededTransferLimit: true } : {}),
  });
}

function feature(point: MapPoint, id: number, isDegrees: boolean): object {
  const { commune, name, outbreaks, level, updatedAt, longitude, latitude } = point;
  const attributes = {
    OBJECTID: id,
    MA_XA: commune,
    TEN_XA: name,
    SO_O_DICH: outbreaks,
    CAP_DO: level,
    NGAY_CN: updatedAt,
  };
  const radians = (latitude * Math.PI) / 180;
  const geometry = isDegrees
    ? { x: longitude, y: latitude }
    : {
        x: (longitude / 180) * HALF_TURN,
        y: (Math.log(Math.tan(Math.PI / 4 + radians / 2)) / Math.PI) * HALF_TURN,
      };
  return { attributes, geometry };
}

/** The name of a level's code. */
export function levelName(level: number): string {
  return at(LEVELS, level - 1);
}
