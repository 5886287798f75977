import { utcMoment } from '../days.ts';
import { json, type Reply, type SimulatedRequest } from '../http/reply.ts';
import type { Reading } from './reading.ts';

const LARGEST_PAGE = 200;

/** `GET …/v1.1/Observations` of a SensorThings server: results as texts, the next page by `@iot.nextLink`. */
export function observations(
  book: readonly Reading[],
  origin: string,
  { query, path }: SimulatedRequest,
): Reply {
  const filter = query.get('$filter') ?? '';
  const [, from = '', to = '9'] =
    /^phenomenonTime ge (\S+) and phenomenonTime lt (\S+)$/.exec(filter) ?? [];
  if (filter !== '' && to === '9')
    return json({ code: 400, type: 'error', message: 'Not a valid filter' }, 400);
  const found = book.filter(
    (reading) => utcMoment(reading.from) >= from && utcMoment(reading.from) < to,
  );
  const top = Math.min(LARGEST_PAGE, Number(query.get('$top') ?? 100));
  const skip = Number(query.get('$skip') ?? 0);
  const next = new URLSearchParams(query);
  next.set('$skip', String(skip + top));
  const more = skip + top < found.length;
  return json({
    '@iot.count': found.length,
    ...(more ? { '@iot.nextLink': `${origin}${path}?${next.toString()}` } : {}),
    value: found.slice(skip, skip + top).map(observation),
  });
}

function observation(reading: Reading): object {
  return {
    '@iot.id': `${reading.point}-${utcMoment(reading.from)}`,
    phenomenonTime: `${utcMoment(reading.from)}/${utcMoment(reading.to)}`,
    resultTime: null,
    result: reading.isCleaned ? 'NaN' : String(reading.pm25),
    Datastream: {
      '@iot.id': reading.point,
      name: `PM2.5 ${reading.road}`,
      unitOfMeasurement: { name: 'microgram per cubic meter', symbol: 'µg/m³', definition: '' },
      ObservedProperty: { name: 'PM2.5' },
    },
  };
}
