import { COMMUNES } from '../city/units.ts';
import { yearOf } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { at, fraction, hash, STREAM } from '../random.ts';

/** One figure of the yearbook, as it is meant. */
export type YearbookFigure = {
  readonly area: string;
  readonly year: number;
  readonly item: string;
  /** Decimal text as printed; null when not collected. */
  readonly value: string | null;
  readonly preliminary: boolean;
};

/** The table of the statistics office: areas × years × items, invented. */
export type Yearbook = {
  readonly areas: readonly string[];
  /** Newest first: a new year moves the ordinals of all others. */
  readonly years: readonly number[];
  readonly items: readonly string[];
  readonly preliminaryYear: number;
  figure(area: number, year: number, item: number): YearbookFigure;
};

const WHOLE = 'TOÀN  THÀNH PHỐ';
const ITEMS = ['Dân số trung bình (Nghìn người)', 'Số hộ (Hộ)'];
const DEPTH = 5;

/** Makes the yearbook of a horizon: the five years up to the last whole one. */
export function createYearbook({ seed, lastDay }: Horizon): Yearbook {
  const last = yearOf(lastDay) - 1;
  const years = Array.from({ length: DEPTH }, (_, n) => last - n);
  const areas = [
    WHOLE,
    ...COMMUNES.map(({ name }, n) => `${name}${twins.has(name) ? ` (${n})` : ''}`),
  ];
  const people = (area: number, year: number): number =>
    8_000 + (hash(seed, STREAM.yearbook, area) % 20_000) + (year - 2_000) * 90;
  const total = (year: number): number =>
    COMMUNES.reduce((sum, _, n) => sum + people(n + 1, year), 0);
  const count = (area: number, year: number, item: number): number => {
    const persons = area === 0 ? total(year) : people(area, year);
    return item === 0 ? persons : Math.round(persons / 3.6);
  };
  return {
    areas,
    years,
    items: ITEMS,
    preliminaryYear: last,
    figure: (area, year, item) => {
      const missing = area > 0 && fraction(seed, STREAM.yearbook, area * 10 + item, year) < 0.01;
      const number = count(area, year, item);
      const value = item === 0 ? (number / 1000).toFixed(3) : String(number);
      return {
        area: at(areas, area),
        year,
        item: at(ITEMS, item),
        value: missing ? null : value,
        preliminary: year === last,
      };
    },
  };
}

/** Names that several communes have: a yearbook tells them apart. */
const twins = new Set(
  COMMUNES.map(({ name }) => name).filter((name, n, all) => all.indexOf(name) !== n),
);
