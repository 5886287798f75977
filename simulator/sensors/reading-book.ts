import type { Horizon } from '../horizon.ts';
import { daysBetween } from '../ledger/stream.ts';
import { readingsOf, type Reading } from './reading.ts';

/** Days that the brokers keep. */
const KEPT_DAYS = 7;

/** The readings that a broker holds, in the order in which it learnt of them. */
export function readingBook({ seed, firstDay, lastDay, lastMoment }: Horizon): readonly Reading[] {
  const from = Math.max(firstDay, lastDay - KEPT_DAYS + 1);
  return [...daysBetween(from, lastDay)]
    .flatMap((day) => readingsOf(seed, day))
    .filter(({ changedAt }) => changedAt <= lastMoment)
    .sort((a, b) => a.changedAt - b.changedAt || (a.point < b.point ? -1 : 1));
}
