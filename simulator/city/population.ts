import { firstDayOfYear, yearOf } from '../days.ts';
import { EPOCH, REFORM } from '../horizon.ts';
import { FIRST_YEAR, LAST_YEAR } from '../holidays.ts';
import { at, hash, STREAM } from '../random.ts';
import { apportion, COMMUNES, FORMER_COMMUNES } from './units.ts';

/** The invented population is the same for every seed. */
const POPULATION_SEED = 31;
const GROWTH_A_YEAR = 1.009;
/** Bạch Long Vĩ had no communes, hence no predecessor to sum. */
const ISLAND_WITHOUT_PREDECESSOR = 690;

function baseOf(code: string, name: string): number {
  const draw = hash(POPULATION_SEED, STREAM.population, Number(code));
  if (name.startsWith('Phường')) return 7_000 + (draw % 12_000);
  if (name.startsWith('Thị trấn')) return 6_500 + (draw % 8_000);
  return 4_800 + (draw % 6_500);
}

function grown(base: number, year: number): number {
  return Math.round(base * GROWTH_A_YEAR ** (year - FIRST_YEAR));
}

function formerPopulations(year: number): readonly number[] {
  return FORMER_COMMUNES.map((commune) => grown(baseOf(commune.code, commune.name), year));
}

/** Figures of the former map carried to today's communes by the invented shares; sums are kept. */
export function carryOver(former: ArrayLike<number>): number[] {
  const carried = COMMUNES.map(() => 0);
  FORMER_COMMUNES.forEach((commune, i) => {
    const weights = commune.successors.map((part) => part.permille);
    const parts = apportion(at(former, i), weights);
    commune.successors.forEach(({ target }, j) => {
      carried[target] = at(carried, target) + at(parts, j);
    });
  });
  return carried;
}

const atReform = carryOver(formerPopulations(yearOf(REFORM))).map((sum) =>
  sum === 0 ? ISLAND_WITHOUT_PREDECESSOR : sum,
);

/** Populations from a day on: of the former communes before the reform, else of today's. */
export type PopulationVintage = {
  readonly validFrom: number;
  readonly populations: readonly number[];
};

function vintages(): readonly PopulationVintage[] {
  const list: PopulationVintage[] = [];
  for (let year = FIRST_YEAR; year <= yearOf(REFORM); year += 1) {
    list.push({ validFrom: firstDayOfYear(year), populations: formerPopulations(year) });
  }
  list.push({ validFrom: REFORM, populations: atReform });
  for (let year = yearOf(REFORM) + 1; year <= LAST_YEAR; year += 1) {
    const growth = GROWTH_A_YEAR ** (year - yearOf(REFORM));
    const populations = atReform.map((people) => Math.round(people * growth));
    list.push({ validFrom: firstDayOfYear(year), populations });
  }
  return list;
}

/** Every vintage in order of its first day; one a calendar year and one at the reform. */
export const POPULATION_VINTAGES = vintages();

/** Invented populations in force on a day, in the order of the map of that day. */
export function populationsOn(day: number): readonly number[] {
  const inForce = POPULATION_VINTAGES.filter(
    (vintage) => vintage.validFrom <= Math.max(day, EPOCH),
  );
  return at(inForce, inForce.length - 1).populations;
}
