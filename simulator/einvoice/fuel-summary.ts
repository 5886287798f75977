import { firstDayOfMonth, isoDay, nextMonth } from '../days.ts';
import { at, Dice, STREAM } from '../random.ts';
import { FUELS } from './products.ts';
import type { Seller } from './sellers.ts';

/** TCTBao: 0 new, 2 adjustment of the month before. */
export type SummaryChange = 0 | 2;

/** A line of a monthly fuel summary; amounts in đồng, quantity in litres. */
export type SummaryLine = {
  readonly fuel: (typeof FUELS)[number];
  readonly quantity: number;
  readonly amount: number;
  readonly rate: '8%' | '10%';
  readonly tax: number;
  readonly change: SummaryChange;
};

/** A seller's summary of a month. */
export type FuelSummary = {
  readonly seller: Seller;
  /** First day of the month. */
  readonly month: number;
  /** Day on which it was written. */
  readonly writtenOn: number;
  readonly lines: readonly SummaryLine[];
};

function line(
  fuel: SummaryLine['fuel'],
  quantity: number,
  price: number,
  change: SummaryChange,
): SummaryLine {
  const amount = quantity * price;
  return { fuel, quantity, amount, rate: '8%', tax: Math.round(amount * 0.08), change };
}

/** A seller's summary of the month a day lies in. */
export function fuelSummary(seed: number, seller: Seller, day: number): FuelSummary {
  const month = firstDayOfMonth(day);
  const dice = new Dice(seed, STREAM.fuel, seller.position, month);
  const lines = FUELS.map((fuel) => {
    const price = fuel.price + dice.between(-12, 12) * 50;
    return line(fuel, dice.between(4_000, 26_000), price, 0);
  });
  if (dice.chance(0.25)) {
    const fuel = at(FUELS, dice.int(FUELS.length));
    lines.push(line(fuel, -dice.between(20, 300), fuel.price, 2));
  }
  return { seller, month, writtenOn: nextMonth(month) + 1, lines };
}

/** `MM/YYYY` of a day. */
export function monthText(day: number): string {
  const iso = isoDay(day);
  return `${iso.slice(5, 7)}/${iso.slice(0, 4)}`;
}
