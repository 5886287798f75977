import type { Figure } from './contender.ts';

/** A ratio or amount to reach. */
export interface Goal {
  readonly what: string;
  readonly most?: number;
  readonly least?: number;
  /** Undefined where a contender it is measured against did not run. */
  readonly value: number | undefined;
  readonly digits: number;
}

/** How a goal was met; `null` where it could not be judged. */
export function isMet({ value, most = Infinity, least = -Infinity }: Goal): boolean | null {
  return value === undefined ? null : value >= least && value <= most;
}

/** Seconds of one figure over those of another; undefined where one is missing. */
export function timeRatio(a: Figure | undefined, b: Figure | undefined): number | undefined {
  return a && b ? a.seconds / b.seconds : undefined;
}

/** The figure of a contender in a phase. */
export function figureOf(
  figures: readonly Figure[],
  phase: string,
  contender: string,
): Figure | undefined {
  return figures.find((figure) => figure.phase === phase && figure.contender === contender);
}
