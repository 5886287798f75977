import * as fault from './fault-server.ts';
import { queryOf } from './paged-source.ts';

/** A feature of a test layer, as Esri JSON has it. */
export interface MapFeature {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly geometry?: { readonly x: number; readonly y: number } | null;
}

/** What a test layer holds, and which parameters its server does not understand. */
export interface MapOptions {
  readonly features: () => readonly MapFeature[];
  /** Features of one answer at most, whatever was asked for. */
  readonly most?: number;
  /** Members of the description beside the usual ones. */
  readonly description?: Readonly<Record<string, unknown>>;
  readonly ignores?: readonly ('offset' | 'count' | 'ids' | 'where' | 'box' | 'statistics')[];
  /** The flag that more would follow is never set. */
  readonly silent?: boolean;
  readonly count?: () => number;
  readonly envelope?: Readonly<Record<string, unknown>>;
  /** Text before every answer. */
  readonly before?: string;
}

/** A layer at `/0` that answers as ArcGIS does: description, counts, ids, statistics, ranges of ids, boxes, offsets. */
export function mapLayer(options: MapOptions): Readonly<Record<string, fault.Fault>> {
  const { ignores = [], most = 1000 } = options;
  const takes = (what: (typeof ignores)[number]) => !ignores.includes(what);
  const id = (one: MapFeature) => Number(one.attributes['OBJECTID']);
  const query: fault.Fault = (socket, request) => {
    const asked = queryOf(request);
    const all = options.features();
    const reply = (body: unknown) =>
      fault.answer(`${options.before ?? ''}${JSON.stringify(body)}`, {
        'content-type': 'application/json',
      })(socket, request);
    if (asked.has('returnCountOnly') && takes('count'))
      return reply({ count: options.count?.() ?? all.length });
    if (asked.has('returnIdsOnly') && takes('ids'))
      return reply({ objectIdFieldName: 'OBJECTID', objectIds: all.map(id) });
    if (asked.has('outStatistics') && takes('statistics')) {
      const attributes = {
        'MIN(OBJECTID)': Math.min(...all.map(id)),
        'MAX(OBJECTID)': Math.max(...all.map(id)),
      };
      return reply({ features: [{ attributes }] });
    }
    const range = /OBJECTID >= (\d+) AND OBJECTID <= (\d+)/.exec(asked.get('where') ?? '');
    const box = asked.get('geometry')?.split(',').map(Number);
    const found = all
      .filter(
        (one) =>
          !range || !takes('where') || (id(one) >= Number(range[1]) && id(one) <= Number(range[2])),
      )
      .filter((one) => !box || !takes('box') || isInside(one, box));
    const offset = takes('offset') ? Number(asked.get('resultOffset') ?? 0) : 0;
    const size = Math.min(
      most,
      takes('offset') ? Number(asked.get('resultRecordCount') ?? most) : most,
    );
    const features = found.slice(offset, offset + size);
    const isMore = offset + features.length < found.length && options.silent !== true;
    return reply({
      spatialReference: { wkid: 4326 },
      ...options.envelope,
      features,
      ...(isMore ? { exceededTransferLimit: true } : {}),
    });
  };
  const description = {
    currentVersion: 10.81,
    name: 'Lớp thử',
    type: 'Feature Layer',
    extent: { xmin: 100, ymin: 8, xmax: 120, ymax: 24, spatialReference: { wkid: 4326 } },
    fields: [
      { name: 'OBJECTID', type: 'esriFieldTypeOID' },
      ...['MA', 'TEN'].map((name) => ({ name, type: 'esriFieldTypeString' })),
    ],
    ...options.description,
  };
  return { '/0': fault.json(description), '/0/query': query };
}

function isInside(
  { geometry }: MapFeature,
  [xmin = 0, ymin = 0, xmax = 0, ymax = 0]: readonly number[],
): boolean {
  if (!geometry) return false;
  return geometry.x >= xmin && geometry.x <= xmax && geometry.y >= ymin && geometry.y <= ymax;
}

/** So many points on a grid over Việt Nam, with a code and a name. */
export function points(count: number, first = 1): readonly MapFeature[] {
  return Array.from({ length: count }, (_, n) => ({
    attributes: {
      OBJECTID: first + n,
      MA: `D${String(first + n).padStart(4, '0')}`,
      TEN: `Điểm ${first + n}`,
    },
    geometry: { x: 105 + (n % 7) * 0.5, y: 10 + Math.floor(n / 7) * 0.05 },
  }));
}
