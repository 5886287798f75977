import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import type { JournalVerdict } from '../control/port.ts';
import { emptyLog } from '../control/write-ahead-log.ts';
import { systemClock } from '../core/clock.ts';
import type { Configuration } from '../core/configuration.ts';
import { PhusaError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Progress } from '../core/progress.ts';
import { openFoundations } from './foundations.ts';
import { hashedPassage } from './hashed-passage.ts';
import { homeFiles, requireAbsent, requireWholeHome } from './home-files.ts';
import { createLog } from './log.ts';

/** The last entry of a backup: what is in it, and the journal's head. */
export interface BackupIndex {
  readonly format: 1;
  readonly madeAt: string;
  readonly homeId: string;
  readonly journal: { readonly entries: number; readonly head: string };
  readonly files: readonly BackupFile[];
}

/** A file of a backup. */
export interface BackupFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Name of the index in the archive. */
export const indexName = 'phusa-backup.json';

/**
 * Copies a home that no server runs on into one tar file: control store, landing, warehouse, editions, extracts and the
 * home's key. The warehouse's lock is held all the while, so nothing changes under the copy. Written beside and renamed
 * whole. Throws fatal `home-in-use`, `journal-broken`, `home-elsewhere`, `file-exists`.
 */
export async function backupHome(
  file: string,
  configuration: Configuration,
  progress: Progress,
): Promise<JsonObject> {
  const target = path.resolve(file);
  requireWholeHome(configuration);
  requireAbsent(target);
  const base = await openFoundations(configuration, { log: createLog('warn'), progress });
  try {
    const verdict = await base.store.verify().finally(() => base.store.close());
    requireIntact(verdict);
    emptyLog(path.join(base.directory, 'control.db'));
    const about = {
      format: 1 as const,
      madeAt: systemClock.now().toISOString(),
      homeId: base.store.homeId,
      journal: { entries: verdict.entries, head: verdict.head },
    };
    const files = await writeArchive(base.directory, target, about, progress);
    const bytes = files.reduce((sum, one) => sum + one.bytes, 0);
    return { backup: target, home: base.directory, files: files.length, bytes, ...about.journal };
  } finally {
    await base.warehouse.close();
  }
}

/** Throws fatal `journal-broken` on a journal that is not intact. */
export function requireIntact({ intact, problems }: JournalVerdict): void {
  if (intact) return;
  const first = problems[0];
  throw new PhusaError({
    group: 'fatal',
    code: 'journal-broken',
    message: {
      vi: `Nhật ký không nguyên vẹn: ${first?.problem ?? ''} ở mục ${first?.seq ?? ''}.`,
      en: `The journal is not intact: ${first?.problem ?? ''} at entry ${first?.seq ?? ''}.`,
    },
    remedy: { vi: 'Xem: phusa audit verify.', en: 'See: phusa audit verify.' },
  });
}

async function writeArchive(
  home: string,
  target: string,
  about: Omit<BackupIndex, 'files'>,
  progress: Progress,
): Promise<readonly BackupFile[]> {
  const part = `${target}.part`;
  await rm(part, { force: true });
  const archive = pack();
  const out = createWriteStream(part, { flags: 'wx', mode: 0o600, flush: true });
  try {
    const [files] = await Promise.all([
      fillArchive(archive, home, about, progress),
      pipeline(archive, out),
    ]);
    await rename(part, target);
    return files;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function fillArchive(
  archive: Pack,
  home: string,
  about: Omit<BackupIndex, 'files'>,
  progress: Progress,
): Promise<readonly BackupFile[]> {
  try {
    const names = await homeFiles(home);
    const files: BackupFile[] = [];
    for (const [index, name] of names.entries()) {
      files.push(await append(archive, home, name));
      progress({ step: copying, done: index + 1, total: names.length });
    }
    const index: BackupIndex = { ...about, files };
    archive.entry({ name: indexName }, JSON.stringify(index));
    archive.finalize();
    return files;
  } catch (error) {
    archive.destroy(error instanceof Error ? error : undefined);
    throw error;
  }
}

const copying = { vi: 'Sao lưu', en: 'Backing up' };

async function append(archive: Pack, home: string, name: string): Promise<BackupFile> {
  const source = path.join(home, name);
  const { size } = await stat(source);
  const passed = hashedPassage();
  const entry = archive.entry({ name, size, mode: 0o600 });
  await pipeline(createReadStream(source), passed.through, entry);
  const { bytes, sha256 } = passed.result();
  if (bytes !== size) throw new Error(`${source} changed while it was copied`);
  return { path: name, bytes, sha256 };
}
