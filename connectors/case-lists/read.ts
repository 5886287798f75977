import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import type { CaseListsConfig } from './config.ts';
import { diseaseCase } from './streams.ts';

/** Files that lists come in. */
export const listFile = /\.(csv|xlsx)$/i;

/** Reads every list, one batch each, by name; a list with equal bytes costs nothing further on. */
export async function* readCaseLists(
  context: ReadContext<CaseListsConfig>,
  { streams, position }: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const { config, files, signal } = context;
  const { stream } = diseaseCase;
  if (!(streams?.includes(stream) ?? true)) return;
  const after = typeof position === 'string' ? position : '';
  const found = await files.list(config.base, listFile);
  for (const { name, path, modifiedAt } of config.whole ? found.slice(-1) : found) {
    if (name <= after) continue;
    signal.throwIfAborted();
    const writer = await context.openBatch(name);
    const request = { file: name, publishedAt: modifiedAt };
    await writer.land({ name, bytes: files.open(path), request });
    yield {
      batch: writer.id,
      key: name,
      streams: [stream],
      cursor: null,
      position: name,
      completeness: { proof: 'digest', ...(config.whole ? { covers: [stream] } : {}) },
    };
  }
}
