import { basename, dirname } from 'node:path';
import { z } from 'zod';
import type { Effort } from '../effort.ts';
import { timedIngest } from '../ingest.ts';
import { dossierFile } from './dossier-file.ts';

const inputShape = z.object({ home: z.string(), file: z.string() });

/** Ours: the file through the product's whole path, into a home that may hold an earlier load. */
export async function loadDossiers(given: unknown): Promise<Effort> {
  const { home, file } = inputShape.parse(given);
  const config = { directory: dirname(file), file: basename(file) };
  return await timedIngest({ directory: home, connector: dossierFile, config });
}
