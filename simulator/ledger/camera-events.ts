import { cameraEventsOf } from '../cameras/event.ts';
import { dashedMoment } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { daysBetween, plainCounts, type LedgerRange, type LedgerStream } from './stream.ts';

/** `camera_events`: by the day on which they happened. */
export function cameraEventLedger({ seed, scale }: Pick<Horizon, 'seed' | 'scale'>): LedgerStream {
  const rows = ({ from, to }: LedgerRange) =>
    [...daysBetween(from, to)]
      .flatMap((day) => cameraEventsOf(seed, scale, day))
      .map((event) => ({
        event_id: event.id,
        camera: event.camera.id,
        kind: event.kind,
        happened_at: dashedMoment(event.at),
        plate: event.plate ?? null,
        lane: event.plate === undefined ? null : event.lane,
      }));
  return { rows, counts: (range) => plainCounts(rows(range).length) };
}
