import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { editionFileName, type EditionManifest } from './edition.ts';

/** Issued files under `editions/<report>/<period>/`: written whole, renamed into place, never changed. */
export class EditionStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Writes one file of an edition durably (temporary file, fsync, rename) and returns its SHA-256. */
  async write(edition: EditionName, ending: string, bytes: Uint8Array): Promise<string> {
    const target = this.path(edition, ending);
    await mkdir(path.dirname(target), { recursive: true });
    const temporary = `${target}.part`;
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
    await syncDirectory(path.dirname(target));
    return createHash('sha256').update(bytes).digest('hex');
  }

  /** Where a file of an edition lies. */
  path({ report, period, version }: EditionName, ending: string): string {
    return path.join(
      this.#root,
      report,
      period,
      `${editionFileName(report, period, version)}.${ending}`,
    );
  }

  /** The frozen manifest of an edition. */
  async manifest(edition: EditionName): Promise<EditionManifest> {
    const text = await readFile(this.path(edition, 'manifest.json'), 'utf8');
    return JSON.parse(text) as EditionManifest;
  }
}

/** Which edition. */
export interface EditionName {
  readonly report: string;
  readonly period: string;
  readonly version: number;
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
