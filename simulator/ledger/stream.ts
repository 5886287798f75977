/** Days of a question to the ledger, both inclusive. */
export type LedgerRange = { readonly from: number; readonly to: number };

/** What a stream's rows amount to. */
export type LedgerCounts = {
  readonly rows: number;
  readonly duplicates: number;
  readonly bad_rows: number;
  readonly bad_by_kind: Readonly<Record<string, number>>;
  readonly late_corrections: number;
};

/** A stream of the oracle: every row meant to be given, and the counts of what is meant beside. */
export type LedgerStream = {
  rows(range: LedgerRange): Iterable<object>;
  counts(range: LedgerRange): LedgerCounts;
};

/** Counts of a stream that means nothing but its rows. */
export function plainCounts(rows: number, lateCorrections = 0): LedgerCounts {
  return {
    rows,
    duplicates: 0,
    bad_rows: 0,
    bad_by_kind: {},
    late_corrections: lateCorrections,
  };
}

/** How many items an iterable gives. */
export function countOf(items: Iterable<unknown>): number {
  let count = 0;
  const iterator = items[Symbol.iterator]();
  while (iterator.next().done !== true) count += 1;
  return count;
}

/** The days from one to another, inclusive. */
export function* daysBetween(from: number, to: number): Generator<number> {
  for (let day = from; day <= to; day += 1) yield day;
}
