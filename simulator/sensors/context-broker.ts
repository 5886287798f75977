import { isoMoment, utcMoment } from '../days.ts';
import { json, type Reply, type SimulatedRequest } from '../http/reply.ts';
import type { Reading } from './reading.ts';

type Form = 'v2' | 'ld';
type Entity = Readonly<Record<string, unknown>>;

const LARGEST_PAGE = 500;

/** `GET …/entities` of a context broker, by NGSI-v2 (normalized) or NGSI-LD. */
export function entities(book: readonly Reading[], form: Form, { query }: SimulatedRequest): Reply {
  const type = query.get('type');
  const make = type === 'TrafficFlowObserved' ? traffic : air;
  if (type !== 'TrafficFlowObserved' && type !== 'AirQualityObserved') return json([]);
  const asked = bounds(query.get('q') ?? '', form);
  if (asked === undefined)
    return json({ error: 'BadRequest', description: 'q cannot be understood' }, 400);
  const found = book.filter(({ changedAt }) => {
    const at = utcMoment(changedAt);
    return at >= asked.from && at <= asked.to;
  });
  const limit = Math.min(LARGEST_PAGE, Number(query.get('limit') ?? 20));
  const offset = Number(query.get('offset') ?? 0);
  const page = found.slice(offset, offset + limit).map((reading) => make(reading, form));
  const counts = form === 'v2' ? query.get('options') === 'count' : query.get('count') === 'true';
  const header = form === 'v2' ? 'fiware-total-count' : 'ngsild-results-count';
  return json(page, 200, counts ? { [header]: String(found.length) } : {});
}

/** `dateModified>=…;dateModified<=…`, or with NGSI-LD's name and quotes. */
function bounds(q: string, form: Form): { readonly from: string; readonly to: string } | undefined {
  if (q === '') return { from: '', to: '9' };
  const name = form === 'v2' ? 'dateModified' : 'modifiedAt';
  const [, from, to] = new RegExp(`^${name}>="?([^";]+)"?;${name}<="?([^";]+)"?$`).exec(q) ?? [];
  return from === undefined || to === undefined ? undefined : { from, to };
}

function traffic(reading: Reading, form: Form): Entity {
  return entity(reading, form, 'TrafficFlowObserved', {
    laneId: 1,
    intensity: reading.intensity,
    occupancy: reading.occupancy,
    averageVehicleSpeed: reading.speed,
    reversedLane: false,
  });
}

function air(reading: Reading, form: Form): Entity {
  return entity(
    reading,
    form,
    'AirQualityObserved',
    { NO2: reading.no2, PM25: reading.pm25 },
    'GQ',
  );
}

function entity(
  reading: Reading,
  form: Form,
  type: string,
  values: Readonly<Record<string, unknown>>,
  unitCode?: string,
): Entity {
  const id = `${type}-${reading.point}-${utcMoment(reading.from).replaceAll(/[:-]/g, '')}`;
  const place = { type: 'Point', coordinates: [reading.longitude, reading.latitude] };
  const attributes = Object.entries(values).map(([name, value]): [string, Entity] => [
    name,
    attribute(form, value, unitCode),
  ]);
  // The interval is in local time without saying so; the two instants beside it say UTC.
  const interval = `${isoMoment(reading.from)}/${isoMoment(reading.to)}`;
  return {
    id: form === 'v2' ? id : `urn:ngsi-ld:${type}:${id}`,
    type,
    ...Object.fromEntries(attributes),
    dateObserved: attribute(form, interval),
    dateObservedFrom: instant(form, utcMoment(reading.from)),
    dateObservedTo: instant(form, utcMoment(reading.to)),
    address: attribute(form, { streetAddress: reading.road, addressLocality: 'Hải Phòng' }),
    location: { type: form === 'v2' ? 'geo:json' : 'GeoProperty', value: place },
    ...(form === 'v2'
      ? { dateModified: instant(form, utcMoment(reading.changedAt)) }
      : {
          modifiedAt: utcMoment(reading.changedAt),
          '@context': ['https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld'],
        }),
  };
}

function attribute(form: Form, value: unknown, unitCode?: string): Entity {
  if (form === 'ld')
    return { type: 'Property', value, ...(unitCode === undefined ? {} : { unitCode }) };
  const kind =
    typeof value === 'number' ? 'Number' : typeof value === 'string' ? 'Text' : 'StructuredValue';
  const metadata = unitCode === undefined ? {} : { unitCode: { type: 'Text', value: unitCode } };
  return { type: kind, value, metadata };
}

function instant(form: Form, text: string): Entity {
  return form === 'v2'
    ? { type: 'DateTime', value: text, metadata: {} }
    : { type: 'Property', value: { '@type': 'DateTime', '@value': text } };
}
