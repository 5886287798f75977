import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Json } from '../core/json.ts';
import { pathTo } from './api-client.ts';
import type { Given } from './command-spec.ts';
import { presentObject } from './present.ts';
import { member, numberAt } from './reading.ts';
import type { Shell } from './shell.ts';

/** Bytes sent at a time. */
const partBytes = 600_000;

/**
 * Sends a file in parts. The server says at which byte to go on, so that the same command run again after a break sends
 * only what is missing; it compares the SHA-256 when the last part has come.
 */
export async function uploadFile(shell: Shell, given: Given): Promise<void> {
  const path = given.text('file');
  const { size: bytes } = await stat(path);
  const file = { name: basename(path).normalize('NFC'), bytes, sha256: await sha256Of(path) };
  const uploads = pathTo`/sources/${given.text('name')}/uploads`;
  let state: Json = await shell.api.call({ method: 'POST', path: uploads, body: file });
  const source = await open(path, 'r');
  try {
    while (member(state, 'done') !== true) {
      const offset = numberAt(state, 'offset') ?? 0;
      const part = Buffer.alloc(Math.min(partBytes, bytes - offset));
      await source.read(part, 0, part.byteLength, offset);
      const body = { ...file, offset, part: part.toString('base64') };
      state = await shell.api.call({ method: 'POST', path: `${uploads}/parts`, body });
    }
  } finally {
    await source.close();
  }
  const sent = { ...file, done: true };
  shell.show(sent, () => presentObject(sent, shell.language));
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  const bytes: AsyncIterable<Uint8Array> = createReadStream(path);
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest('hex');
}
