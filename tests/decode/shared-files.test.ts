import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { PhusaError } from '../../core/errors.ts';
import { longTable } from '../../connectors/decode/cube.ts';
import { readGeoFeatures } from '../../connectors/decode/geo-features.ts';
import { readJsonStat } from '../../connectors/decode/json-stat.ts';
import { readPx } from '../../connectors/decode/px-file.ts';
import { openTestDecode, type TestDecodeSession } from '../harness/decode-session.ts';

const here = dirname(fileURLToPath(import.meta.url));
const shared = join(here, '../../../shared/data');
const hasReal = existsSync(shared);
if (!hasReal) console.warn(`skipped: the real files are not at ${shared}`);

/** Refusals that docs/formats.md lists with their reason. */
const listed = readFileSync(join(here, '../../docs/formats.md'), 'utf8');

function filesUnder(directory: string, endings: readonly string[]): readonly string[] {
  if (!hasReal) return [];
  return readdirSync(join(shared, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => endings.includes(extname(name)))
    .map((name) => join(shared, directory, name));
}

let open: TestDecodeSession | undefined;
afterEach(() => {
  open?.close();
  open = undefined;
});
const coverage: (readonly [string, string, string])[] = [];
afterAll(() => {
  if (coverage.length > 0) console.info(coverage.map((row) => row.join(' | ')).join('\n'));
});

const nameOf = (path: string) => relative(shared, path);
/** One file has a comma before its closing bracket, which the engine takes. */
const parsed = (path: string): unknown =>
  JSON.parse(readFileSync(path, 'utf8').replace(/,\s*\]\s*\}\s*$/, ']}'));

/** Coordinates of a geometry, flattened: a second reading that shares nothing with ours. */
function positions(value: unknown): readonly (readonly [number, number])[] {
  if (!Array.isArray(value)) return [];
  const [x, y] = value as readonly unknown[];
  if (typeof x === 'number' && typeof y === 'number') return [[x, y]];
  return value.flatMap(positions);
}

interface Feature {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly geometry?: {
    readonly coordinates?: unknown;
    readonly rings?: unknown;
    readonly paths?: unknown;
    readonly x?: number;
    readonly y?: number;
  } | null;
}

function featuresOf(path: string): readonly Feature[] {
  const document = parsed(path) as {
    readonly features?: readonly Feature[];
    readonly type?: string;
  } & Feature;
  return document.features ?? (document.type === 'Feature' ? [document] : []);
}

describe.runIf(hasReal)('real files', () => {
  it.each(
    [...filesUnder('px-jsonstat', ['.px']), ...filesUnder('gso-vn/pxweb', ['.json'])].map(nameOf),
  )('%s', async (name) => {
    open = await openTestDecode([{ name, path: join(shared, name) }]);
    const read = name.endsWith('.px') ? readPx : readJsonStat;
    const cube = await read(open.session, open.file, { cells: 'cells' });
    await longTable(open.session, cube, 'cells', 'long');
    const [[cells = '0'] = []] = await open.rows('select count(*) from long');
    expect(Number(cells)).toBe(
      cube.dimensions.reduce((product, { members }) => product * members.length, 1),
    );
    coverage.push([name, name.endsWith('.px') ? 'PX' : 'JSON-stat', `${cells} ô / cells`]);
  });

  const geo = [
    ...filesUnder('geo-vn', ['.geojson']),
    ...filesUnder('health-dhis2', ['.geojson']),
    ...filesUnder('arcgis', ['.json', '.geojson']),
  ].map(nameOf);
  it.each(geo)('%s', async (name) => {
    const path = join(shared, name);
    open = await openTestDecode([{ name, path }]);
    const refused = await readGeoFeatures(open.session, open.file, 't').then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof PhusaError) return error.code;
        throw error;
      },
    );
    if (refused !== undefined) {
      expect(featuresOf(path)).toEqual([]);
      const kind = /(count-only|ids-only|metadata)/.exec(name)?.[1] ?? name;
      expect(listed).toContain(`\`${refused}\``);
      expect(listed).toContain(kind);
      coverage.push([name, 'Esri JSON', `từ chối / refused: ${refused}`]);
      return;
    }
    const oracle = featuresOf(path);
    const rows = await open.rows('select properties, positions, _malformed from t order by _row');
    expect(rows.length).toBe(oracle.length);
    expect(
      rows.map(
        ([given]) => (given === null || given === undefined ? null : JSON.parse(given)) as unknown,
      ),
    ).toEqual(oracle.map((one) => one.properties ?? one.attributes ?? null));
    const points = oracle.map(({ geometry }) =>
      geometry?.x !== undefined
        ? 1
        : positions(geometry?.coordinates ?? geometry?.rings ?? geometry?.paths ?? []).length,
    );
    expect(rows.map(([, count]) => Number(count ?? 0))).toEqual(points);
    expect(rows.filter(([, , reason]) => reason !== null)).toEqual([]);
    coverage.push([
      name,
      name.endsWith('.geojson') ? 'GeoJSON' : 'Esri JSON',
      `${oracle.length} đối tượng / features`,
    ]);
  });

  it.each(filesUnder('geo-vn', ['.geojson']).map(nameOf))(
    '%s: the box is the box of a second reading',
    async (name) => {
      const path = join(shared, name);
      open = await openTestDecode([{ name, path }]);
      await readGeoFeatures(open.session, open.file, 't');
      const [box] = await open.rows('select min(west), min(south), max(east), max(north) from t');
      const all = featuresOf(path).flatMap(({ geometry }) => positions(geometry?.coordinates));
      const xs = all.map(([x]) => x);
      const ys = all.map(([, y]) => y);
      const expected = [xs, ys]
        .map((list) => list.reduce((a, b) => Math.min(a, b)))
        .concat([xs, ys].map((list) => list.reduce((a, b) => Math.max(a, b))));
      box?.forEach((side, n) => {
        expect(Number(side)).toBeCloseTo(expected[n] ?? NaN, 7);
      });
    },
  );
});

describe('features', () => {
  const read = async (document: unknown) => {
    open = await openTestDecode([
      { name: 'a.json', bytes: typeof document === 'string' ? document : JSON.stringify(document) },
    ]);
    const found = await readGeoFeatures(open.session, open.file, 't');
    return {
      found,
      rows: await open.rows('select geometry_type, west, south, _malformed from t order by _row'),
    };
  };

  it('Web Mercator is turned into degrees', async () => {
    const features = [
      { attributes: { OBJECTID: 1 }, geometry: { x: 11876394.47, y: 2371563.71 } },
      { attributes: {}, geometry: null },
    ];
    const { found, rows } = await read({
      spatialReference: { wkid: 102100, latestWkid: 3857 },
      features,
    });
    expect(found).toEqual({ dialect: 'esri', crs: 3857, isMercator: true, features: 2 });
    expect(Number(rows[0]?.[1])).toBeCloseTo(106.6871, 3);
    expect(Number(rows[0]?.[2])).toBeCloseTo(
      (Math.atan(Math.sinh(2371563.71 / 6378137)) * 180) / Math.PI,
      7,
    );
    expect(rows[1]).toEqual([null, null, null, null]);
  });

  it('coordinates outside the earth, or none, are told', async () => {
    const feature = (coordinates: unknown) => ({
      type: 'Feature',
      properties: {},
      geometry: { type: 'Point', coordinates },
    });
    const { rows } = await read({
      type: 'FeatureCollection',
      features: [feature([106, 20]), feature([181, 20]), feature([]), feature(['a', 'b']), 5],
    });
    expect(rows.map((row) => row[3])).toEqual([
      null,
      'geometry-invalid',
      'geometry-invalid',
      'geometry-invalid',
      'record-not-object',
    ]);
  });

  it.each([
    ['an error in a good answer', { error: { code: 400, message: 'Failed' } }, 'source-error'],
    ['no features', { count: 5 }, 'records-missing'],
    ['no JSON', '{"type":"FeatureCollection","features":[{', 'file-not-json'],
  ])('A14 %s is refused', async (_what, document, code) => {
    await expect(read(document)).rejects.toMatchObject({ code, group: 'data' });
  });
});
