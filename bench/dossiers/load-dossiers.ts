import { link, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Effort } from '../effort.ts';
import { timedIngest } from '../ingest.ts';
import { dossierFile } from './dossier-file.ts';

const inputShape = z.object({ home: z.string(), file: z.string() });

const name = 'dossiers.csv';

/** Ours: the file through the product's whole path, into a home that may hold an earlier load of the same source. */
export async function loadDossiers(given: unknown): Promise<Effort> {
  const { home, file } = inputShape.parse(given);
  const directory = join(home, 'inbox');
  await mkdir(directory, { recursive: true });
  await rm(join(directory, name), { force: true });
  await link(file, join(directory, name));
  const config = { directory, file: name };
  return await timedIngest({ directory: home, connector: dossierFile, config });
}
