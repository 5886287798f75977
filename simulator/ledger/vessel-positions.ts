import { utcMoment } from '../days.ts';
import { BAD_LINES_A_DAY } from '../vessels/station-log.ts';
import { positionsOf } from '../vessels/voyage.ts';
import { daysBetween, plainCounts, type LedgerRange, type LedgerStream } from './stream.ts';

/** `vessel_positions`: by day; unknown values are null. */
export function vesselPositionLedger(seed: number): LedgerStream {
  const all = ({ from, to }: LedgerRange) =>
    [...daysBetween(from, to)].flatMap((day) => positionsOf(seed, day));
  return {
    rows: (range) =>
      all(range).map(({ vessel, isLost, ...position }) => ({
        mmsi: String(vessel.mmsi),
        name: vessel.name,
        heard_at: utcMoment(position.heardAt),
        longitude: isLost ? null : position.longitude,
        latitude: isLost ? null : position.latitude,
        speed: isLost ? null : position.speed,
        course: position.course ?? null,
        heading: position.heading ?? null,
        status: vessel.classB ? null : position.status,
      })),
    counts: (range) => {
      const bad = BAD_LINES_A_DAY * (range.to - range.from + 1);
      return {
        ...plainCounts(all(range).length),
        bad_rows: bad,
        bad_by_kind: { 'line-malformed': bad },
      };
    },
  };
}
