import { momentOf } from '../days.ts';
import { at, Dice, STREAM } from '../random.ts';

/** A ship that calls at the port. */
export type Vessel = {
  readonly mmsi: number;
  readonly imo: number;
  readonly name: string;
  readonly callSign: string;
  readonly shipType: number;
  readonly toBow: number;
  readonly toStern: number;
  /** Class B sends short reports and its name in two parts. */
  readonly classB: boolean;
};

/** One position that a receiving station heard. The moment is in local seconds. */
export type Position = {
  readonly vessel: Vessel;
  readonly heardAt: number;
  readonly longitude: number;
  readonly latitude: number;
  /** Knots. */
  readonly speed: number;
  /** Degrees; undefined where the ship does not know. */
  readonly course: number | undefined;
  readonly heading: number | undefined;
  /** 0 under way, 1 at anchor, 5 moored. */
  readonly status: 0 | 1 | 5;
  /** The ship's receiver has no fix. */
  readonly isLost: boolean;
};

const NAMES = [
  'HAI PHONG STAR',
  'LACH TRAY 09',
  'CAT BA PEARL',
  'BACH DANG 12',
  'DO SON 3',
] as const;

/** The ships of the simulated port; numbers of the flag 574 that nobody has. */
export const VESSELS: readonly Vessel[] = NAMES.map((name, n) => ({
  mmsi: 574_990_001 + n,
  imo: 9_900_001 + n,
  name,
  callSign: `3WXX${String(n)}`,
  shipType: 70 + n,
  toBow: 80 + n * 10,
  toStern: 20,
  classB: n >= 3,
}));

/** Minutes between two positions. */
const STEP = 10;

/** The positions of a day in the order in which they were heard: each ship comes in, lies at the berth, and leaves. */
export function positionsOf(seed: number, day: number): readonly Position[] {
  return VESSELS.flatMap((vessel, n) => voyageOf(seed, day, vessel, n)).sort(
    (a, b) => a.heardAt - b.heardAt || a.vessel.mmsi - b.vessel.mmsi,
  );
}

function voyageOf(seed: number, day: number, vessel: Vessel, n: number): readonly Position[] {
  const dice = new Dice(seed, STREAM.vessel, day, n);
  const start = dice.between(0, 4) * 60;
  const arrival = start + dice.between(6, 12) * STEP;
  const departure = arrival + dice.between(24, 60) * STEP;
  const end = departure + dice.between(6, 12) * STEP;
  const berth = at([106.78, 106.8, 106.83], dice.int(3));
  const count = Math.floor((end - start) / STEP);
  return Array.from({ length: count }, (_, step) => {
    const minute = start + step * STEP;
    const away = minute < arrival ? arrival - minute : Math.max(0, minute - departure);
    const isMoored = minute >= arrival && minute < departure;
    return {
      vessel,
      heardAt: momentOf(day, 0, 0, minute * 60 + dice.int(50)),
      longitude: Number((berth + away / 600).toFixed(5)),
      latitude: Number((20.85 - away / 900).toFixed(5)),
      speed: isMoored ? 0 : 8 + dice.int(60) / 10,
      course: isMoored ? undefined : minute < arrival ? 300 : 120,
      heading: dice.chance(0.3) ? undefined : minute < arrival ? 301 : 121,
      status: isMoored ? 5 : 0,
      isLost: dice.chance(0.01),
    };
  });
}
