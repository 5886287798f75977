import { yearOf } from '../days.ts';
import { shareOfYear } from '../holidays.ts';
import { EPOCH, type Horizon } from '../horizon.ts';
import { at, Dice, fraction, roundByChance, STREAM } from '../random.ts';
import type { Seller } from './sellers.ts';

/** What an invoice is: an ordinary one, or one that corrects another. */
export type InvoiceKind = 'new' | 'replacement' | 'adjustment';

/** Position of an invoice among all since the epoch, and what identifies it. */
export type BookEntry = {
  readonly position: number;
  readonly seller: number;
  readonly day: number;
  readonly number: number;
  readonly kind: InvoiceKind;
  /** Position of the invoice this one corrects. */
  readonly original: number | undefined;
  /** Position of the invoice that corrects this one, if issued by the horizon's last day. */
  readonly correctedBy: number | undefined;
  /** Day on which it was cancelled, known to the portal only. */
  readonly cancelledOn: number | undefined;
};

/** All invoices from the epoch to the horizon's last day. */
export type InvoiceBook = {
  entry(position: number): BookEntry;
  /** Positions of the invoices issued from one day to another, inclusive, in order of the day. */
  issued(fromDay: number, toDay: number): Uint32Array;
};

/** Invoices a year at scale 1, corrections included. */
const INVOICES_A_YEAR = 40_000;
const ADJUSTED = 0.015;
const REPLACED = 0.008;
const CANCELLED = 0.005;
const KINDS = ['new', 'replacement', 'adjustment'] as const;
const NONE = -1;

const share = shareOfYear({ week: [0.35, 1.05, 1, 1, 1, 1.05, 0.7], closed: 0.3, tet: 0.12 });

type Fate = { readonly kind: number; readonly day: number };

/** What becomes of an ordinary invoice: corrected (1, 2) or cancelled (3) on a later day. */
function fateOf(seed: number, seller: number, day: number, count: number): Fate | undefined {
  const dice = new Dice(seed, STREAM.invoiceFate, seller, day * 1024 + count);
  const draw = dice.next();
  const lag = dice.chance(0.7) ? dice.between(1, 20) : dice.between(30, 70);
  if (draw < ADJUSTED) return { kind: 2, day: day + lag };
  if (draw < ADJUSTED + REPLACED) return { kind: 1, day: day + lag };
  return draw < ADJUSTED + REPLACED + CANCELLED ? { kind: 3, day: day + lag } : undefined;
}

class Columns {
  readonly seller: number[] = [];
  readonly day: number[] = [];
  readonly number: number[] = [];
  readonly kind: number[] = [];
  readonly original: number[] = [];
  readonly correctedBy: number[] = [];
  readonly cancelledOn: number[] = [];

  add(seller: number, day: number, number: number, kind: number, original: number): number {
    this.seller.push(seller);
    this.day.push(day);
    this.number.push(number);
    this.kind.push(kind);
    this.original.push(original);
    this.correctedBy.push(NONE);
    this.cancelledOn.push(NONE);
    return this.seller.length - 1;
  }
}

type Due = { readonly kind: number; readonly original: number };

/** Writes one seller's invoices: each day the ordinary ones, then the corrections due that day. */
function writeSeller(
  horizon: Horizon,
  seller: number,
  expected: (day: number) => number,
  columns: Columns,
): void {
  const due = new Map<number, Due[]>();
  let number = 0;
  for (let day = EPOCH; day <= horizon.lastDay; day += 1) {
    if (yearOf(day) !== yearOf(day - 1)) number = 0;
    const chance = fraction(horizon.seed, STREAM.sellerDay, seller, day);
    const count = roundByChance(expected(day), chance);
    for (let i = 0; i < count; i += 1) {
      number += 1;
      const position = columns.add(seller, day, number, 0, NONE);
      plan(fateOf(horizon.seed, seller, day, i), position, horizon, columns, due);
    }
    for (const { kind, original } of due.get(day) ?? []) {
      number += 1;
      columns.correctedBy[original] = columns.add(seller, day, number, kind, original);
    }
    due.delete(day);
  }
}

function plan(
  fate: Fate | undefined,
  position: number,
  horizon: Horizon,
  columns: Columns,
  due: Map<number, Due[]>,
): void {
  if (fate === undefined || fate.day > horizon.lastDay) return;
  if (fate.kind === 3) {
    columns.cancelledOn[position] = fate.day;
    return;
  }
  const list = due.get(fate.day) ?? [];
  list.push({ kind: fate.kind, original: position });
  due.set(fate.day, list);
}

/** Positions in order of the day, and where each day begins. */
function byDay(columns: Columns, lastDay: number): readonly [Uint32Array, Uint32Array] {
  const starts = new Uint32Array(lastDay - EPOCH + 2);
  for (const day of columns.day) starts[day - EPOCH + 1] = at(starts, day - EPOCH + 1) + 1;
  for (let i = 1; i < starts.length; i += 1) starts[i] = at(starts, i) + at(starts, i - 1);
  const next = starts.slice();
  const order = new Uint32Array(columns.day.length);
  columns.day.forEach((day, position) => {
    const slot = at(next, day - EPOCH);
    order[slot] = position;
    next[day - EPOCH] = slot + 1;
  });
  return [order, starts];
}

function known(value: number): number | undefined {
  return value === NONE ? undefined : value;
}

/** Writes the book: a pure function of seed and scale, cut off at the horizon's last day. */
export function createInvoiceBook(horizon: Horizon, sellers: readonly Seller[]): InvoiceBook {
  const columns = new Columns();
  const weights = sellers.reduce((sum, seller) => sum + seller.weight, 0);
  const corrections = 1 + ADJUSTED + REPLACED;
  const yearly = (INVOICES_A_YEAR * horizon.scale) / corrections;
  for (const seller of sellers) {
    const own = (yearly * seller.weight) / weights;
    writeSeller(horizon, seller.position, (day) => own * share(day), columns);
  }
  const [order, starts] = byDay(columns, horizon.lastDay);
  return {
    entry: (position) => ({
      position,
      seller: at(columns.seller, position),
      day: at(columns.day, position),
      number: at(columns.number, position),
      kind: at(KINDS, at(columns.kind, position)),
      original: known(at(columns.original, position)),
      correctedBy: known(at(columns.correctedBy, position)),
      cancelledOn: known(at(columns.cancelledOn, position)),
    }),
    issued: (from, to) => {
      const first = Math.max(0, Math.min(from - EPOCH, starts.length - 1));
      const last = Math.max(first, Math.min(to - EPOCH + 1, starts.length - 1));
      return order.subarray(at(starts, first), at(starts, last));
    },
  };
}
