import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DeliveryOutcome } from './delivery-ledger.ts';
import type { DeliveredFile } from './send-mail.ts';

/**
 * Copies files into a directory, each whole or not at all (temporary name, fsync, rename): done twice, it is done once.
 * A directory that cannot be written is temporary trouble.
 */
export async function copyToDirectory(
  files: readonly DeliveredFile[],
  directory: string,
): Promise<DeliveryOutcome> {
  try {
    await mkdir(directory, { recursive: true });
    for (const file of files) await copyWhole(file, directory);
    await syncPath(directory);
    return { status: 'sent' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    return { status: 'deferred', reason: `directory-${code.toLowerCase()}` };
  }
}

async function copyWhole(file: DeliveredFile, directory: string): Promise<void> {
  const target = join(directory, basename(file.name));
  const draft = `${target}.part`;
  try {
    await copyFile(file.path, draft);
    await syncPath(draft);
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
