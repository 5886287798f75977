import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { JsonObject } from '../core/json.ts';
import { directoryTransport } from './directory-transport.ts';
import type { FileTransport } from './file-transport.ts';

/** Whether a base is the source's own inbox: what was sent to it by upload or push. */
export function isInbox(base: string): boolean {
  return /^inbox:/i.test(base);
}

/** Folder, inside an inbox, of what is known of each file: who sent it, when, by which way. */
export const inboxNotes = '.notes';

const note = z.record(z.string(), z.json());

/** Reads the files that were sent to a source; `directory` is its inbox, made when it is not there. */
export function inboxTransport(directory: string): FileTransport {
  const files = directoryTransport([directory]);
  const told = new WeakMap<object, string>();
  return {
    list: async (_base, pattern) => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const entries = await files.list(directory, pattern);
      return entries
        .filter(({ name }) => !name.startsWith('.'))
        .map((entry) => ({ ...entry, path: `inbox:${entry.name}` }));
    },
    open: (path) => {
      const name = path.slice('inbox:'.length);
      const bytes = files.open(join(directory, name));
      told.set(bytes, name);
      return bytes;
    },
    facts: (bytes) => {
      const name = typeof bytes === 'object' && bytes !== null ? told.get(bytes) : undefined;
      return name === undefined ? undefined : noteOf(join(directory, inboxNotes, `${name}.json`));
    },
  };
}

function noteOf(path: string): JsonObject {
  try {
    return note.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return { transport: 'inbox' };
  }
}
