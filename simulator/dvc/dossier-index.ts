import { shareOfYear } from '../holidays.ts';
import type { Horizon } from '../horizon.ts';
import { at, fraction, hash, roundByChance, STREAM } from '../random.ts';
import { dossierAt, lastUpdate, type Dossier } from './dossier.ts';
import { dossierLife } from './dossier-life.ts';

/** Dossiers submitted a year at scale 1. */
const DOSSIERS_A_YEAR = 60_000;
const LISTED_TWICE_EVERY = 1_000;

const share = shareOfYear({ week: [0.1, 1.1, 1.05, 1, 1, 0.95, 0.3], closed: 0.08, tet: 0.04 });

/** How many dossiers are submitted on a day. */
export function dossierCount(horizon: Horizon, day: number): number {
  const expected = DOSSIERS_A_YEAR * horizon.scale * share(day);
  return roundByChance(expected, fraction(horizon.seed, STREAM.dossierCount, day));
}

/** All visible dossiers in the order of the interface: update moment, then code. */
export type DossierIndex = {
  readonly length: number;
  /** Positions [from, to) of the dossiers updated within two moments, inclusive. */
  window(fromMoment: number, toMoment: number): readonly [number, number];
  /** The dossier at a position, as it stands at the horizon's end. */
  dossier(position: number): Dossier;
  /** Whether the source lists this one twice running. */
  listedTwice(position: number): boolean;
};

type Entries = {
  readonly updated: Float64Array;
  readonly day: Int32Array;
  readonly sequence: Int32Array;
};

function collect(horizon: Horizon): Entries {
  const updated: number[] = [];
  const days: number[] = [];
  const sequences: number[] = [];
  for (let day = horizon.firstDay; day <= horizon.lastDay; day += 1) {
    for (let sequence = dossierCount(horizon, day) - 1; sequence >= 0; sequence -= 1) {
      const moment = lastUpdate(dossierLife(horizon.seed, day, sequence), horizon.lastMoment);
      if (moment === undefined) continue;
      updated.push(moment);
      days.push(day);
      sequences.push(sequence);
    }
  }
  return {
    updated: Float64Array.from(updated),
    day: Int32Array.from(days),
    sequence: Int32Array.from(sequences),
  };
}

function sorted(horizon: Horizon, entries: Entries): Entries {
  const code = (i: number): string =>
    dossierLife(horizon.seed, at(entries.day, i), at(entries.sequence, i)).code;
  const order = Uint32Array.from(entries.updated.keys()).sort(
    (a, b) => at(entries.updated, a) - at(entries.updated, b) || (code(a) < code(b) ? -1 : 1),
  );
  return {
    updated: Float64Array.from(order, (i) => at(entries.updated, i)),
    day: Int32Array.from(order, (i) => at(entries.day, i)),
    sequence: Int32Array.from(order, (i) => at(entries.sequence, i)),
  };
}

/** First position whose update moment is not before `moment`. */
function lowerBound(updated: Float64Array, moment: number): number {
  let low = 0;
  let high = updated.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(updated, middle) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Builds the index: three numbers a dossier are kept, the rest is computed again when asked for. */
export function createDossierIndex(horizon: Horizon): DossierIndex {
  const { updated, day, sequence } = sorted(horizon, collect(horizon));
  const lifeAt = (i: number): ReturnType<typeof dossierLife> =>
    dossierLife(horizon.seed, at(day, i), at(sequence, i));
  return {
    length: updated.length,
    window: (from, to) => [lowerBound(updated, from), lowerBound(updated, to + 1)],
    dossier(position) {
      const dossier = dossierAt(lifeAt(position), horizon.lastMoment);
      if (dossier === undefined) throw new RangeError(`dossier ${String(position)} is not visible`);
      return dossier;
    },
    listedTwice: (position) =>
      hash(horizon.seed, STREAM.dossierRepeat, at(day, position), at(sequence, position)) %
        LISTED_TWICE_EVERY ===
        0 && lifeAt(position).defect === null,
  };
}
