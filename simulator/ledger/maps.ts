import type { Horizon } from '../horizon.ts';
import { levelName, mapPoints } from '../map/feature-layer.ts';
import { plainCounts, type LedgerStream } from './stream.ts';

/** Every point of the map of the last visible day. */
export function mapLedger(horizon: Horizon): LedgerStream {
  const rows = () =>
    mapPoints(horizon).map(({ level, updatedAt, ...point }) => ({
      ...point,
      level: levelName(level),
      updated_at: new Date(updatedAt).toISOString(),
    }));
  return { rows, counts: () => plainCounts(rows().length) };
}
