import { ask, segment } from './api.ts';
import { at, numberAt } from './facts.ts';
import { Sha256 } from './sha256.ts';

/** Bytes sent at a time. */
const partBytes = 600_000;

/** How far sending has come. */
export interface SendStep {
  readonly doing: 'hashing' | 'sending';
  /** 0 to 1. */
  readonly share: number;
}

/**
 * Sends a file to the inbox of a source part by part, from where an earlier attempt broke off; the server compares the
 * digest before it takes the file. Gives the digest. Throws `ApiProblem`, TypeError where the network is gone.
 */
export async function sendFile(
  source: string,
  file: File,
  note: (step: SendStep) => void,
): Promise<string> {
  const sha256 = await digestOf(file, note);
  const given = { name: file.name.normalize('NFC'), bytes: file.size, sha256 };
  const path = `/sources/${segment(source)}/uploads`;
  let state = await ask(path, { method: 'POST', body: given });
  while (at(state, 'done') !== true) {
    const offset = numberAt(state, 'offset') ?? 0;
    note({ doing: 'sending', share: offset / file.size });
    const bytes = await bytesOf(file, offset, partBytes);
    const part = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    state = await ask(`${path}/parts`, { method: 'POST', body: { ...given, offset, part } });
  }
  return sha256;
}

/** Bytes hashed at a time. */
const hashBytes = 4_000_000;

async function digestOf(file: File, note: (step: SendStep) => void): Promise<string> {
  const hash = new Sha256();
  for (let offset = 0; offset < file.size; offset += hashBytes) {
    note({ doing: 'hashing', share: offset / file.size });
    hash.add(await bytesOf(file, offset, hashBytes));
  }
  return hash.digest();
}

async function bytesOf(file: File, offset: number, length: number): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
}
