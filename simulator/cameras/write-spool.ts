import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dayOf } from '../days.ts';
import { horizonOf, type HorizonOptions } from '../horizon.ts';
import { daysBetween } from '../ledger/stream.ts';
import { cameraEventsOf, type CameraEvent } from './event.ts';
import { pushBody } from './push-body.ts';

/** Where to write the pushes, and of which days. */
export type SpoolOptions = HorizonOptions & {
  readonly directory: string;
  readonly from: string;
  readonly to?: string | undefined;
};

/** Writes what the cameras push as a receiver spools it, a file each; gives the events. */
export async function writeSpool(options: SpoolOptions): Promise<readonly CameraEvent[]> {
  const { seed, scale, lastDay } = horizonOf(options);
  const to = options.to === undefined ? lastDay : dayOf(options.to);
  const events = [...daysBetween(dayOf(options.from), Math.min(lastDay, to))].flatMap((day) =>
    cameraEventsOf(seed, scale, day),
  );
  await mkdir(options.directory, { recursive: true });
  for (const event of events)
    await writeFile(join(options.directory, `${event.id}.event`), pushBody(event).body);
  return events;
}
