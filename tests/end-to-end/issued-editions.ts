import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { EditionManifest } from '../../reports/edition.ts';

/** An issued edition's files, by their path without ending, and its manifest. */
export interface IssuedEdition {
  readonly base: string;
  readonly manifest: EditionManifest;
}

/** Every edition under a home's `editions/`, by path. */
export function issuedEditions(home: string): readonly IssuedEdition[] {
  const root = path.join(home, 'editions');
  const ending = '.manifest.json';
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => {
      const base = path.join(root, name.slice(0, -ending.length));
      return { base, manifest: JSON.parse(readFileSync(base + ending, 'utf8')) as EditionManifest };
    });
}

/** The only edition of a report. */
export function editionOf(home: string, report: string): IssuedEdition {
  const found = issuedEditions(home).filter(({ manifest }) => manifest.report === report);
  const [edition] = found;
  if (!edition || found.length > 1) throw new Error(`${found.length} editions of ${report}`);
  return edition;
}
