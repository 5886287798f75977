import { COMMUNES, type Commune } from './units.ts';

/** A commune's place on the generated tile map: columns from the west, rows from the north. */
export type Tile = { readonly commune: Commune; readonly column: number; readonly row: number };

const ROWS = 10;

/**
 * One tile a commune: bands of latitude, ordered by longitude inside each band. A schematic map,
 * not a geographic one.
 */
export function tileMap(): readonly Tile[] {
  const northFirst = COMMUNES.toSorted((a, b) => b.latitude - a.latitude);
  return Array.from({ length: ROWS }, (_, row) => band(northFirst, row)).flat();
}

function band(northFirst: readonly Commune[], row: number): readonly Tile[] {
  const from = Math.round((row * northFirst.length) / ROWS);
  const to = Math.round(((row + 1) * northFirst.length) / ROWS);
  return northFirst
    .slice(from, to)
    .toSorted((a, b) => a.longitude - b.longitude)
    .map((commune, column) => ({ commune, column, row }));
}
