import type { Roster } from '../school/roster.ts';
import { plainCounts, type LedgerStream } from './stream.ts';

/** Every pupil's enrolment that stands on the last visible day. */
export function enrolmentLedger(roster: () => Roster): LedgerStream {
  const standing = () =>
    (roster()['enrollments'] ?? []).filter(({ status }) => status === 'active');
  return {
    rows: () => standing().map(({ sourcedId }) => ({ enrolment: sourcedId })),
    counts: () => plainCounts(standing().length),
  };
}
