import { carryOver, populationsOn } from '../city/population.ts';
import { COMMUNES, FORMER_COMMUNES, type Commune } from '../city/units.ts';
import { dayOf, weekday } from '../days.ts';
import { daysFromTet } from '../holidays.ts';
import { EPOCH, REFORM } from '../horizon.ts';
import { at, fraction, hash, roundByChance, STREAM } from '../random.ts';

/** Cumulative figures of all communes of a day's map, in its order. */
export type Counts = {
  readonly confirmed: Int32Array;
  readonly deaths: Int32Array;
  readonly recovered: Int32Array;
};

type Wave = { readonly peak: number; readonly width: number; readonly height: number };

/** Invented waves: day of the peak, width in days, new cases a day per 100,000 at the peak. */
const WAVES: readonly Wave[] = [
  { peak: dayOf('2022-03-10'), width: 18, height: 90 },
  { peak: dayOf('2022-08-20'), width: 30, height: 6 },
  { peak: dayOf('2023-04-25'), width: 22, height: 5 },
  { peak: dayOf('2023-12-28'), width: 25, height: 3 },
  { peak: dayOf('2024-06-10'), width: 30, height: 4 },
  { peak: dayOf('2024-12-15'), width: 28, height: 3.5 },
  { peak: dayOf('2025-06-05'), width: 24, height: 5 },
  { peak: dayOf('2025-12-20'), width: 30, height: 3 },
  { peak: dayOf('2026-06-15'), width: 26, height: 4 },
  { peak: dayOf('2026-11-10'), width: 25, height: 3.5 },
  { peak: dayOf('2027-06-10'), width: 28, height: 3 },
  { peak: dayOf('2028-05-20'), width: 28, height: 4 },
  { peak: dayOf('2029-12-01'), width: 28, height: 3 },
];
const BACKGROUND = 0.4;
/** Reports by weekday, Sunday first: weekends are caught up on Monday and Tuesday. */
const WEEK = [0.6, 1.35, 1.15, 1.05, 1.05, 1, 0.8];
const DEATHS_A_CASE = 0.0015;
const RECOVERY_A_DAY = 0.09;
const CORRECTION_EVERY = 1_200;

/** Reported new cases a day per 100,000 before any local difference. */
function intensity(day: number): number {
  const waves = WAVES.reduce(
    (sum, { peak, width, height }) => sum + height * Math.exp(-(((day - peak) / width) ** 2)),
    BACKGROUND,
  );
  return waves * at(WEEK, weekday(day)) * tetFactor(day);
}

function tetFactor(day: number): number {
  const distance = daysFromTet(day);
  if (distance >= -2 && distance <= 5) return 0.25;
  return distance > 5 && distance <= 14 ? 1.4 : 1;
}

/** The communes that report on a day. */
export function communesOn(day: number): readonly Commune[] {
  return day < REFORM ? FORMER_COMMUNES : COMMUNES;
}

function emptyCounts(length: number): Counts {
  return {
    confirmed: new Int32Array(length),
    deaths: new Int32Array(length),
    recovered: new Int32Array(length),
  };
}

/** On the reform's first day the figures of the former map, summed by the fixed shares. */
function startOf(day: number, before: Counts): Counts {
  if (day !== REFORM) return before;
  return {
    confirmed: Int32Array.from(carryOver(before.confirmed)),
    deaths: Int32Array.from(carryOver(before.deaths)),
    recovered: Int32Array.from(carryOver(before.recovered)),
  };
}

function newCases(seed: number, code: number, day: number, expected: number): number {
  const local = 0.5 + fraction(seed, STREAM.covidNoise, code, Math.floor(day / 28)) * 1.3;
  const noise = 0.7 + fraction(seed, STREAM.covidNoise, code, day) * 0.6;
  return roundByChance(expected * local * noise, fraction(seed, STREAM.covidCases, code, day));
}

function correction(seed: number, code: number, day: number, confirmed: number): number {
  const draw = hash(seed, STREAM.covidCorrection, code, day);
  return draw % CORRECTION_EVERY === 0 ? Math.min(confirmed, 1 + (draw % 14)) : 0;
}

function nextDay(seed: number, day: number, before: Counts): Counts {
  const communes = communesOn(day);
  const start = startOf(day, before);
  const counts = emptyCounts(communes.length);
  const people = populationsOn(day);
  const rate = intensity(day) / 100_000;
  communes.forEach((commune, i) => {
    advance(seed, day, Number(commune.code), at(people, i) * rate, i, start, counts);
  });
  return counts;
}

function advance(
  seed: number,
  day: number,
  code: number,
  expected: number,
  i: number,
  start: Counts,
  counts: Counts,
): void {
  const cases = newCases(seed, code, day, expected);
  const removed = correction(seed, code, day, at(start.confirmed, i));
  const confirmed = at(start.confirmed, i) + cases - removed;
  const died = fraction(seed, STREAM.covidDeath, code, day) < cases * DEATHS_A_CASE ? 1 : 0;
  const deaths = Math.min(confirmed, at(start.deaths, i) + died);
  const before = at(start.recovered, i);
  const active = Math.max(0, confirmed - deaths - before);
  const chance = fraction(seed, STREAM.covidRecovery, code, day);
  const recovered = before + roundByChance(active * RECOVERY_A_DAY, chance);
  counts.confirmed[i] = confirmed;
  counts.deaths[i] = deaths;
  counts.recovered[i] = Math.min(recovered, confirmed - deaths);
}

/** True cumulative figures by day; computed day by day from the epoch and kept (a few megabytes). */
export type Epidemic = { on(day: number): Counts };

/** The epidemic of a seed. */
export function createEpidemic(seed: number): Epidemic {
  const days: Counts[] = [];
  let last = emptyCounts(communesOn(EPOCH).length);
  return {
    on(day) {
      while (days.length <= day - EPOCH) {
        last = nextDay(seed, EPOCH + days.length, last);
        days.push(last);
      }
      return at(days, day - EPOCH);
    },
  };
}
