import type { Json } from '../core/json.ts';
import { listAt, textAt } from './reading.ts';
import type { Shell } from './shell.ts';

/** Fetches the files an answer links to into a directory; returns `{files: [{name, path}]}`. */
export async function saveFiles(shell: Shell, answer: Json, directory: string): Promise<Json> {
  const files: Json[] = [];
  for (const file of listAt(answer, 'files')) {
    const name = textAt(file, 'name') ?? 'file';
    const path = await shell.api.download(textAt(file, 'url') ?? '', name, directory);
    files.push({ name, path });
  }
  return { files };
}
