import { communesOn } from '../covid/epidemic.ts';
import { momentOf } from '../days.ts';
import { at, Dice, fraction, roundByChance, STREAM } from '../random.ts';

/** A car's stay in a public car park. Moments are local seconds. */
export type Stay = {
  readonly id: string;
  readonly lot: string;
  readonly commune: string;
  readonly plate: string;
  readonly cameAt: number;
  readonly leftAt: number;
  /** Dong. */
  readonly fee: number;
};

/** Stays of a day at scale 1, on average. */
const STAYS_A_DAY = 100;
const LOTS = 6;

/** The stays that ended on a day. */
export function staysOf(seed: number, scale: number, day: number): readonly Stay[] {
  const count = roundByChance(STAYS_A_DAY * scale, fraction(seed, STREAM.parking, day));
  const communes = communesOn(day);
  return Array.from({ length: count }, (_, n): Stay => {
    const dice = new Dice(seed, STREAM.parking, day, n + 1);
    const lot = dice.int(LOTS);
    const cameAt = momentOf(day, dice.between(6, 18), dice.int(60));
    const hours = dice.between(1, 5);
    return {
      id: `L${String(day)}${String(n + 1).padStart(4, '0')}`,
      lot: `BX${String(lot + 1).padStart(2, '0')}`,
      commune: at(communes, lot * 7).name,
      plate: `15X${String(dice.int(100_000)).padStart(5, '0')}`,
      cameAt,
      leftAt: cameAt + hours * 3600 - 60 * dice.int(40),
      fee: hours * 10_000,
    };
  }).sort((a, b) => a.leftAt - b.leftAt || (a.id < b.id ? -1 : 1));
}
