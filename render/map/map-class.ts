import { compareDecimals } from '../compare-decimals.ts';
import type { AreaMap, Figure } from '../document.ts';
import { openValue } from '../figure-text.ts';

/** From light to dark; told apart in black-and-white print too. */
const RAMP = ['#eff3ff', '#c6dbef', '#9ecae1', '#6baed6', '#4292c6', '#2171b5', '#084594'];
const NO_VALUE = '#ececec';
/** From this step of the ramp on, black text is hard to read. */
const DARK_FROM = 4;

/** How an area or a legend box is painted. */
export interface Paint {
  readonly fill: string;
  readonly text: string;
  /** Areas without an open value are drawn dashed, so that grey print shows them too. */
  readonly dashed: boolean;
}

/** The paint of a class: the ramp is stretched over the classes there are. */
export function classPaint(index: number, classes: number): Paint {
  const step = classes === 1 ? 3 : Math.round((index * (RAMP.length - 1)) / (classes - 1));
  return {
    fill: RAMP[step] ?? NO_VALUE,
    text: step >= DARK_FROM ? '#ffffff' : '#1a1a1a',
    dashed: false,
  };
}

/** The paint of an area whose figure is hidden or was not collected. */
export const NO_VALUE_PAINT: Paint = { fill: NO_VALUE, text: '#555555', dashed: true };

/** The paint of an area by its figure. */
export function figurePaint(map: AreaMap, figure: Figure): Paint {
  const value = openValue(figure);
  if (value === null) return NO_VALUE_PAINT;
  const index = map.classes.findIndex(
    ({ upTo }) => upTo === null || compareDecimals(value, upTo) <= 0,
  );
  return classPaint(index, map.classes.length);
}

/** Stroke attributes of an area or legend box. */
export function strokeOf(paint: Paint): string {
  return paint.dashed
    ? 'stroke="#8a9099" stroke-width="0.5" stroke-dasharray="2 1.5"'
    : 'stroke="#5a6470" stroke-width="0.5"';
}
