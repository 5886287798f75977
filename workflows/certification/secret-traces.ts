import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createReadStream } from 'node:fs';

/** Where a secret was found. */
export interface SecretTrace {
  readonly place: string;
}

/** Shortest text that is told apart from chance. */
const shortest = 4;

/**
 * Looks for secrets, plain and as they are written in addresses and headers, in every file under a directory and in some
 * texts. Gives the places, never the secret.
 */
export async function secretTraces(
  secrets: ReadonlySet<string>,
  directory: string,
  texts: readonly string[],
): Promise<readonly SecretTrace[]> {
  const spellings = [...secrets].filter((secret) => secret.length >= shortest).flatMap(spellingsOf);
  if (spellings.length === 0) return [];
  const traces: SecretTrace[] = [];
  if (texts.some((text) => spellings.some((one) => text.includes(one))))
    traces.push({ place: 'log' });
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (await holds(path, spellings)) traces.push({ place: path.slice(directory.length + 1) });
  }
  return traces;
}

function spellingsOf(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return [
    ...new Set([secret, encodeURIComponent(secret), base64, JSON.stringify(secret).slice(1, -1)]),
  ];
}

/** Reads a file piece by piece, pieces overlapping by the longest spelling. */
async function holds(path: string, spellings: readonly string[]): Promise<boolean> {
  const longest = Math.max(...spellings.map((one) => Buffer.byteLength(one)));
  let before = Buffer.alloc(0);
  for await (const piece of createReadStream(path)) {
    if (!Buffer.isBuffer(piece)) continue;
    const bytes = Buffer.concat([before, piece]);
    if (spellings.some((one) => bytes.includes(one))) return true;
    before = bytes.subarray(Math.max(0, bytes.length - longest));
  }
  return false;
}
