import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import { readManifest } from './read.ts';
import type { Manifest } from './schema/manifest-schema.ts';

/**
 * The connection test: one page of the newest window of each stream, read and thrown away. It moves no cursor (B21).
 * Throws what reading throws.
 */
export async function tryOut(
  context: Parameters<Connector<Manifest>['check']>[0],
): Promise<Localized> {
  let bytes = 0;
  let pages = 0;
  const openBatch: ReadContext<Manifest>['openBatch'] = (key) =>
    Promise.resolve({
      id: 'check',
      key,
      land: async ({ name, bytes: body }) => {
        const size = await sizeOf(body);
        pages += 1;
        bytes += size;
        return { n: pages - 1, sha256: '', bytes: size, name };
      },
    });
  const request = { cursor: undefined, position: undefined, full: false, sample: { pages: 1 } };
  for await (const batch of readManifest({ ...context, openBatch }, request)) {
    context.log.debug('checked', { key: batch.key });
  }
  return {
    vi: `Hỏi được nguồn: ${pages} trang, ${bytes} byte.`,
    en: `The source answers: ${pages} pages, ${bytes} bytes.`,
  };
}

/** Of a large file the beginning is enough. */
const enoughBytes = 1_000_000;

async function sizeOf(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<number> {
  if (body instanceof Uint8Array) return body.byteLength;
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > enoughBytes) break;
  }
  return bytes;
}
