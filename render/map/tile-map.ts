import type { AreaMap, MapArea } from '../document.ts';
import { printableText, textWidth } from '../font/tinos.ts';
import { wrapText } from '../font/wrap-text.ts';
import { fixed, svgText } from '../svg-text.ts';
import { figurePaint, strokeOf } from './map-class.ts';
import type { Drawing, PictureRoom } from './drawing.ts';

const LARGEST_TILE = 52;
const LARGEST_TEXT = 8;
const SMALLEST_TEXT = 4.5;
const MARGIN = 1.5;

/** Squares on a grid, each with its area's short name; a scheme, not a map of land. */
export function tileMap(map: AreaMap, room: PictureRoom): Drawing {
  const tiles = map.areas.flatMap((area) =>
    area.shape.kind === 'tile' ? [{ area, at: area.shape }] : [],
  );
  const columns = 1 + tiles.reduce((most, { at }) => Math.max(most, at.column), 0);
  const rows = 1 + tiles.reduce((most, { at }) => Math.max(most, at.row), 0);
  const side = Math.min(LARGEST_TILE, room.width / columns, room.height / rows);
  const left = (room.width - side * columns) / 2;
  const svg = tiles.map(({ area, at }) =>
    tileSvg(map, area, { x: left + at.column * side, y: at.row * side }, side),
  );
  return { svg: svg.join(''), height: rows * side };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function tileSvg(map: AreaMap, area: MapArea, at: Point, side: number): string {
  const paint = figurePaint(map, area.figure);
  const square = `<rect x="${fixed(at.x + 0.5)}" y="${fixed(at.y + 0.5)}" width="${fixed(side - 1)}" height="${fixed(side - 1)}" fill="${paint.fill}" ${strokeOf(paint)}/>`;
  const { lines, size } = fittedLines(printableText(area.shortName), side - 2 * MARGIN);
  const top = at.y + side / 2 - (lines.length * size * 1.1) / 2 + size * 0.85;
  const texts = lines.map((line, index) =>
    svgText(
      line,
      { x: at.x + side / 2, y: top + index * size * 1.1 },
      { size, anchor: 'middle', colour: paint.text },
    ),
  );
  return square + texts.join('');
}

interface Fitted {
  readonly lines: readonly string[];
  readonly size: number;
}

/** Breaks a name at its spaces into a square: the largest print at which it fits. */
function fittedLines(name: string, side: number): Fitted {
  for (let size = LARGEST_TEXT; size > SMALLEST_TEXT; size -= 0.25) {
    const lines = wrapText(name, side, size);
    const fits = lines.length * size * 1.1 <= side;
    if (fits && lines.every((line) => textWidth(line, size) <= side)) return { lines, size };
  }
  return { lines: wrapText(name, side, SMALLEST_TEXT), size: SMALLEST_TEXT };
}
