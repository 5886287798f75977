import { provinceDays, type ProvinceDay } from '../covid/portal.ts';
import { isoDay } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { countOf, plainCounts, type LedgerRange, type LedgerStream } from './stream.ts';

/** Every number of the national portal whose day lies in the range. */
export function provinceDayLedger(horizon: Horizon): LedgerStream {
  function* rows({
    from,
    to,
  }: LedgerRange): Generator<Omit<ProvinceDay, 'day'> & { readonly day: string }> {
    for (const one of provinceDays(horizon))
      if (one.day >= from && one.day <= to) yield { ...one, day: isoDay(one.day) };
  }
  return { rows, counts: (range) => plainCounts(countOf(rows(range))) };
}
