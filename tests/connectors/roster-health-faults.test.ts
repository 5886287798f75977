import { describeFaultSweep, type SweptKind } from '../harness/fault-sweep.ts';
import * as fault from '../harness/fault-server.ts';
import { queryOf } from '../harness/paged-source.ts';

const ids = ['a', 'b', 'c'];
const json = { 'content-type': 'application/json' };

/** Pages end by an empty one, as the API has it. */
const untilEmpty =
  (body: string, empty: string): fault.Fault =>
  (socket, request) =>
    fault.answer(queryOf(request).get('offset') === '0' ? body : empty, json)(socket, request);

const orgs = JSON.stringify({
  orgs: ids.map((sourcedId) => ({
    sourcedId,
    status: 'active',
    dateLastModified: '2026-09-01T00:00:00.000Z',
    name: `Trường ${sourcedId}`,
    type: 'school',
  })),
});
const counted = { ...json, 'x-total-count': String(ids.length) };

const values = JSON.stringify({
  dataValues: ids.map((dataElement) => ({
    dataElement,
    period: '202601',
    orgUnit: 'x',
    value: '1',
    lastUpdated: '2026-02-01T08:00:00.000',
  })),
});
const noValues = JSON.stringify({ dataValues: [] });

const kinds: readonly SweptKind[] = [
  {
    name: 'oneroster',
    routes: () => ({
      '/token': fault.json({ access_token: 't', expires_in: 3600 }),
      '/orgs': fault.answer(orgs, counted),
    }),
    spoiled: '/orgs',
    body: orgs,
    headers: counted,
    config: (base) => ({
      base,
      tokenUrl: `${base}/token`,
      clientId: 'ioc',
      collections: ['orgs'],
    }),
    options: { secrets: { client_secret: 'bi-mat' } },
    rows: 'select sourced_id from staging.roster_org order by 1',
    expected: ids,
  },
  {
    name: 'dhis2',
    routes: () => ({
      '/api/system/info.json': fault.json({ version: '2.40' }),
      '/api/dataValueSets.json': untilEmpty(values, noValues),
    }),
    spoiled: '/api/dataValueSets.json',
    body: values,
    marked: untilEmpty(`\ufeff${values}`, noValues),
    config: (base) => ({ base, username: 'ioc', dataSets: ['s'], orgUnits: ['x'] }),
    options: { secrets: { password: 'bi-mat' }, streams: ['health_value'] },
    rows: 'select data_element from staging.health_value order by 1',
    expected: ids,
  },
];

for (const kind of kinds) describeFaultSweep(kind);
