import { socioeconomicFigure } from '../socioeconomic-figure.ts';

/** One row for each number of a form. Forms tell nothing about other months, so that no row leaves. */
export const formFigure = socioeconomicFigure('none');
