import type { Section } from '../document.ts';
import type { Margins } from './pdf-node.ts';

const POINTS_PER_MM = 72 / 25.4;
const A4_SHORT = 210;
const A4_LONG = 297;

/** NĐ 30/2020 Annex I: top and bottom 20–25 mm, left 30–35 mm, right 15–20 mm. */
const LEFT = 30;
const TOP = 22;
const RIGHT = 15;
/** The most that is allowed: the edition line and the banners stand inside it. */
const BOTTOM = 25;

/** One millimetre and more, in points. */
export function millimetres(length: number): number {
  return length * POINTS_PER_MM;
}

export const PAGE_MARGINS: Margins = [
  millimetres(LEFT),
  millimetres(TOP),
  millimetres(RIGHT),
  millimetres(BOTTOM),
];

/** Width between the margins, in points. */
export function contentWidth(orientation: Section['orientation']): number {
  return millimetres((orientation === 'portrait' ? A4_SHORT : A4_LONG) - LEFT - RIGHT);
}

/** Height between the margins, in points. */
export function contentHeight(orientation: Section['orientation']): number {
  return millimetres((orientation === 'portrait' ? A4_LONG : A4_SHORT) - TOP - BOTTOM);
}
