import { hash, STREAM } from '../random.ts';
import type { Counts } from './epidemic.ts';

/** About one day file in ninety is republished. */
const REPUBLISHED_EVERY = 90;
const UNDER_REPORTING_EVERY = 25;

/** Which of a day file's contents is out: 2 from its correction day on, else 1. */
export type Edition = { readonly version: 1 | 2; readonly publishedOn: number };

/** The day a file's second content appears, or undefined for the many that never change. */
export function correctionDay(seed: number, day: number): number | undefined {
  const draw = hash(seed, STREAM.covidRepublish, day);
  return draw % REPUBLISHED_EVERY === 0 ? day + 3 + ((draw >>> 8) % 18) : undefined;
}

/** The edition of a day file that can be had at the end of `lastDay`. */
export function editionOf(seed: number, day: number, lastDay: number): Edition {
  const corrected = correctionDay(seed, day);
  if (corrected === undefined) return { version: 1, publishedOn: day };
  return corrected <= lastDay
    ? { version: 2, publishedOn: corrected }
    : { version: 1, publishedOn: day };
}

/** Confirmed cases missing from the first content of a republished file, by commune. */
function missing(seed: number, day: number, commune: number, confirmed: number): number {
  const draw = hash(seed, STREAM.covidUnderReport, day, commune);
  if (draw % UNDER_REPORTING_EVERY !== 0 || confirmed < 20) return 0;
  return 1 + ((draw >>> 8) % 9);
}

/** The figures an edition gives: in a first edition that is later corrected, some are short. */
export function reported(seed: number, day: number, edition: Edition, truth: Counts): Counts {
  if (edition.version === 2 || correctionDay(seed, day) === undefined) return truth;
  const confirmed = truth.confirmed.map((count, i) => count - missing(seed, day, i, count));
  const living = (i: number): number => (confirmed[i] ?? 0) - (truth.deaths[i] ?? 0);
  const recovered = truth.recovered.map((count, i) => Math.max(0, Math.min(count, living(i))));
  return { confirmed, deaths: truth.deaths, recovered };
}
