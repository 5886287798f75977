import { z } from 'zod';
import type { FileEntry } from '../../net/file-transport.ts';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import type { ProvincialFormsConfig } from './config.ts';
import { reportMonth } from './form-file.ts';

const positionShape = z.object({ file: z.string() });

/** Reads every form of the directory on every run, in the order of their names: one file is one batch. */
export async function* readForms(
  context: ReadContext<ProvincialFormsConfig>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const done = positionShape.safeParse(request.position);
  const after = done.success ? done.data.file : '';
  for (const { name, path, bytes } of await formFiles(context)) {
    if (name <= after) continue;
    context.signal.throwIfAborted();
    const batch = await context.openBatch(name);
    await batch.land({
      name,
      bytes: context.files.open(path),
      request: { file: name, listedBytes: bytes },
    });
    yield {
      batch: batch.id,
      key: name,
      streams: ['socioeconomic_figure'],
      cursor: { file: name },
      position: { file: name },
      completeness: { proof: 'digest' },
    };
  }
}

/** Files that are a form by their name. */
export async function formFiles({
  config,
  files,
}: Pick<ReadContext<ProvincialFormsConfig>, 'config' | 'files'>): Promise<readonly FileEntry[]> {
  const entries = await files.list(config.base, /\.xlsx$/i);
  return entries
    .filter(({ name }) => config.forms.some((form) => reportMonth(form, name) !== undefined))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
