import { open } from 'node:fs/promises';

/** Open files at a time while syncing: enough to keep a disk busy. */
const abreast = 16;

/** Makes a file's bytes, or a directory's names, survive a power failure. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Syncs many paths, each once, several at a time: the disk then writes its journal once for many. */
export async function syncPaths(paths: ReadonlySet<string>): Promise<void> {
  await eachAbreast([...paths], syncPath);
}

/** Runs `work` over all items, a bounded number at a time. */
export async function eachAbreast<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: abreast }, worker));
}
