import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PhusaError } from '../core/errors.ts';

const marker = 'phusa-home.json';

/** Throws fatal `home-missing` unless `phusa init` or `phusa start --demo` made a home here. */
export function requireHome(directory: string): void {
  if (existsSync(path.join(directory, marker))) return;
  throw new PhusaError({
    group: 'fatal',
    code: 'home-missing',
    message: {
      vi: `Chưa có hệ thống tại ${directory}.`,
      en: `There is no home at ${directory}.`,
    },
    remedy: {
      vi: 'Chạy phusa init (hoặc phusa start --demo), hoặc đặt PHUSA_HOME.',
      en: 'Run phusa init (or phusa start --demo), or set PHUSA_HOME.',
    },
    place: { file: directory },
  });
}

/** Whether a home was made here. */
export function isHome(directory: string): boolean {
  return existsSync(path.join(directory, marker));
}

/** Makes an empty home, private to its owner. Does nothing where there is one. */
export async function makeHome(directory: string, madeAt: Date): Promise<void> {
  if (isHome(directory)) return;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const about = { format: 1, madeAt: madeAt.toISOString() };
  await writeFile(path.join(directory, marker), `${JSON.stringify(about)}\n`);
}
