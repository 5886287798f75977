import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findConnector, type AnyConnector } from '../../connectors/registry.ts';
import * as fault from '../harness/fault-server.ts';
import { mapLayer, points } from '../harness/map-server.ts';
import { openSourceHome, type IngestOptions, type SourceHome } from '../harness/source-home.ts';

let home: SourceHome;
const servers: fault.FaultServer[] = [];
beforeEach(async () => {
  home = await openSourceHome();
});
afterEach(async () => {
  for (const one of servers.splice(0)) await one.close();
  await home.remove();
});

/** A kind of service: what it answers when it is well, which address is spoiled, and what has to be there afterwards. */
interface Kind {
  readonly name: string;
  readonly routes: Readonly<Record<string, fault.Fault>>;
  readonly spoiled: string;
  /** The body of a good answer at the spoiled address. */
  readonly body: string;
  readonly config: (url: string) => object;
  readonly rows: string;
  readonly expected: readonly string[];
}

const label = { vi: 'x', en: 'x' };
const province = { id: 2, case_by_day: { '18/3/2020': 1, '19/3/2020': 4 }, death_by_day: {} };
const dimension = (codes: readonly string[], name: string) => ({
  label: name,
  category: {
    index: Object.fromEntries(codes.map((code, n) => [code, n])),
    label: Object.fromEntries(codes.map((code) => [code, code])),
  },
});
const cube = {
  version: '2.0',
  class: 'dataset',
  label: 'T',
  id: ['Nam'],
  size: [3],
  role: { time: ['Nam'] },
  dimension: { Nam: dimension(['2021', '2022', '2023'], 'Năm') },
};
const message = `STRUCTURE,STRUCTURE_ID,ACTION,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\n${[
  2021, 2022, 2023,
]
  .map((year) => `dataflow,TK:A(1.0),I,DS,VN,${year},${year}5`)
  .join('\n')}\n`;

const kinds: readonly Kind[] = [
  {
    name: 'arcgis',
    routes: mapLayer({ features: () => points(3) }),
    spoiled: '/0/query',
    body: JSON.stringify({ spatialReference: { wkid: 4326 }, features: points(3) }),
    config: (base) => ({
      base,
      layers: [
        {
          id: 'point',
          path: '0',
          label,
          key: ['code'],
          columns: [{ name: 'code', from: 'MA', type: 'varchar', label }],
        },
      ],
    }),
    rows: 'select code from staging.map_point order by 1',
    expected: ['D0001', 'D0002', 'D0003'],
  },
  {
    name: 'province-covid',
    routes: {
      '/covid/provinces': fault.json([{ id: 2, name: 'A' }]),
      '/covid/province/2': fault.json(province),
    },
    spoiled: '/covid/province/2',
    body: JSON.stringify(province),
    config: (base) => ({ base, vaccines: false }),
    rows: 'select report_day::varchar from staging.covid_province_day order by 1',
    expected: ['2020-03-18', '2020-03-19'],
  },
  {
    name: 'pxweb',
    routes: {
      '/tables/T/metadata': fault.json(cube),
      '/tables/T/data': fault.json({ ...cube, value: [1, 2, 3] }),
    },
    spoiled: '/tables/T/data',
    body: JSON.stringify({ ...cube, value: [1, 2, 3] }),
    config: (base) => ({
      base,
      publisher: 'tk',
      version: 'v2',
      maxCalls: 1000,
      tables: [{ id: 'T', path: 'T' }],
    }),
    rows: 'select period from staging.socioeconomic_figure order by 1',
    expected: ['2021', '2022', '2023'],
  },
  {
    name: 'sdmx',
    routes: { '/data/A': fault.answer(message) },
    spoiled: '/data/A',
    body: message,
    config: (base) => ({ base, publisher: 'tk', flows: [{ name: 'A', path: 'data/A' }] }),
    rows: 'select period from staging.socioeconomic_figure order by 1',
    expected: ['2021', '2022', '2023'],
  },
];

function connectorOf(name: string): AnyConnector {
  const found = findConnector(name);
  if (found === undefined) throw new RangeError(name);
  return found;
}

async function ingest(kind: Kind, faults: readonly fault.Fault[], options: IngestOptions = {}) {
  const server = await fault.startFaultServer({ ...kind.routes, [kind.spoiled]: faults });
  servers.push(server);
  return home.ingest(connectorOf(kind.name), kind.config(server.url), options);
}

const half = (body: string) => body.slice(0, body.length / 2);
const once: readonly (readonly [string, (body: string) => fault.Fault])[] = [
  ['A10 reset before headers', () => fault.resetBeforeHeaders],
  ['A11 reset at byte 1', (body) => fault.resetMidBody(body, 1)],
  ['A11 reset in the middle', (body) => fault.resetMidBody(body, Math.floor(body.length / 2))],
  [
    'A11 reset before the last byte',
    (body) => fault.resetMidBody(body, Buffer.byteLength(body) - 1),
  ],
  ['A13 Content-Length larger than the body', (body) => fault.wrongLength(body, 90_000)],
  [
    'A15 chunks without an end',
    (body) => fault.rawChunks(`${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`),
  ],
  ['A16 a wrong chunk size', () => fault.rawChunks('zz\r\nabc\r\n0\r\n\r\n')],
  ['A17 gzip that is cut', (body) => fault.truncatedGzip(body, 40)],
  ['A23 429 with seconds', () => fault.status(429, { 'retry-after': '1' })],
  ['A28 500', () => fault.status(500)],
  ['A28 503', () => fault.status(503)],
];
const always: readonly (readonly [string, (body: string) => fault.Fault, RegExp])[] = [
  ['A12 a body of unknown length that is cut', (body) => fault.closeEarly(half(body)), /./],
  [
    'A14 Content-Length smaller than the body',
    (body) => fault.wrongLength(body, Math.floor(body.length / 2)),
    /./,
  ],
  ['A18 a gzip bomb', () => fault.gzipBomb(60_000_000), /answer-too-large/],
  [
    'A19 not compressed as it says',
    (body) => fault.answer(body, { 'content-encoding': 'gzip' }),
    /answer-encoding/,
  ],
  ['A22 an infinite body', () => fault.drip('x'.repeat(65_536), 0), /answer-too-large|timeout/],
  ['A25 429 for a year', () => fault.status(429, { 'retry-after': '31536000' }), /rate-limited/],
  ['A26 429 for ever', () => fault.status(429), /rate-limited/],
  ['A29 500 at one address, always', () => fault.status(500), /server|http|unavailable/],
  [
    'A30 a maintenance page in HTTP 200',
    () => fault.answer('<html><h1>Bảo trì</h1></html>', { 'content-type': 'text/html' }),
    /./,
  ],
  ['A33 401', () => fault.status(401), /refused|http/],
  ['A34 403', () => fault.status(403), /refused|http/],
  ['A35 404 that nobody declared empty', () => fault.status(404), /not-found|http/],
  [
    'A36 a redirect that nobody declared',
    () => fault.status(302, { location: '/elsewhere' }),
    /redirect-refused/,
  ],
];

describe.each(kinds.map((kind) => [kind.name, kind] as const))('%s', (_name, kind) => {
  const good = kind.routes[kind.spoiled] ?? fault.status(404);
  const rows = async () => (await home.rows(kind.rows)).flat();

  it.each(once)('%s, once: asked again, every row once', async (_case, spoilt) => {
    const { failure, batches } = await ingest(kind, [spoilt(kind.body), good]);
    expect([failure, batches.map(({ status }) => status)]).toEqual([undefined, ['published']]);
    expect(await rows()).toEqual(kind.expected);
  });

  it.each(always)('%s: ends in a reason; what was published stays', async (_case, spoilt, code) => {
    await ingest(kind, [good]);
    const limits = { totalTimeoutMs: 3_000, retries: 1, maxBytes: 5_000_000 };
    const { failure, batches } = await ingest(kind, [spoilt(kind.body)], { limits, full: true });
    expect([failure?.code, ...batches.flatMap(({ findings }) => findings)].join(' ')).toMatch(code);
    expect(failure !== undefined || batches.some(({ findings }) => findings.length > 0)).toBe(true);
    expect(batches.filter(({ status }) => status === 'published')).toEqual([]);
    expect(await rows()).toEqual(kind.expected);
  });
});
