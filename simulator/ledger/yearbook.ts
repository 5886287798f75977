import { firstDayOfYear } from '../days.ts';
import type { Yearbook, YearbookFigure } from '../statistics/yearbook.ts';
import { countOf, plainCounts, type LedgerRange, type LedgerStream } from './stream.ts';

/** Figures of the yearbook whose year begins in the range. */
export function yearbookLedger(yearbook: () => Yearbook): LedgerStream {
  function* rows({ from, to }: LedgerRange): Generator<YearbookFigure> {
    const book = yearbook();
    const { areas, years, items } = book;
    for (const year of years) {
      const day = firstDayOfYear(year);
      if (day < from || day > to) continue;
      for (const area of areas.keys()) {
        for (const item of items.keys()) yield book.figure(area, year, item);
      }
    }
  }
  return { rows, counts: (range) => plainCounts(countOf(rows(range))) };
}
