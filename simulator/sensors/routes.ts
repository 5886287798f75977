import type { Handler } from '../http/reply.ts';
import { entities } from './context-broker.ts';
import type { Reading } from './reading.ts';
import { observations } from './things.ts';

/** Serves the readings three times: NGSI-v2, NGSI-LD and SensorThings. */
export function sensorRoutes(book: () => readonly Reading[]): Handler {
  return (request) => {
    if (request.path === '/sensors/v2/entities') return entities(book(), 'v2', request);
    if (request.path === '/sensors/ngsi-ld/v1/entities') return entities(book(), 'ld', request);
    if (request.path === '/sensors/v1.1/Observations')
      return observations(book(), `http://${request.headers.host ?? ''}`, request);
    return undefined;
  };
}
