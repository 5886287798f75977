import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dayOf } from '../days.ts';
import { horizonOf, type HorizonOptions } from '../horizon.ts';
import { zipArchive } from '../zip.ts';
import { caseListCsv, caseListName } from './case-list.ts';
import { CLAIMING, packageName, packageVisits, packageXml, sundays } from './claim-package.ts';

/** Where to write, and which days (default: all visible ones). */
export type HealthDirectoryOptions = HorizonOptions & {
  readonly directory: string;
  readonly from?: string | undefined;
};

/** Writes the weekly claim packages of all facilities, one zip a Sunday; gives the names written. */
export async function writeClaimDirectory(
  options: HealthDirectoryOptions,
): Promise<readonly string[]> {
  const horizon = horizonOf(options);
  return writeWeekly(options, (sunday) => {
    const entries = CLAIMING.flatMap((facility) => {
      const told = [...packageVisits(horizon, facility, sunday)];
      if (told.length === 0) return [];
      const bytes = Buffer.from(packageXml(facility, sunday, told));
      return [{ name: `${facility.code}.xml`, bytes }];
    });
    return { name: packageName(sunday), bytes: zipArchive(entries) };
  });
}

/** Writes the weekly case lists of infectious diseases, one CSV a Sunday; gives the names written. */
export async function writeCaseDirectory(
  options: HealthDirectoryOptions,
): Promise<readonly string[]> {
  const horizon = horizonOf(options);
  return writeWeekly(options, (sunday) => ({
    name: caseListName(sunday),
    bytes: Buffer.from(caseListCsv(horizon, sunday)),
  }));
}

async function writeWeekly(
  options: HealthDirectoryOptions,
  make: (sunday: number) => { readonly name: string; readonly bytes: Uint8Array },
): Promise<readonly string[]> {
  const horizon = horizonOf(options);
  const first = Math.max(horizon.firstDay, dayOf(options.from ?? '2022-01-01'));
  await mkdir(options.directory, { recursive: true });
  const names: string[] = [];
  for (const sunday of sundays(first, horizon.lastDay)) {
    const { name, bytes } = make(sunday);
    await writeFile(join(options.directory, name), bytes);
    names.push(name);
  }
  return names;
}
