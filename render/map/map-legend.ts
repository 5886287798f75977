import type { Language } from '../../core/localized.ts';
import type { AreaMap } from '../document.ts';
import { openValue } from '../figure-text.ts';
import { printableText, textWidth } from '../font/tinos.ts';
import { fixed, svgText } from '../svg-text.ts';
import { wordingIn } from '../wording.ts';
import { classPaint, NO_VALUE_PAINT, strokeOf, type Paint } from './map-class.ts';

const SIZE = 9.5;
const BOX = 12;
const GAP = 12;
const LINE = 17;

interface Entry {
  readonly label: string;
  readonly paint: Paint;
}

/** The legend below a map: drawn from `y` = 0, broken into lines where the width ends. */
export function mapLegend(
  map: AreaMap,
  width: number,
  language: Language,
): { readonly svg: string; readonly height: number } {
  let x = 0;
  let line = 1;
  const parts = [svgText(printableText(map.legendTitle), { x, y: 10 }, { size: SIZE, bold: true })];
  for (const { label, paint } of entriesOf(map, language)) {
    const entryWidth = BOX + 4 + textWidth(label, SIZE) + GAP;
    if (x > 0 && x + entryWidth > width) {
      x = 0;
      line++;
    }
    parts.push(entrySvg(label, paint, x, line * LINE));
    x += entryWidth;
  }
  return { svg: parts.join(''), height: (line + 1) * LINE };
}

function entriesOf(map: AreaMap, language: Language): Entry[] {
  const classes = map.classes.map(({ label }, index) => ({
    label: printableText(label),
    paint: classPaint(index, map.classes.length),
  }));
  const hasGaps = map.areas.some((area) => openValue(area.figure) === null);
  const gap = { label: wordingIn(language).noValue, paint: NO_VALUE_PAINT };
  return hasGaps ? [...classes, gap] : classes;
}

function entrySvg(label: string, paint: Paint, x: number, y: number): string {
  const box = `<rect x="${fixed(x + 0.5)}" y="${fixed(y)}" width="${BOX}" height="${BOX}" fill="${paint.fill}" ${strokeOf(paint)}/>`;
  return box + svgText(label, { x: x + BOX + 4, y: y + 9.5 }, { size: SIZE });
}
