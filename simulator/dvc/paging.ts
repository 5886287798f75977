import { at, hash, STREAM } from '../random.ts';
import type { DossierIndex } from './dossier-index.ts';

const REPEAT_AT_BORDER_EVERY = 4;

/** Largest page; larger wishes are capped without a word. */
export const PAGE_LIMIT = 500;

/** The rows of a window as the source lists them, before they are cut into pages. */
export function listedPositions(index: DossierIndex, from: number, to: number): Uint32Array {
  const positions: number[] = [];
  for (let position = from; position < to; position += 1) {
    positions.push(position);
    if (index.listedTwice(position)) positions.push(position);
  }
  return Uint32Array.from(positions);
}

/** Where each page begins in the listed rows, and whether it first repeats the row before. */
export type PageStart = { readonly start: number; readonly repeats: boolean };

/**
 * Cuts listed rows into pages. At some borders the last row of a page comes again as the first of
 * the next, as happens when a source pages by offset over a list that moves.
 */
export function pageStarts(
  seed: number,
  listed: ArrayLike<number>,
  size: number,
): readonly PageStart[] {
  const pages: PageStart[] = [{ start: 0, repeats: false }];
  for (let next = size; next < listed.length;) {
    const border = at(listed, next - 1);
    const repeats = hash(seed, STREAM.dossierRepeat, border, size) % REPEAT_AT_BORDER_EVERY === 0;
    pages.push({ start: next, repeats });
    next += repeats ? size - 1 : size;
  }
  return pages;
}

/** Rows a source serves over all pages. */
export function servedTotal(listed: ArrayLike<number>, pages: readonly PageStart[]): number {
  return listed.length + pages.filter((page) => page.repeats).length;
}

/** The positions on a page (from 1); none past the end. */
export function pagePositions(
  listed: Uint32Array,
  pages: readonly PageStart[],
  page: number,
  size: number,
): Uint32Array {
  const begin = pages[page - 1];
  if (begin === undefined) return new Uint32Array();
  const from = begin.repeats ? begin.start - 1 : begin.start;
  return listed.subarray(from, from + size);
}

/** The rows of one window cut into pages. */
export type Listing = { readonly listed: Uint32Array; readonly pages: readonly PageStart[] };

/** Lists windows; the last one asked for is kept, since clients page through one at a time. */
export function createPager(
  seed: number,
  index: DossierIndex,
): (moments: readonly [number, number], size: number) => Listing {
  let last: { readonly key: string; readonly listing: Listing } | undefined;
  return (moments, size) => {
    const key = [...moments, size].join(' ');
    if (last?.key !== key) {
      const listed = listedPositions(index, ...index.window(...moments));
      last = { key, listing: { listed, pages: pageStarts(seed, listed, size) } };
    }
    return last.listing;
  };
}
