import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import type { EinvoiceConfig } from './config.ts';
import { coveredStreams } from './covered-streams.ts';
import { fileStreams } from './streams.ts';

/** Files of a directory that can hold invoices. */
export const invoiceFile = /\.(xml|zip)$/i;

/**
 * Reads every invoice file of a directory, one batch a file, in the order of names. A file that was published with
 * the same bytes is not decoded again, so the directory needs no cursor.
 * @param comes - told the size of each file before it is read
 */
export async function* readDirectory(
  context: ReadContext<EinvoiceConfig>,
  request: ReadRequest,
  comes: (bytes: number) => void = () => undefined,
): AsyncGenerator<ReadBatch> {
  const streams = coveredStreams(request, fileStreams);
  if (streams.length === 0) return;
  const after = typeof request.position === 'string' ? request.position : '';
  for (const { name, path, bytes, modifiedAt } of await context.files.list(
    context.config.base,
    invoiceFile,
  )) {
    if (name <= after) continue;
    context.signal.throwIfAborted();
    comes(bytes);
    const writer = await context.openBatch(name);
    await writer.land({
      name,
      bytes: context.files.open(path),
      request: { file: name, publishedAt: modifiedAt },
    });
    yield {
      batch: writer.id,
      key: name,
      streams,
      cursor: null,
      position: name,
      completeness: { proof: 'end-marker' },
    };
  }
}
