import type { Language } from '../../core/localized.ts';
import type { AreaMap } from '../document.ts';
import { placeholderSvg, svgDocument } from '../svg-text.ts';
import { wordingIn } from '../wording.ts';
import type { PictureRoom } from './drawing.ts';
import { mapLegend } from './map-legend.ts';
import { polygonMap } from './polygon-map.ts';
import { tileMap } from './tile-map.ts';

const LEGEND_ROOM = 54;
const LEGEND_GAP = 8;

/** Draws a map and its legend as SVG: polygons where boundaries are given, else tiles. */
export function mapSvg(map: AreaMap, room: PictureRoom, language: Language): string {
  if (map.areas.length === 0) return placeholderSvg(wordingIn(language).noValue, room.width);
  const land = { width: room.width, height: room.height - LEGEND_ROOM };
  const isPolygons = map.areas[0]?.shape.kind === 'polygon';
  const drawing = isPolygons ? polygonMap(map, land) : tileMap(map, land);
  const legend = mapLegend(map, room.width, language);
  const below = drawing.height + LEGEND_GAP;
  const content = `${drawing.svg}<g transform="translate(0 ${below.toFixed(2)})">${legend.svg}</g>`;
  return svgDocument(room.width, below + legend.height, content);
}
