import { dashedMoment } from '../days.ts';
import type { CallLeg } from '../hotline/call.ts';
import { legsOf } from '../hotline/call.ts';
import type { Horizon } from '../horizon.ts';
import {
  countOf,
  daysBetween,
  plainCounts,
  type LedgerRange,
  type LedgerStream,
} from './stream.ts';

/** `call_legs`: by the day of the file; rows that are broken on purpose are counted, not given. */
export function callLegLedger({ seed, scale }: Pick<Horizon, 'seed' | 'scale'>): LedgerStream {
  const all = ({ from, to }: LedgerRange) =>
    [...daysBetween(from, to)].flatMap((day) => legsOf(seed, scale, day));
  return {
    rows: (range) =>
      all(range)
        .filter(({ isBroken }) => !isBroken)
        .map(rowOf),
    counts: (range) => {
      const legs = all(range);
      const broken = countOf(legs.filter(({ isBroken }) => isBroken));
      return {
        ...plainCounts(legs.length - broken),
        bad_rows: broken,
        bad_by_kind: { 'integer-invalid': broken },
      };
    },
  };
}

function rowOf(leg: CallLeg): object {
  return {
    call_id: leg.callId,
    caller: leg.caller,
    called: leg.called,
    application: leg.application,
    started_at: dashedMoment(leg.startedAt),
    answered_at: leg.answeredAt === undefined ? null : dashedMoment(leg.answeredAt),
    duration: leg.endedAt - leg.startedAt,
    outcome: leg.outcome,
  };
}
