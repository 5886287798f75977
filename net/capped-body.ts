import { pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Transform } from 'node:stream';

/** Limits on one body; each trouble is made by the caller, who knows the URL. */
export interface BodyLimits {
  readonly maxBytes: number;
  readonly idleMs: number;
  /** Called when nothing came for `idleMs`; aborts the exchange. */
  readonly onIdle: () => void;
  readonly tooLarge: () => Error;
}

/**
 * The decompressed bytes of a body. Both sides of the decompression are counted against `maxBytes`, so a small bomb
 * stops as soon as it has grown to the limit. Time the consumer takes is not idle time.
 */
export async function* cappedBody(
  body: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
  limits: BodyLimits,
): AsyncGenerator<Uint8Array> {
  const received = counted(watched(body, limits), limits);
  const inflate = decompressor(encoding);
  if (inflate === undefined) {
    yield* received;
    return;
  }
  pipeline(received, inflate, () => undefined);
  const inflated: AsyncIterable<Uint8Array> = inflate;
  yield* counted(inflated, limits);
}

/** The whole of a body in one piece. */
export async function collect(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* watched(
  body: AsyncIterable<Uint8Array>,
  { idleMs, onIdle }: BodyLimits,
): AsyncGenerator<Uint8Array> {
  let timer = setTimeout(onIdle, idleMs);
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      yield chunk;
      timer = setTimeout(onIdle, idleMs);
    }
  } finally {
    clearTimeout(timer);
  }
}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  { maxBytes, tooLarge }: BodyLimits,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge();
    yield chunk;
  }
}

function decompressor(encoding: string | undefined): Transform | undefined {
  const name = encoding?.trim().toLowerCase() ?? 'identity';
  if (name === 'gzip' || name === 'x-gzip') return createGunzip();
  if (name === 'deflate') return createInflate();
  return name === 'br' ? createBrotliDecompress() : undefined;
}
