import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { unnamedHome } from '../../core/home-profile.ts';
import { silentLogger } from '../../core/logger.ts';
import { makeHome } from '../../home/home-directory.ts';
import type { Home } from '../../home/open-home.ts';
import { systemCall } from '../../home/system-call.ts';
import { createServer, type PhusaServer } from '../../server/create-server.ts';
import { openTestHome } from '../end-to-end/opened-home.ts';

let directory: string;
let district: Home;
let city: Home;
let server: PhusaServer;
let url: string;
let token: string;
const label = { vi: 'x', en: 'x' };
const column = (name: string, type = 'varchar', classification = 'public') => ({
  name,
  type,
  label,
  classification,
});

/** What the district reads: its own files. */
const visits = {
  manifest: 1,
  name: 'luot-kham',
  label,
  base: '',
  streams: [
    {
      stream: 'visit',
      label,
      files: 'a[.]json',
      decoding: { format: 'json' },
      columns: [
        column('code'),
        column('amount', 'decimal(18,2)'),
        column('patient', 'varchar', 'personal'),
      ],
      key: ['code'],
    },
  ],
};

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'phusa-two-'));
  district = await opened('district');
  city = await opened('city');
  write([
    { code: 'a', amount: '1.50', patient: 'Người mô phỏng A' },
    { code: 'b', amount: '2.50', patient: 'Người mô phỏng B' },
  ]);
  const config = { ...visits, base: directory };
  await district.services.sources.add(systemCall(), {
    name: 'kham',
    connector: 'manifest',
    config,
  });
  await district.services.sources.ingest(systemCall(), 'kham', {});
  server = await createServer({
    services: district.services,
    log: silentLogger,
    clock: systemClock,
    portalDir: undefined,
    publicUrl: undefined,
    version: '0',
  });
  url = await server.listen('127.0.0.1', 0);
  await district.services.people.addUser(systemCall(), {
    name: 'thanh.pho',
    roles: ['auditor'],
    password: 'mat-khau-mo-phong-dai',
  });
  const made = await district.services.people.addToken(systemCall(), {
    name: 'thanh-pho',
    user: 'thanh.pho',
    days: 1,
  });
  if (typeof made['bearer'] !== 'string') throw new Error('no token');
  token = made['bearer'];
}, 60_000);
afterAll(async () => {
  await server.close();
  await city.close();
  await district.close();
  rmSync(directory, { recursive: true });
});

async function opened(name: string): Promise<Home> {
  const path = join(directory, name);
  await makeHome(path, new Date());
  const home = await openTestHome(path);
  await home.configure({ ...unnamedHome, solo: true });
  return home;
}

function write(rows: readonly object[]) {
  writeFileSync(join(directory, 'a.json'), JSON.stringify(rows));
}

const rowsOf = async (home: Home, sql: string) =>
  (await home.services.assets.query(systemCall(), sql, {})).rows;
const read = async () => await city.services.sources.ingest(systemCall(), 'quan', {});

it("the city reads a district's dataset over its API; home, dataset, key, batch and time stand beside each row", async () => {
  await city.services.sources.add(systemCall(), {
    name: 'quan',
    connector: 'district-centre',
    config: { base: `${url}/api/v1`, asset: 'staging.visit', key: 'code' },
    secrets: { token },
  });
  const result = await read();
  expect(result.status).toBe('ok');
  const own = await rowsOf(
    district,
    'select code, _batch, _recorded_from::varchar from staging.visit order by 1',
  );
  const rows = await rowsOf(
    city,
    `select upstream_home, upstream_asset, upstream_key, upstream_batch, upstream_recorded_at::varchar,
      json_extract_string(record, '$.amount'), json_extract_string(record, '$.patient') from staging.upstream_row order by 3`,
  );
  expect(rows.map((row) => [row[0], row[1], row[2], row[3], row[4], row[5]])).toEqual(
    own.map(([code, batch, at], n) => [
      district.store.homeId,
      'staging.visit',
      code,
      batch,
      at,
      ['1.50', '2.50'][n],
    ]),
  );
  // The token is an auditor's: persons are masked before they leave the district.
  expect(JSON.stringify(rows)).not.toContain('mô phỏng');
});

it('a trace crosses the boundary: it names home, dataset, key, batch and time, and goes on in the district to the landed bytes', async () => {
  const home = district.store.homeId;
  const ref = `row:staging.upstream_row/${[home, 'staging.visit', 'a'].map(encodeURIComponent).join('|')}`;
  const traced = await city.services.trace.trace(systemCall(), ref, {});
  const [[, batch, at] = []] = await rowsOf(
    district,
    "select code, _batch, _recorded_from::varchar from staging.visit where code = 'a'",
  );
  expect(traced).toMatchObject({
    upstream: [{ home, dataset: 'staging.visit', key: 'a', batch, ref: 'row:staging.visit/a' }],
  });
  const [upstream] = traced['upstream'] as { ref: string; recordedAt: string }[];
  expect(new Date(upstream?.recordedAt ?? '').getTime()).toBe(new Date(String(at)).getTime());
  const there = await district.services.trace.trace(systemCall(), upstream?.ref ?? '', {});
  expect(there).toMatchObject({
    rows: { count: 1, sample: [{ code: 'a', amount: 1.5 }] },
    batches: [
      {
        id: batch,
        source: 'kham',
        receipts: [{ uri: expect.stringContaining('landing/sha256/') as unknown }],
      },
    ],
  });
  expect(there['upstream']).toBeUndefined();
});

it('a second reading changes nothing; a row that was corrected changes, a new one comes; a wrong token is refused', async () => {
  const again = await read();
  expect(again.streams.find(({ stream }) => stream === 'upstream_row')).toMatchObject({
    new: 0,
    changed: 0,
    deleted: 0,
  });
  write([
    { code: 'a', amount: '9.00', patient: 'Người mô phỏng A' },
    { code: 'b', amount: '2.50', patient: 'Người mô phỏng B' },
    { code: 'c', amount: '3.00', patient: 'Người mô phỏng C' },
  ]);
  await district.services.sources.ingest(systemCall(), 'kham', {});
  const later = await read();
  expect(later.streams.find(({ stream }) => stream === 'upstream_row')).toMatchObject({
    new: 1,
    changed: 1,
  });
  await expect(
    city.services.sources.add(systemCall(), {
      name: 'quan-sai',
      connector: 'district-centre',
      config: { base: `${url}/api/v1`, asset: 'staging.visit', key: 'code' },
      secrets: { token: 'phusa_sai-hoan-toan' },
    }),
  ).rejects.toMatchObject({ code: 'sign-in-refused' });
});
