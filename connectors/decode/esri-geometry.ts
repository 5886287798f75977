import { z } from 'zod';

type Position = readonly number[];
type Ring = readonly Position[];

/** A geometry of RFC 7946. */
interface GeoGeometry {
  readonly type:
    'Point' | 'MultiPoint' | 'LineString' | 'MultiLineString' | 'Polygon' | 'MultiPolygon';
  readonly coordinates:
    Position | readonly Position[] | readonly Ring[] | readonly (readonly Ring[])[];
}

const position = z.array(z.number()).min(2);
const lines = z.array(z.array(position));
const esriGeometry = z.union([
  z.object({ rings: lines }),
  z.object({ paths: lines }),
  z.object({ points: z.array(position) }),
  z.object({ x: z.number(), y: z.number() }),
]);

const halfTurn = 20_037_508.342789244;

/**
 * A geometry of Esri JSON as GeoJSON in WGS 84; undefined for one that is empty or not readable. Esri's outer rings run
 * clockwise and its holes the other way, in any order: a hole belongs to the outer ring that holds its first point.
 *
 * @param isMercator - coordinates are metres of Web Mercator, else degrees
 */
export function geoGeometry(given: unknown, isMercator: boolean): GeoGeometry | undefined {
  const read = esriGeometry.safeParse(given);
  if (!read.success) return undefined;
  const place = (one: Position) => (isMercator ? degreesOf(one) : one);
  const geometry = read.data;
  if ('x' in geometry) return { type: 'Point', coordinates: place([geometry.x, geometry.y]) };
  if ('points' in geometry) return { type: 'MultiPoint', coordinates: geometry.points.map(place) };
  if ('paths' in geometry) return lineOf(geometry.paths.map((line) => line.map(place)));
  return polygonOf(geometry.rings.map((ring) => ring.map(place)));
}

/** Web Mercator (EPSG 3857, 102100) to degrees, to the tenth of a micrometre that 12 digits give. */
function degreesOf([x = NaN, y = NaN]: Position): Position {
  const latitude =
    (2 * Math.atan(Math.exp((y / halfTurn) * Math.PI)) - Math.PI / 2) * (180 / Math.PI);
  return [rounded((x / halfTurn) * 180), rounded(latitude)];
}

function rounded(degrees: number): number {
  return Math.round(degrees * 1e9) / 1e9;
}

function lineOf(paths: readonly Ring[]): GeoGeometry | undefined {
  const [only] = paths;
  if (only === undefined) return undefined;
  return paths.length === 1
    ? { type: 'LineString', coordinates: only }
    : { type: 'MultiLineString', coordinates: paths };
}

function polygonOf(rings: readonly Ring[]): GeoGeometry | undefined {
  const outer = rings.filter((ring) => area(ring) <= 0);
  const holes = rings.filter((ring) => area(ring) > 0);
  // A polygon drawn the wrong way round has no outer ring at all: its rings are then taken as outer ones.
  const shells = outer.length > 0 ? outer : holes;
  const polygons = shells.map((shell) => [shell]);
  for (const hole of outer.length > 0 ? holes : []) {
    const at = shells.findIndex((shell) => contains(shell, hole[0] ?? []));
    polygons[Math.max(0, at)]?.push(hole);
  }
  const [only] = polygons;
  if (only === undefined) return undefined;
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: only }
    : { type: 'MultiPolygon', coordinates: polygons };
}

/** Twice the signed area: negative for a ring that runs clockwise. */
function area(ring: Ring): number {
  return ring.reduce((sum, [x = 0, y = 0], n) => {
    const [nextX = 0, nextY = 0] = ring[(n + 1) % ring.length] ?? [];
    return sum + x * nextY - nextX * y;
  }, 0);
}

/** Whether a point lies inside a ring (even-odd rule). */
function contains(ring: Ring, [x = NaN, y = NaN]: Position): boolean {
  let inside = false;
  ring.forEach(([ax = 0, ay = 0], n) => {
    const [bx = 0, by = 0] = ring[(n + 1) % ring.length] ?? [];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}
