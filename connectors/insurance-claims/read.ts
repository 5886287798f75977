import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import type { ClaimsConfig } from './config.ts';
import { claimStreams, coveredByClaims } from './streams.ts';

/** Files that packages come in. */
export const packageFile = /\.(xml|zip)$/i;

/** Reads every package file, one batch each, by name; a file with equal bytes costs nothing further on. */
export async function* readClaims(
  context: ReadContext<ClaimsConfig>,
  { streams, position }: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const { config, files, signal } = context;
  const names = claimStreams.map(({ stream }) => stream);
  if (streams !== undefined && !names.some((name) => streams.includes(name))) return;
  const after = typeof position === 'string' ? position : '';
  for (const { name, path, modifiedAt } of await files.list(config.base, packageFile)) {
    if (name <= after) continue;
    signal.throwIfAborted();
    const writer = await context.openBatch(name);
    const request = { file: name, publishedAt: modifiedAt };
    await writer.land({ name, bytes: files.open(path), request });
    yield {
      batch: writer.id,
      key: name,
      streams: names,
      cursor: null,
      position: name,
      completeness: { proof: 'recount', covers: coveredByClaims },
    };
  }
}
