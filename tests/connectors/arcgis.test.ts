import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arcgis } from '../../connectors/arcgis/connector.ts';
import type { JsonObject } from '../../core/json.ts';
import { balances } from '../../core/load-counts.ts';
import * as fault from '../harness/fault-server.ts';
import { mapLayer, points, type MapOptions } from '../harness/map-server.ts';
import { queryOf } from '../harness/paged-source.ts';
import { openSourceHome, type IngestOptions, type SourceHome } from '../harness/source-home.ts';

let home: SourceHome;
const servers: fault.FaultServer[] = [];
const directories: string[] = [];
beforeEach(async () => {
  home = await openSourceHome();
});
afterEach(async () => {
  for (const one of servers.splice(0)) await one.close();
  for (const one of directories.splice(0)) rmSync(one, { recursive: true });
  await home.remove();
});

const label = { vi: 'Điểm', en: 'Points' };
const column = (name: string, from: string, type = 'varchar', more: JsonObject = {}) => ({
  name,
  from,
  type,
  label,
  ...more,
});
const config = (base: string, layer: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  base,
  pageSize: 10,
  layers: [
    {
      id: 'point',
      path: '0',
      label,
      key: ['code'],
      columns: [column('code', 'MA'), column('title', 'TEN')],
      ...layer,
    },
  ],
  ...more,
});

async function serve(script: Parameters<typeof fault.startFaultServer>[0]) {
  const server = await fault.startFaultServer(script);
  servers.push(server);
  return server;
}
const ingest = (given: JsonObject, options: IngestOptions = {}) =>
  home.ingest(arcgis, given, options);
const codes = async () => (await home.rows('select code from staging.map_point order by 1')).flat();
const all = points(43);
const allCodes = all.map(({ attributes }) => attributes['MA']);
const offers = { supportsPagination: true };

async function read(options: Omit<MapOptions, 'features'>, layer: JsonObject = {}) {
  const server = await serve(mapLayer({ features: () => all, ...options }));
  return { server, outcome: await ingest(config(server.url, layer)) };
}

/** What the server has, each feature once; every count balances. */
async function expectWhole({ outcome }: Awaited<ReturnType<typeof read>>) {
  expect([
    outcome.failure,
    outcome.batches.map(({ status, findings }) => [status, findings]),
  ]).toEqual([undefined, [['published', []]]]);
  expect(await codes()).toEqual(allCodes);
  expect(outcome.batches.flatMap((one) => Object.values(one.counts)).every(balances)).toBe(true);
}

function expectRefused({ batches, failure }: Awaited<ReturnType<typeof ingest>>, code: RegExp) {
  expect([failure?.code, ...batches.flatMap(({ findings }) => findings)].join(' ')).toMatch(code);
  expect(batches.filter(({ status }) => status === 'published')).toEqual([]);
}

describe('paging', () => {
  it.each<[string, Omit<MapOptions, 'features'>, JsonObject]>([
    ['by offset', { description: offers }, {}],
    [
      'by offset, declared among the advanced capabilities',
      { description: { advancedQueryCapabilities: offers } },
      {},
    ],
    ['B12 by offset, a page shorter than asked for', { description: offers, most: 4 }, {}],
    ['B13 by offset without the flag that more follows', { description: offers, silent: true }, {}],
    [
      'B13 by offset, no count: an empty page is the end',
      { description: offers, ignores: ['count'] },
      {},
    ],
    ['by object ids', {}, {}],
    [
      'by object ids, a limit below the page size that nobody declared',
      { most: 3, silent: true },
      {},
    ],
    ['by the range of object ids, where none are listed', { ignores: ['ids'] }, { paging: 'ids' }],
    ['by boxes', { most: 9, description: { maxRecordCount: 9 } }, { paging: 'box' }],
    [
      'B14 a server that ignores offsets is read by object ids',
      { description: offers, ignores: ['offset'], most: 10 },
      {},
    ],
    [
      'B14 a server without ids and ranges is read by boxes',
      { ignores: ['ids', 'statistics', 'where'], most: 9, description: { maxRecordCount: 9 } },
      {},
    ],
  ])('%s: every feature once', async (_name, options, layer) => {
    await expectWhole(await read(options, layer));
  });

  it.each<[string, Omit<MapOptions, 'features'>, JsonObject, RegExp]>([
    [
      'B14 a server that ignores every way of paging',
      { ignores: ['offset', 'ids', 'where', 'box', 'statistics'], most: 10 },
      {},
      /page-repeats/,
    ],
    [
      'B14 a server that ignores boxes',
      { ignores: ['box'], most: 9, description: { maxRecordCount: 9 } },
      { paging: 'box' },
      /page-repeats/,
    ],
    [
      'B18 a count that is larger than what comes',
      { description: offers, count: () => 50 },
      { paging: 'offset' },
      /page-missing/,
    ],
    [
      'B18 a count that is smaller than what comes',
      { description: offers, count: () => 12 },
      { paging: 'offset' },
      /page-repeats/,
    ],
    [
      'B18 count and ids contradict each other',
      { count: () => 50 },
      { paging: 'ids' },
      /total-unstable/,
    ],
  ])('%s: refused with a reason, nothing published', async (_name, options, layer, code) => {
    expectRefused((await read(options, layer)).outcome, code);
  });

  it('B10 B19 features that appear while pages are turned: the layer is not published as if it were whole', async () => {
    let count = 43;
    const server = await serve(
      mapLayer({ features: () => points(count), count: () => count++, description: offers }),
    );
    expectRefused(
      await ingest(config(server.url, { paging: 'offset' })),
      /total-unstable|page-missing|page-repeats/,
    );
  });

  it('B16 asks for nothing twice and says how it asked in every receipt', async () => {
    const { server } = await read({ description: offers });
    const pages = server.requests.filter(({ path }) => path.includes('resultOffset'));
    expect(pages.map((one) => queryOf(one).get('resultOffset'))).toEqual([
      '0',
      '10',
      '20',
      '30',
      '40',
    ]);
  });

  it("B24 B25 features that left the layer leave the table; object ids that were dealt anew change no row's key", async () => {
    let now = all;
    const server = await serve(mapLayer({ features: () => now }));
    await ingest(config(server.url));
    now = points(40).map((one, n) => ({
      ...one,
      attributes: { ...one.attributes, OBJECTID: 900 + n },
    }));
    const again = await ingest(config(server.url));
    expect(again.batches[0]?.counts['map_point']).toMatchObject({ deleted: 3, new: 0 });
    expect(await codes()).toEqual(allCodes.slice(0, 40));
  });
});

describe('answers', () => {
  const failed = (code: number) => fault.json({ error: { code, message: 'x', details: [] } });
  const layer = () => mapLayer({ features: () => all, description: offers });

  it.each<[string, fault.Fault]>([
    ['an error of the server in HTTP 200', failed(500)],
    ['A30 a maintenance page in HTTP 200', fault.answer('<html>Bảo trì</html>')],
    ['A10 reset before headers', fault.resetBeforeHeaders],
    ['A28 503', fault.status(503)],
    ['A12 half a JSON', fault.answer('{"features":[{"attr')],
  ])('%s, once: asked again, every feature once', async (_name, once) => {
    const { '/0': described, '/0/query': query } = layer();
    const server = await serve({
      '/0': described ?? [],
      '/0/query': [query ?? once, once, query ?? once],
    });
    await expectWhole({ server, outcome: await ingest(config(server.url)) });
  });

  it.each<[string, fault.Fault, RegExp]>([
    ['an error in HTTP 200 for ever', failed(500), /source-error/],
    ['a bad request in HTTP 200', failed(400), /source-error/],
    ['A32 a token that ran out, told in HTTP 200', failed(498), /access-refused/],
    ['A33 a token that is missing, told in HTTP 200', failed(499), /access-refused/],
    ['A34 403', fault.status(403), /access|http/],
    ['A30 maintenance for ever', fault.answer('<html></html>'), /answer-not-json/],
    ['A18 a gzip bomb', fault.gzipBomb(60_000_000), /answer-too-large/],
  ])('%s: refused with a reason', async (_name, always, code) => {
    const server = await serve({ '/0': layer()['/0'] ?? [], '/0/query': always });
    expectRefused(await ingest(config(server.url)), code);
  });

  it('the token goes in a header, never into an address or a receipt', async () => {
    const server = await serve(layer());
    await ingest(config(server.url, {}, { signedIn: true }), { secrets: { token: 'bi-mat' } });
    expect(server.requests.map(({ headers }) => headers['x-esri-authorization'])).toEqual(
      server.requests.map(() => 'Bearer bi-mat'),
    );
    expect(server.requests.map(({ path }) => path).join()).not.toContain('bi-mat');
  });
});

describe('values', () => {
  const fields = [
    { name: 'OBJECTID', type: 'esriFieldTypeOID' },
    { name: 'Ma', type: 'esriFieldTypeString' },
    {
      name: 'TINH_TRANG',
      type: 'esriFieldTypeSmallInteger',
      domain: {
        type: 'codedValue',
        name: 'd',
        codedValues: [
          { code: 1, name: 'Đang điều trị' },
          { code: 2, name: 'Khỏi' },
        ],
      },
    },
    { name: 'NGAY', type: 'esriFieldTypeDate' },
  ];
  const feature = (attributes: JsonObject, geometry: { x: number; y: number } | null = null) => ({
    attributes,
    geometry,
  });
  const wanted = {
    key: ['code'],
    columns: [
      column('code', 'MA'),
      column('state', 'tinh_trang'),
      column('state_code', 'TINH_TRANG', 'integer', { coded: 'code' }),
      column('on_day', 'ngay', 'date'),
      column('at', 'Ngay', 'timestamptz'),
    ],
  };

  it('B32 coded values get their names; attributes are found in any letter case; dates come as epoch or text', async () => {
    const features = [
      feature({ OBJECTID: 1, MA: 'A', TINH_TRANG: 1, NGAY: 1428404675000 }),
      feature({ OBJECTID: 2, Ma: 'B', tinh_trang: 2, ngay: '4/21/2006 12:00:00 AM' }),
      feature({ OBJECTID: 3, ma: 'C', TINH_TRANG: null, NGAY: null }),
      feature({ OBJECTID: 4, MA: 'D', TINH_TRANG: 9, NGAY: 1428404675000 }),
      feature({ OBJECTID: 5, MA: null, TINH_TRANG: 1, NGAY: 'hôm qua' }),
    ];
    const server = await serve(mapLayer({ features: () => features, description: { fields } }));
    const { batches } = await ingest(config(server.url, { ...wanted, geometry: false }));
    // Two of five rows are bad: the batch is held, and says why.
    expect(batches[0]).toMatchObject({ status: 'held' });
    expect(batches[0]?.findings.join(' ')).toMatch(/code-unknown|quarantine/);
    const good = features.slice(0, 3);
    const server2 = await serve(mapLayer({ features: () => good, description: { fields } }));
    expect(
      (await ingest(config(server2.url, { ...wanted, geometry: false }))).batches[0]?.status,
    ).toBe('published');
    expect(
      await home.rows(
        "select code, state, state_code::varchar, on_day::varchar, strftime(\"at\" at time zone 'UTC', '%Y-%m-%dT%H:%M:%S') from staging.map_point order by 1",
      ),
    ).toEqual([
      ['A', 'Đang điều trị', '1', '2015-04-07', '2015-04-07T11:04:35'],
      ['B', 'Khỏi', '2', '2006-04-21', '2006-04-20T17:00:00'],
      ['C', null, null, null, null],
    ]);
  });

  it('Web Mercator becomes WGS 84, in geometry and box; another projection is refused', async () => {
    const hanoi = { x: 11783270.5, y: 2396500.25 };
    const features = [feature({ OBJECTID: 1, MA: 'A', TEN: 'x' }, hanoi)];
    const of = (wkid: number) =>
      mapLayer({
        features: () => features,
        envelope: { spatialReference: { wkid: 102100, latestWkid: wkid } },
      });
    const server = await serve(of(3857));
    expect((await ingest(config(server.url))).batches[0]?.findings).toEqual([]);
    const [[text, west, north] = []] = await home.rows(
      'select geometry, west::varchar, north::varchar from staging.map_point',
    );
    const { coordinates } = JSON.parse(String(text)) as { coordinates: [number, number] };
    const longitude = (hanoi.x / 6378137) * (180 / Math.PI);
    const latitude = (Math.atan(Math.sinh(hanoi.y / 6378137)) * 180) / Math.PI;
    expect(coordinates[0]).toBeCloseTo(longitude, 8);
    expect(coordinates[1]).toBeCloseTo(latitude, 8);
    expect(Number(west)).toBeCloseTo(longitude, 7);
    expect(Number(north)).toBeCloseTo(latitude, 7);
    const other = await serve(of(2229));
    expectRefused(await ingest(config(other.url)), /projection-unknown/);
  });

  it('holes and islands of Esri polygons become GeoJSON polygons', async () => {
    const square = (x: number, size: number, clockwise: boolean) => {
      const ring = [
        [x, 10],
        [x, 10 + size],
        [x + size, 10 + size],
        [x + size, 10],
        [x, 10],
      ];
      return clockwise ? ring : ring.toReversed();
    };
    const hole = square(105, 4, false).map(([x = 0, y = 0]) =>
      [x + 0.5 - 0, y + 0.5].map((n, i) =>
        i === 0 ? 105 + (n - 105) / 4 + 0.5 : 10 + (n - 10) / 4 + 0.5,
      ),
    );
    const rings = [hole, square(105, 4, true), square(115, 1, true)];
    const features = [
      { attributes: { OBJECTID: 1, MA: 'A', TEN: 'x' }, geometry: { rings } as never },
    ];
    const server = await serve(mapLayer({ features: () => features }));
    expect((await ingest(config(server.url))).batches[0]?.findings).toEqual([]);
    const [[text] = []] = await home.rows('select geometry from staging.map_point');
    const shape = JSON.parse(String(text)) as { type: string; coordinates: unknown[][] };
    expect([shape.type, shape.coordinates.map((one) => one.length)]).toEqual([
      'MultiPolygon',
      [2, 1],
    ]);
  });

  it('B28 a declared attribute that the layer no longer has is refused, not read as empty', async () => {
    const server = await serve(mapLayer({ features: () => all }));
    const columns = [column('code', 'MA'), column('gone', 'DA_MAT')];
    expectRefused(await ingest(config(server.url, { columns })), /header-missing-column/);
  });
});

const shared = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/data');
describe.runIf(existsSync(join(shared, 'geo-vn')))('real files', () => {
  const layerOf = (path: string) => ({
    path,
    key: ['code'],
    columns: [
      column('code', 'code'),
      column('title', 'fullName'),
      column('area_km2', 'areaKm2', 'decimal(18,6)'),
    ],
  });

  it('boundaries of provinces and communes are sources: codes keep their zeros, islands are kept', async () => {
    const folders = readdirSync(join(shared, 'geo-vn'), { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    );
    const directory = mkdtempSync(join(tmpdir(), 'phusa-map-'));
    directories.push(directory);
    for (const { name } of folders)
      for (const file of readdirSync(join(shared, 'geo-vn', name), {
        recursive: true,
        encoding: 'utf8',
      }))
        if (file.endsWith('.geojson'))
          writeFileSync(
            join(directory, file.replaceAll('/', '_')),
            readFileSync(join(shared, 'geo-vn', name, file)),
          );
    const files = readdirSync(directory);
    const { batches, failure } = await ingest(config(directory, layerOf('*.geojson')));
    expect([failure, batches.map(({ status, findings }) => [status, findings])]).toEqual([
      undefined,
      [['published', []]],
    ]);
    expect(batches[0]?.counts['map_point']?.new).toBe(files.length);
    expect(
      await home.rows(
        "select code, geometry_type from staging.map_point where code in ('01', '11948', '19742') order by 1",
      ),
    ).toEqual([
      ['01', 'MultiPolygon'],
      ['11948', 'MultiPolygon'],
      ['19742', 'MultiPolygon'],
    ]);
  });

  it.each<[string, string | undefined]>([
    ['us-mo-columbia', undefined],
    ['us-fl-polk', undefined],
    // One feature stands twice in this page under one object id.
    ['us-ca-carson', 'declared-mismatch'],
  ])('%s: the recorded page of a server is read by the connector', async (name, held) => {
    const page = JSON.parse(
      readFileSync(join(shared, 'arcgis', name, `${name}-0.json`), 'utf8'),
    ) as { features: { attributes: Record<string, unknown> }[] };
    const ids = page.features
      .map(({ attributes }) => attributes['OBJECTID'])
      .filter((one) => one !== undefined);
    const metadata = JSON.parse(
      readFileSync(join(shared, 'arcgis', name, `${name}-metadata.json`), 'utf8'),
    ) as object;
    const answer: fault.Fault = (socket, request) => {
      const asked = queryOf(request);
      const body = asked.has('returnCountOnly')
        ? { count: page.features.length }
        : asked.has('returnIdsOnly')
          ? { objectIds: ids }
          : page;
      return fault.json(body)(socket, request);
    };
    const server = await serve({ '/0': fault.json(metadata), '/0/query': answer });
    const columns = [column('code', 'objectid')];
    const outcome = await ingest(
      config(server.url, { columns, paging: 'ids' }, { pageSize: 2000 }),
    );
    expect(outcome.failure).toBeUndefined();
    expect(outcome.batches[0]?.findings).toEqual(held === undefined ? [] : [held]);
    if (held === undefined)
      expect(outcome.batches[0]?.counts['map_point']?.new).toBe(page.features.length);
  });
});
