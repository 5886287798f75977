import type { AreaMap, MapArea } from '../document.ts';
import { fixed } from '../svg-text.ts';
import { figurePaint, strokeOf } from './map-class.ts';
import type { Drawing, PictureRoom } from './drawing.ts';

type Ring = readonly (readonly [number, number])[];

/** Turns longitude and latitude into points on the page. */
interface Projection {
  readonly x: (longitude: number) => number;
  readonly y: (latitude: number) => number;
  readonly height: number;
}

/** Real boundaries in an equirectangular projection true at the middle latitude. */
export function polygonMap(map: AreaMap, room: PictureRoom): Drawing {
  const shapes = map.areas.map((area) => ({ area, rings: ringsOf(area) }));
  const projection = projectionFor(
    shapes.flatMap(({ rings }) => rings.flat()),
    room,
  );
  const svg = shapes.map(({ area, rings }) => areaSvg(map, area, rings, projection));
  return { svg: svg.join(''), height: projection.height };
}

function ringsOf({ shape }: MapArea): readonly Ring[] {
  return shape.kind === 'polygon' ? shape.rings : [];
}

function projectionFor(positions: Ring, room: PictureRoom): Projection {
  const [west, east] = rangeOf(positions.map(([longitude]) => longitude));
  const [south, north] = rangeOf(positions.map(([, latitude]) => latitude));
  const narrowing = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const wide = Math.max((east - west) * narrowing, 1e-9);
  const high = Math.max(north - south, 1e-9);
  const scale = Math.min(room.width / wide, room.height / high);
  const left = (room.width - wide * scale) / 2;
  return {
    x: (longitude) => left + (longitude - west) * narrowing * scale,
    y: (latitude) => (north - latitude) * scale,
    height: high * scale,
  };
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  return values.reduce<readonly [number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
}

function areaSvg(
  map: AreaMap,
  area: MapArea,
  rings: readonly Ring[],
  projection: Projection,
): string {
  const paint = figurePaint(map, area.figure);
  const path = rings.map((ring) => ringPath(ring, projection)).join('');
  return `<path d="${path}" fill-rule="evenodd" fill="${paint.fill}" ${strokeOf(paint)}/>`;
}

function ringPath(ring: Ring, { x, y }: Projection): string {
  const points = ring.map(
    ([longitude, latitude]) => `${fixed(x(longitude))} ${fixed(y(latitude))}`,
  );
  return points.length < 3 ? '' : `M${points.join('L')}Z`;
}
