import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { unnamedHome } from '../../core/home-profile.ts';
import { addBuiltInTables } from '../../home/built-in-tables.ts';
import { addCitySources } from '../../home/demo-sources.ts';
import { makeHome } from '../../home/home-directory.ts';
import type { Home } from '../../home/open-home.ts';
import { systemCall } from '../../home/system-call.ts';
import { figuresOf } from '../../render/document-figures.ts';
import type { ReportDocument } from '../../render/document.ts';
import { writeCovidDirectory } from '../../simulator/covid/write-directory.ts';
import { smallCity } from '../simulator/start.ts';
import { openTestHome } from './opened-home.ts';

/** The week that is issued, corrected and issued again. */
export const week = '2025-W40';

const clock = { now: () => new Date('2025-10-06T10:00:00+07:00') };
/** The last days of the week, which the source sends again. */
const days = ['10-02-2025.csv', '10-03-2025.csv', '10-04-2025.csv', '10-05-2025.csv'];

/** A home whose bulletin was issued, whose source then corrected itself, and whose bulletin was issued again. */
export interface CorrectedHome {
  readonly home: Home;
  readonly directory: string;
  /** Opens it again after it was closed. */
  reopen(): Promise<Home>;
  /** Removes its directory; it must be closed. */
  remove(): void;
}

/** Makes it; `between` is done after the first edition, before the correction. */
export async function openCorrectedHome(
  between: (home: Home) => Promise<void> = () => Promise.resolve(),
): Promise<CorrectedHome> {
  const root = mkdtempSync(path.join(tmpdir(), 'phusa-corrected-'));
  const directory = path.join(root, 'home');
  const covid = path.join(root, 'covid');
  await makeHome(directory, clock.now());
  const home = await openTestHome(directory, { clock });
  await home.configure({ ...unnamedHome, solo: true, simulated: true });
  await addBuiltInTables(home);
  await home.services.sources.ingest(systemCall(), 'reference', {});
  await readPopulation(home);
  await writeCovidDirectory({ directory: covid, now: '2025-10-05', from: '2025-09-15' });
  const config = { base: covid };
  await home.services.sources.add(systemCall(), {
    name: 'covid',
    connector: 'covid-daily',
    config,
  });
  await ingestAndIssue(home);
  await between(home);
  for (const day of days) addSeven(path.join(covid, day));
  await ingestAndIssue(home);
  return {
    home,
    directory,
    reopen: () => openTestHome(directory, { clock }),
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function ingestAndIssue(home: Home): Promise<void> {
  await home.services.sources.ingest(systemCall(), 'covid', {});
  await home.services.reports.issue(systemCall(), 'epidemic-bulletin', { period: week });
}

/** The first commune of a day had seven cases more. */
function addSeven(file: string): void {
  const [header = '', ...lines] = readFileSync(file, 'utf8').split('\n');
  const column = header.split(',').indexOf('Confirmed');
  const first = lines.findIndex((line) => line.includes('Vietnam'));
  const cells = (lines[first] ?? '').split(',');
  cells[column] = String(Number(cells[column]) + 7);
  lines[first] = cells.join(',');
  writeFileSync(file, [header, ...lines].join('\n'));
}

/** Tiles and population of the simulated city; its other systems are not part of this. */
async function readPopulation(home: Home): Promise<void> {
  const city = await smallCity();
  const at = { url: city.url, now: '2025-10-05', years: 1 };
  const added = await addCitySources(home, at, systemCall());
  await home.services.sources.ingest(systemCall(), 'city-reference', {});
  for (const source of added.filter((name) => name !== 'city-reference'))
    await home.services.sources.remove(systemCall(), source);
}

/** What these tests look at in a trace. */
export const traceSchema = z.looseObject({
  figure: z.object({ value: z.string().nullable() }),
  asOf: z.string(),
  recomputed: z.string().nullable(),
  equal: z.boolean(),
  intact: z.boolean().nullable(),
  rows: z.object({ count: z.number(), sha256: z.string() }),
  sources: z.array(z.object({ asset: z.string(), count: z.number() })),
  batches: z.array(
    z.object({
      id: z.string(),
      receipts: z.array(z.object({ name: z.string(), sha256: z.string() })),
    }),
  ),
});
export type Trace = z.infer<typeof traceSchema>;

/** Traces a reference as `phusa trace` does. */
export async function traceIn(
  home: Home,
  ref: string,
  options: { readonly rows?: boolean } = {},
): Promise<Trace> {
  return traceSchema.parse(await home.services.trace.trace(systemCall(), ref, options));
}

/** References of all figures that a document prints or draws, each once. */
export function printedRefs(document: ReportDocument): readonly string[] {
  return [...new Set(figuresOf(document).map(({ figure }) => figure.ref))];
}
