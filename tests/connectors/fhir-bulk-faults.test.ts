import { describeFaultSweep, type SweptKind } from '../harness/fault-sweep.ts';
import * as fault from '../harness/fault-server.ts';

const ids = ['a', 'b', 'c'];
const ndjson = { 'content-type': 'application/fhir+ndjson' };
const patients = ids
  .map((id) => `${JSON.stringify({ resourceType: 'Patient', id, gender: 'female' })}\n`)
  .join('');
const fhir = (count?: number): Pick<SweptKind, 'routes'> => ({
  routes: (self) => ({
    '/metadata': fault.json({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1' }),
    '/$export': (socket, request) =>
      fault.status(202, { 'content-location': `${self()}/status` })(socket, request),
    '/status': fault.json({
      transactionTime: '2026-11-20T10:00:00Z',
      request: 'x',
      requiresAccessToken: false,
      output: [{ type: 'Patient', url: '/files/p', ...(count === undefined ? {} : { count }) }],
      error: [],
    }),
    '/files/p': fault.answer(patients, ndjson),
  }),
});
const fhirKind = {
  name: 'fhir-bulk',
  spoiled: '/files/p',
  body: patients,
  headers: ndjson,
  config: (base: string) => ({ base, types: ['Patient'] }),
  rows: 'select resource_id from staging.fhir_patient order by 1',
  expected: ids,
} as const;

const kinds: readonly SweptKind[] = [
  { ...fhirKind, ...fhir(ids.length) },
  { ...fhirKind, ...fhir(), variant: 'files that say no count' },
  {
    ...fhirKind,
    ...fhir(ids.length),
    variant: 'its manifest',
    spoiled: '/status',
    body: JSON.stringify({
      transactionTime: '2026-11-20T10:00:00Z',
      request: 'x',
      requiresAccessToken: false,
      output: [{ type: 'Patient', url: '/files/p', count: ids.length }],
      error: [],
    }),
    headers: { 'content-type': 'application/json' },
  },
];

for (const kind of kinds) describeFaultSweep(kind);
