import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifest } from '../../connectors/manifest/connector.ts';
import { writeSpool } from '../../simulator/cameras/write-spool.ts';
import { startCity, type City } from '../../simulator/city.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

const shared = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/data');
const real = existsSync(shared);
if (!real) console.warn(`skipped: the real files are not at ${shared}`);

const now = '2026-11-22';
const moment = new Date(`${now}T23:59:59+07:00`);
let home: SourceHome;
let city: City;
let directory: string;
beforeEach(async () => {
  home = await openSourceHome();
  city = await startCity({ now, scale: 0.2, years: 2 });
  directory = mkdtempSync(join(tmpdir(), 'phusa-observation-'));
});
afterEach(async () => {
  await city.close();
  await home.remove();
  rmSync(directory, { recursive: true });
});

type Row = Readonly<Record<string, unknown>>;

/** What the city meant to give, by its own ledger. */
async function ledger(stream: string, from: string, to = now): Promise<readonly Row[]> {
  const answer = await fetch(`${city.url}/_ledger/${stream}.ndjson?from=${from}&to=${to}`);
  const lines = (await answer.text()).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Row);
}
async function counts(stream: string, from: string): Promise<{ readonly bad_rows: number }> {
  const answer = await fetch(`${city.url}/_ledger/${stream}.json?from=${from}`);
  return (await answer.json()) as { readonly bad_rows: number };
}

const read = (ready: string, values: Record<string, string>, options = {}) =>
  home.ingest(manifest, { ready, values }, { now: moment, ...options });
type Outcome = Awaited<ReturnType<typeof read>>;
const sum = (
  { batches }: Outcome,
  stream: string,
  field: 'quarantined' | 'filtered' | 'duplicate' | 'new',
) => batches.reduce((total, batch) => total + (batch.counts[stream]?.[field] ?? 0), 0);
const expectWhole = (outcome: Outcome) => {
  expect(outcome.failure).toBeUndefined();
  expect(outcome.batches.filter(({ status }) => status !== 'published')).toEqual([]);
};
const utc = (column: string) => `strftime(${column} at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ')`;
const local = (column: string) =>
  `strftime(${column} at time zone 'Asia/Ho_Chi_Minh', '%Y-%m-%d %H:%M:%S')`;
const keyed = (rows: readonly (readonly unknown[])[]) =>
  rows.map((row) => JSON.stringify(row)).sort();

describe('hotline call records', () => {
  it('every leg of every call once, over the change from 17 to 18 columns; numbers are personal', async () => {
    const from = '2025-06-24';
    const config = { ready: 'hotline-calls', values: { base: `${city.url}/hotline/cdr`, from } };
    const outcome = await home.ingest(manifest, config, {
      now: new Date('2025-07-07T12:00:00+07:00'),
    });
    expectWhole(outcome);
    const expected = await ledger('call_legs', from, '2025-07-07');
    const rows =
      await home.rows(`select call_id, caller, called, application, ${local('started_at')},
      ${local('answered_at')}, duration::varchar, outcome, note from staging.hotline_call_leg`);
    const words: Row = { ANSWERED: 'answered', 'NO ANSWER': 'no_answer', BUSY: 'busy' };
    expect(keyed(rows.map((row) => row.slice(0, 8)))).toEqual(
      keyed(
        expected.map((row) => [
          row['call_id'],
          row['caller'],
          row['called'],
          row['application'],
          row['started_at'],
          row['answered_at'],
          String(row['duration']),
          words[String(row['outcome'])],
        ]),
      ),
    );
    expect(rows.some((row) => row[8] === 'chuyển sở')).toBe(true);
    const [calls] = await home.rows(
      'select count(distinct call_id) < count(*) from staging.hotline_call_leg',
    );
    expect(calls).toEqual([true]);
    const [contract] = manifest.streams(manifest.config.parse(config));
    const personal = contract?.columns.filter(
      ({ classification }) => classification === 'personal',
    );
    expect(personal?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['caller', 'caller_name', 'called', 'channel', 'destination_channel']),
    );
  });

  it('broken numbers go to quarantine, lines that come twice count as duplicates; a later read changes nothing', async () => {
    const from = '2026-08-01';
    const first = await read('hotline-calls', { base: `${city.url}/hotline/cdr`, from });
    expectWhole(first);
    const { bad_rows } = await counts('call_legs', from);
    expect(bad_rows).toBeGreaterThan(0);
    expect(sum(first, 'hotline_call_leg', 'quarantined')).toBe(bad_rows);
    const again = await read(
      'hotline-calls',
      { base: `${city.url}/hotline/cdr`, from },
      { cursor: first.cursor },
    );
    expect([again.failure, sum(again, 'hotline_call_leg', 'new')]).toEqual([undefined, 0]);
  });
});

describe('feeds', () => {
  it.each(['bao-dien-tu', 'cong-thong-tin', 'trang-tong-hop'])(
    '%s gives its items as the ledger has them, whatever its form',
    async (name) => {
      const values = { base: `${city.url}/feeds/${name}.xml`, publisher: name };
      const first = await read('feed', values);
      expectWhole(first);
      const expected = (await ledger('news_items', '2026-11-13')).filter(
        ({ feed }) => feed === name,
      );
      const rows =
        await home.rows(`select item_id, title, link, summary, categories, ${local('published_at')}
        from staging.news_item`);
      expect(expected.length).toBeGreaterThan(20);
      expect(keyed(rows)).toEqual(
        keyed(
          expected.map((row) => [
            row['id'],
            row['title'],
            row['link'],
            row['summary'],
            row['category'],
            row['published_at'],
          ]),
        ),
      );
      const again = await read('feed', values);
      expect([again.failure, sum(again, 'news_item', 'new')]).toEqual([undefined, 0]);
    },
  );
});

describe('sensors', () => {
  const from = '2026-11-17';
  const readings = async () => await ledger('sensor_readings', from);

  it.each([
    ['ngsi-v2', ''],
    ['ngsi-ld', 'urn:ngsi-ld:TrafficFlowObserved:'],
  ])(
    '%s: traffic and air as the ledger has them; a later read asks only for what changed',
    async (ready, prefix) => {
      const values = { base: `${city.url}/sensors`, from };
      const before = await read(ready, values, { now: new Date('2026-11-20T10:00:00+07:00') });
      expectWhole(before);
      const asked = city.requests().length;
      const outcome = await read(ready, values, { cursor: before.cursor });
      expectWhole(outcome);
      expect(city.requests().length - asked).toBeLessThanOrEqual(6);
      const flow =
        await home.rows(`select ${utc('observed_from')}, intensity::int::varchar, occupancy::double::varchar, speed::double::varchar
      from staging.traffic_flow where observed_from >= '${from}T00:00:00+07:00'::timestamptz`);
      const expected = await readings();
      expect(expected.length).toBeGreaterThan(400);
      const number = (value: unknown) => Number(value).toString();
      expect(keyed(flow.map((row) => [row[0], ...row.slice(1).map(number)]))).toEqual(
        keyed(
          expected.map((row) => [
            row['observed_from'],
            ...['intensity', 'occupancy', 'speed'].map((name) => number(row[name])),
          ]),
        ),
      );
      const air = await home.rows(
        `select no2::double::varchar, no2_unit, ${utc('observed_from')} from staging.air_quality where observed_from >= '${from}T00:00:00+07:00'::timestamptz`,
      );
      expect(keyed(air.map((row) => [number(row[0]), row[1], row[2]]))).toEqual(
        keyed(expected.map((row) => [number(row['no2']), 'GQ', row['observed_from']])),
      );
      const [id] = await home.rows('select min(entity_id) from staging.traffic_flow');
      expect(String(id?.[0])).toMatch(new RegExp(`^${prefix}TrafficFlowObserved`));
    },
  );

  it('sensorthings: results that are texts, intervals, next links; a word instead of a number is set aside', async () => {
    const outcome = await read('sensorthings', { base: `${city.url}/sensors/v1.1`, from });
    expectWhole(outcome);
    const expected = await readings();
    const good = expected.filter((row) => row['is_cleaned'] !== true);
    const rows =
      await home.rows(`select ${utc('observed_from')}, ${utc('observed_to')}, result::double::varchar, unit, datastream_id
      from staging.sensor_observation`);
    expect(keyed(rows.map((row) => [row[0], Number(row[2]), row[4]]))).toEqual(
      keyed(good.map((row) => [row['observed_from'], row['pm25'], row['point']])),
    );
    expect(new Set(rows.map((row) => row[3]))).toEqual(new Set(['µg/m³']));
    expect(sum(outcome, 'sensor_observation', 'quarantined')).toBe(expected.length - good.length);
    expect(expected.length - good.length).toBeGreaterThan(0);
  });

  it.skipIf(!real)('the reference entities of FIWARE are read in both encodings', async () => {
    const files = join(shared, 'fiware');
    for (const [ready, ending] of [
      ['ngsi-v2', 'json'],
      ['ngsi-ld', 'jsonld'],
    ] as const) {
      const kind = ready === 'ngsi-v2' ? 'example-normalized.json' : 'example-normalized-ld.jsonld';
      for (const [type, stream] of [
        ['TrafficFlowObserved', 'traffic_flow'],
        ['AirQualityObserved', 'air_quality'],
      ] as const) {
        const folder = mkdtempSync(join(directory, `${ready}-`));
        writeFileSync(join(folder, `entity.${ending}`), readFileSync(join(files, type, kind)));
        const outcome = await read(ready, { base: folder }, { streams: [stream] });
        expectWhole(outcome);
      }
    }
    const flow = await home.rows(
      `select ${utc('observed_from')}, occupancy::double::varchar, intensity::int::varchar, speed::double::varchar from staging.traffic_flow`,
    );
    expect(flow).toEqual([
      ['2016-12-07T11:10:00Z', '0.76', '197', '52.6'],
      ['2016-12-07T11:10:00Z', '0.76', '197', '52.6'],
    ]);
    const air = await home.rows(
      'select no2::int::varchar, no2_unit, co_unit from staging.air_quality',
    );
    expect(air).toEqual([
      ['69', 'GQ', 'GP'],
      ['69', 'GQ', 'GP'],
    ]);
  });
});

describe('vessels', () => {
  const from = '2026-11-16';

  it('positions and static data as the ledger has them; what is no message is set aside, unknown values are null', async () => {
    const outcome = await read('ais', { base: `${city.url}/vessels/ais`, from });
    expectWhole(outcome);
    const rows =
      await home.rows(`select p.mmsi, ${utc('p.heard_at')}, longitude::double, latitude::double, speed::double,
      course::double, heading, navigation_status from staging.vessel_position p`);
    const expected = await ledger('vessel_positions', from);
    const number = (value: unknown) => (value === null ? null : Number(value));
    const shown = (row: readonly unknown[]) => [row[0], row[1], ...row.slice(2).map(number)];
    expect(keyed(rows.map(shown))).toEqual(
      keyed(
        expected.map((row) =>
          shown(
            [
              'mmsi',
              'heard_at',
              'longitude',
              'latitude',
              'speed',
              'course',
              'heading',
              'status',
            ].map((name) => row[name]),
          ),
        ),
      ),
    );
    expect(expected.some(({ longitude }) => longitude === null)).toBe(true);
    const { bad_rows } = await counts('vessel_positions', from);
    expect(sum(outcome, 'vessel_position', 'quarantined')).toBe(bad_rows);
    const names = await home.rows(
      'select mmsi, max(vessel_name), max(call_sign), max(length)::varchar from staging.vessel_static group by 1 order by 1',
    );
    expect(names).toEqual(
      ['HAI PHONG STAR', 'LACH TRAY 09', 'CAT BA PEARL', 'BACH DANG 12', 'DO SON 3'].map(
        (name, n) => [String(574_990_001 + n), name, `3WXX${n}`, String(100 + n * 10)],
      ),
    );
  });

  it.skipIf(!real)(
    "real logs without the station's time are set aside by row, with the reason",
    async () => {
      writeFileSync(join(directory, 'a.ais'), readFileSync(join(shared, 'ais/pyais/sample.ais')));
      const outcome = await read('ais', { base: directory }, { streams: ['vessel_position'] });
      expect(outcome.batches[0]?.status).toBe('held');
      const reasons = await home.rows(
        'select reason, count(*)::int::varchar from meta.quarantine group by 1 order by 1',
      );
      expect(reasons).toEqual([
        ['line-malformed', expect.any(String)],
        ['value-missing', '10'],
      ]);
    },
  );
});

describe('cameras', () => {
  it('pushed XML, JSON and multipart of four kinds of firmware, one event each; a push that is cut is set aside alone', async () => {
    const events = await writeSpool({ now, years: 1, scale: 0.2, directory, from: '2026-11-20' });
    const [whole] = events.filter(({ camera }) => camera.firmware === 'multipart-xml');
    const bytes = readFileSync(join(directory, `${whole?.id ?? ''}.event`));
    writeFileSync(join(directory, 'cut.event'), bytes.subarray(0, bytes.length - 40));
    writeFileSync(join(directory, 'again.event'), bytes);
    const outcome = await read('camera-events', { base: directory });
    const failed = outcome.batches.filter(({ status }) => status !== 'published');
    expect(failed.map(({ key, findings }) => [key, findings])).toEqual([
      ['camera_event:cut.event', ['file-cut']],
    ]);
    const expected = await ledger('camera_events', '2026-11-20');
    const rows = await home.rows(
      `select device_id, kind, ${local('happened_at')}, plate, lane::varchar from staging.camera_event`,
    );
    expect(expected.length).toBeGreaterThan(30);
    expect(keyed(rows)).toEqual(
      keyed(
        expected.map((row) => [
          row['camera'],
          row['kind'],
          row['happened_at'],
          row['plate'],
          row['lane'] === null ? null : String(Number(row['lane'])),
        ]),
      ),
    );
    const [pictures] = await home.rows(
      "select count(*)::int::varchar from staging.camera_event where pictures <> '[]'",
    );
    expect(Number(pictures?.[0])).toBe(
      events.filter(({ camera }) => camera.firmware.startsWith('multipart')).length,
    );
  });
});
