import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { manifest } from '../../connectors/manifest/connector.ts';
import type { JsonObject } from '../../core/json.ts';
import { startCity, type City } from '../../simulator/city.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

/** Ready manifests over HTTP: where their twin is, and the table that they fill. */
interface Ready {
  readonly ready: string;
  readonly path: string;
  readonly table: string;
  readonly values?: JsonObject;
  /** Lists of lines have no end of their own: a cut whose length is declared looks whole. */
  readonly lines?: true;
}

const from = '2026-11-19';
const manifests: readonly Ready[] = [
  { ready: 'open311', path: '/open311', table: 'citizen_report', values: { from } },
  {
    ready: 'hotline-calls',
    path: '/hotline/cdr',
    table: 'hotline_call_leg',
    values: { from },
    lines: true,
  },
  {
    ready: 'feed',
    path: '/feeds/trang-tong-hop.xml',
    table: 'news_item',
    values: { publisher: 'x' },
  },
  { ready: 'ngsi-v2', path: '/sensors', table: 'traffic_flow', values: { from } },
  { ready: 'ngsi-ld', path: '/sensors', table: 'air_quality', values: { from } },
  { ready: 'sensorthings', path: '/sensors/v1.1', table: 'sensor_observation', values: { from } },
  { ready: 'ais', path: '/vessels/ais', table: 'vessel_position', values: { from }, lines: true },
];

let city: City;
let home: SourceHome;
beforeAll(async () => {
  city = await startCity({ now: '2026-11-22', scale: 0.1, years: 1 });
});
afterAll(() => city.close());
beforeEach(async () => {
  home = await openSourceHome();
});
afterEach(async () => {
  await fetch(`${city.url}/_faults`, { method: 'DELETE' });
  await home.remove();
});

async function fail(kind: string, path: string, times: number) {
  await fetch(`${city.url}/_faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind, path, times }),
  });
}

const read = ({ ready, path, values = {} }: Ready) =>
  home.ingest(
    manifest,
    { ready, values: { ...values, base: `${city.url}${path}` } },
    { now: new Date('2026-11-22T23:59:59+07:00'), limits: { retries: 2 } },
  );

const clean = new Map<string, unknown>();
async function expectClean(ready: Ready) {
  const found = await rowsOf(ready.table);
  expect(found.length).toBeGreaterThan(10);
  expect(found).toEqual(clean.get(ready.ready));
}
async function rowsOf(table: string): Promise<readonly string[]> {
  const columns = await home.rows(
    `select column_name from information_schema.columns where table_schema = 'staging' and table_name = '${table}' and not starts_with(column_name, '_')`,
  );
  const names = columns.map(([name]) => `"${String(name)}"`).join(', ');
  const rows = await home.rows(`select ${names} from staging.${table}`);
  return rows.map((row) => JSON.stringify(row)).sort();
}

const cases = manifests.flatMap((ready) => [
  ...(['http500', 'http429', 'reset', 'html200'] as const).map(
    (kind) => [ready.ready, kind, ready] as const,
  ),
  ...(ready.lines ? [] : [[ready.ready, 'truncate', ready] as const]),
]);

describe('A: ready manifests against their twins', () => {
  beforeAll(async () => {
    for (const ready of manifests) {
      home = await openSourceHome();
      const outcome = await read(ready);
      expect([ready.ready, outcome.failure]).toEqual([ready.ready, undefined]);
      clean.set(ready.ready, await rowsOf(ready.table));
      await home.remove();
    }
  });

  it.each(cases)(
    '%s: one %s in the middle (A11, A14, A23, A28, A30), and every row is there once',
    async (_name, kind, ready) => {
      await fail(kind, ready.path, 1);
      const outcome = await read(ready);
      expect(outcome.failure).toBeUndefined();
      expect(outcome.batches.filter(({ status }) => status !== 'published')).toEqual([]);
      await expectClean(ready);
    },
  );

  it.each(cases.filter(([, kind]) => kind === 'http500' || kind === 'html200'))(
    '%s: %s for ever (A28, A30) is refused with a reason, nothing is published',
    async (_name, kind, ready) => {
      await fail(kind, ready.path, 10_000);
      const outcome = await read(ready);
      expect(outcome.failure?.code).toMatch(
        /server-error|answer-not-readable|answer-type|not-found/,
      );
      expect(outcome.batches.filter(({ status }) => status === 'published')).toEqual([]);
    },
  );
});
