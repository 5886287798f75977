import { createReadStream, createWriteStream, existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { z } from 'zod';
import type { Configuration } from '../core/configuration.ts';
import { PhusaError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Progress } from '../core/progress.ts';
import { indexName, requireIntact, type BackupFile, type BackupIndex } from './backup-home.ts';
import { openFoundations } from './foundations.ts';
import { hashedPassage } from './hashed-passage.ts';
import { requireWholeHome } from './home-files.ts';
import { createLog } from './log.ts';

const indexSchema: z.ZodType<BackupIndex> = z.object({
  format: z.literal(1),
  madeAt: z.string(),
  homeId: z.string(),
  journal: z.object({ entries: z.number(), head: z.string() }),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
});

/**
 * Makes a home from a backup. Nothing is believed: every file's hash is compared with the index, every landed object's
 * with its own name, the journal is verified and its head compared; only then does the home get its place. A home that is
 * there already is never touched. Throws fatal `home-exists`, data `backup-damaged`.
 */
export async function restoreHome(
  file: string,
  configuration: Configuration,
  progress: Progress,
): Promise<JsonObject> {
  const home = path.resolve(configuration.home);
  requireWholeHome(configuration);
  requireNoHome(home);
  const beside = `${home}.restoring`;
  await rm(beside, { recursive: true, force: true });
  await mkdir(beside, { recursive: true, mode: 0o700 });
  try {
    const index = await unpack(path.resolve(file), beside, progress);
    await verifyRestored({ ...configuration, home: beside }, index, progress);
    await rm(home, { recursive: true, force: true });
    await rename(beside, home);
    const { homeId, madeAt, journal, files } = index;
    return { home, homeId, madeAt, files: files.length, ...journal };
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    throw error;
  }
}

function requireNoHome(home: string): void {
  if (!existsSync(home) || readdirSync(home).length === 0) return;
  throw new PhusaError({
    group: 'fatal',
    code: 'home-exists',
    message: { vi: `Thư mục ${home} không trống.`, en: `${home} is not empty.` },
    remedy: {
      vi: 'Đặt PHUSA_HOME tới một thư mục mới.',
      en: 'Set PHUSA_HOME to a new directory.',
    },
    place: { file: home },
  });
}

async function unpack(file: string, home: string, progress: Progress): Promise<BackupIndex> {
  const total = await sizeOf(file);
  const entries = extract();
  const fed = pipeline(createReadStream(file), entries).catch(() => undefined);
  try {
    const found: BackupFile[] = [];
    let done = 0;
    for await (const entry of entries) {
      if (entry.header.name === indexName) {
        return checkedIndex(file, await buffer(bytesOf(entry)), found);
      }
      const one = await unpackOne(file, entry.header, bytesOf(entry), home);
      found.push(one);
      done += one.bytes;
      progress({ step: restoring, done, total });
    }
    throw damaged(file, indexName);
  } catch (error) {
    throw error instanceof PhusaError || isSystemError(error)
      ? error
      : damaged(file, String(error));
  } finally {
    entries.destroy();
    await fed;
  }
}

const restoring = { vi: 'Khôi phục', en: 'Restoring' };

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (cause) {
    throw new PhusaError({
      group: 'fatal',
      code: 'file-not-found',
      message: { vi: `Không mở được ${file}.`, en: `Cannot open ${file}.` },
      place: { file },
      cause,
    });
  }
}

async function* bytesOf(chunks: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) if (chunk instanceof Uint8Array) yield chunk;
}

/** A disk that is full, or a file that cannot be written: no fault of the archive. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** Paths are those that a backup writes, never a way out of the home (H01); links and the like are none of them. */
async function unpackOne(
  file: string,
  { name, size, type }: Header,
  body: AsyncIterable<Uint8Array>,
  home: string,
): Promise<BackupFile> {
  const parts = name.split('/');
  const odd = parts.some((part) => part === '' || part === '.' || part === '..');
  if (odd || /[\\\0]/.test(name) || type !== 'file') throw damaged(file, name);
  const target = path.join(home, ...parts);
  await mkdir(path.dirname(target), { recursive: true });
  const passed = hashedPassage();
  const out = createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true });
  await pipeline(passed.through(body), out);
  const { bytes, sha256 } = passed.result();
  if (bytes !== size) throw damaged(file, name);
  if (name.startsWith('landing/sha256/') && parts.at(-1) !== sha256) throw damaged(file, name);
  return { path: name, bytes, sha256 };
}

function checkedIndex(file: string, bytes: Buffer, found: readonly BackupFile[]): BackupIndex {
  const index = indexSchema.safeParse(parsed(bytes));
  if (!index.success) throw damaged(file, indexName);
  const listed = new Map(index.data.files.map((one) => [one.path, one.sha256]));
  const wrong = found.find(({ path: name, sha256 }) => listed.get(name) !== sha256);
  if (wrong) throw damaged(file, wrong.path);
  if (found.length !== index.data.files.length) throw damaged(file, indexName);
  return index.data;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

async function verifyRestored(
  configuration: Configuration,
  { homeId, journal }: BackupIndex,
  progress: Progress,
): Promise<void> {
  const base = await openFoundations(configuration, { log: createLog('warn'), progress });
  try {
    const verdict = await base.store.verify();
    requireIntact(verdict);
    const same = base.store.homeId === homeId && verdict.entries >= journal.entries;
    if (!same) throw damaged(configuration.home, 'control.db');
  } finally {
    await base.warehouse.close();
    await base.store.close();
  }
}

function damaged(file: string, what: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'backup-damaged',
    message: {
      vi: `Bản sao lưu ${file} hỏng hoặc bị sửa: ${what}.`,
      en: `The backup ${file} is damaged or was altered: ${what}.`,
    },
    remedy: { vi: 'Dùng bản sao lưu khác.', en: 'Use another backup.' },
    place: { file },
  });
}
