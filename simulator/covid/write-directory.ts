import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dayOf } from '../days.ts';
import { horizonOf, type HorizonOptions } from '../horizon.ts';
import { dailyFile, fileName } from './daily-file.ts';
import { createEpidemic } from './epidemic.ts';

/** Where to write, and which days (default: all visible ones). */
export type CovidDirectoryOptions = HorizonOptions & {
  readonly directory: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/** Writes the day files that the HTTP address serves into a directory; gives the names written. */
export async function writeCovidDirectory(
  options: CovidDirectoryOptions,
): Promise<readonly string[]> {
  const horizon = horizonOf(options);
  const epidemic = createEpidemic(horizon.seed);
  const first = Math.max(horizon.firstDay, dayOf(options.from ?? '2022-01-01'));
  const last = Math.min(horizon.lastDay, dayOf(options.to ?? options.now));
  await mkdir(options.directory, { recursive: true });
  const names: string[] = [];
  for (let day = first; day <= last; day += 1) {
    names.push(fileName(day));
    await writeFile(join(options.directory, fileName(day)), dailyFile(horizon, epidemic, day));
  }
  return names;
}
