import type { Call, IngestResult } from '../services/port.ts';
import type { Home } from './open-home.ts';

/** Sources read at a time: one waits for its system while the other is decoded and loaded. */
const lanes = 2;

/**
 * Reads sources side by side, each begun in the order given as soon as a lane is free; gives their runs in that order.
 * Loading itself takes turns, so that every batch is held against what is published.
 */
export async function ingestAbreast(
  home: Pick<Home, 'services'>,
  sources: readonly string[],
  call: Call,
): Promise<readonly IngestResult[]> {
  const runs = new Map<string, IngestResult>();
  const waiting = sources.values();
  const lane = async (): Promise<void> => {
    for (const source of waiting)
      runs.set(source, await home.services.sources.ingest(call, source, {}));
  };
  // A lane that breaks off must not leave the other one reading behind its back.
  const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return sources.flatMap((source) => runs.get(source) ?? []);
}
