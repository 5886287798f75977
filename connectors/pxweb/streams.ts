import { socioeconomicFigure } from '../socioeconomic-figure.ts';

/** One row for each cell: a table is read whole, so that cells it no longer has are deleted. */
export const pxwebFigure = socioeconomicFigure('absence');
