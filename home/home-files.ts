import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { logFiles } from '../control/write-ahead-log.ts';
import type { Configuration } from '../core/configuration.ts';
import { PhusaError } from '../core/errors.ts';
import { socketName, socketPointerName } from '../core/socket-place.ts';
import { warehouseFile } from './open-warehouse.ts';

/** The home's own Temporal server: what it knows is about runs, and the journal knows it too. */
const temporalFiles = ['temporal-server.json', 'temporal.db', 'temporal.db-shm', 'temporal.db-wal'];

/** What a run leaves lying and makes again: not part of a home's content. */
const passing = new Set([
  'tmp',
  'out',
  'spill',
  'landing/tmp',
  socketName,
  socketPointerName,
  ...temporalFiles,
]);

/**
 * Every file of a home's content, relative, with `/`. The warehouse comes last: whoever reads it under the lock of its
 * owner gives the lock up by closing it.
 */
export async function homeFiles(home: string): Promise<readonly string[]> {
  const all = await filesUnder(home, '');
  const isWarehouse = (file: string) => file.startsWith(warehouseFile);
  return [...all.filter((file) => !isWarehouse(file)), ...all.filter(isWarehouse).reverse()];
}

async function filesUnder(home: string, inside: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(home, inside), { withFileTypes: true });
  const found = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (passing.has(file) || entry.name.endsWith('.part') || logFiles.test(entry.name)) continue;
    if (entry.isDirectory()) found.push(...(await filesUnder(home, file)));
    else if (entry.isFile()) found.push(file);
  }
  return found;
}

/** Throws fatal `home-elsewhere` where a part of the home lies outside its directory, so that a copy would not be whole. */
export function requireWholeHome({ databaseUrl, store }: Configuration): void {
  const outside = databaseUrl === undefined ? store && 'PHUSA_STORE' : 'DATABASE_URL';
  if (outside === undefined) return;
  throw new PhusaError({
    group: 'fatal',
    code: 'home-elsewhere',
    message: {
      vi: `Một phần của hệ thống nằm ngoài thư mục của nó (${outside}).`,
      en: `A part of the home lies outside its directory (${outside}).`,
    },
    remedy: {
      vi: 'Sao lưu PostgreSQL bằng pg_dump và kho tệp bằng công cụ của nó.',
      en: 'Back PostgreSQL up with pg_dump and the store with its own tool.',
    },
  });
}

/** Throws fatal `file-exists` where something would be overwritten. */
export function requireAbsent(file: string): void {
  if (!existsSync(file)) return;
  throw new PhusaError({
    group: 'fatal',
    code: 'file-exists',
    message: { vi: `Đã có ${file}.`, en: `${file} is there already.` },
    remedy: { vi: 'Chọn tên khác.', en: 'Choose another name.' },
    place: { file },
  });
}
