import { createHash } from 'node:crypto';

/** A step of a stream pipeline that counts and hashes the bytes that pass, and changes none. */
export interface HashedPassage {
  readonly through: (chunks: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>;
  /** What has passed; to be asked once, at the end. */
  readonly result: () => { readonly bytes: number; readonly sha256: string };
}

/** Makes a passage for one file. */
export function hashedPassage(): HashedPassage {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    through: async function* (chunks) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.byteLength;
        yield chunk;
      }
    },
    result: () => ({ bytes, sha256: hash.digest('hex') }),
  };
}
