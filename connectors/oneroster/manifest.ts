import { splitCsvLine } from '../decode/csv-line.ts';
import { collectionNamed, type Collection } from './collections.ts';
import { oneRosterTrouble } from './oneroster-trouble.ts';

/** `bulk`: the file holds all records; `delta`: those that changed; `absent`: there is no such file. */
export type BundleMode = 'bulk' | 'delta' | 'absent';

/** What `manifest.csv` says of a bundle. */
export interface Manifest {
  /** `1.1` or `1.2`. */
  readonly version: string;
  readonly files: readonly ManifestFile[];
}

/** One `file.…` line of a manifest. */
export interface ManifestFile {
  readonly name: string;
  readonly mode: BundleMode;
  /** The collection it becomes; undefined for files that are not read (marks, resources). */
  readonly collection: Collection | undefined;
}

/** Reads `manifest.csv` (`propertyName,value`). Throws data `manifest-version`, `bundle-file-unknown`. */
export function parseManifest(text: string, bundle: string): Manifest {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const pairs = lines.map((line) => splitCsvLine(line).map((cell) => cell.trim()));
  const version = pairs.find(([name]) => name === 'oneroster.version')?.[1] ?? '';
  if (!/^1\.[12](\.|$)/.test(version))
    throw oneRosterTrouble('manifest-version', `${bundle}: ${version}`);
  const files = pairs.flatMap(([property = '', value = '']) => {
    const name = /^file\.(.+)$/i.exec(property)?.[1];
    return name === undefined ? [] : [manifestFile(name, value, bundle)];
  });
  return { version, files };
}

function manifestFile(name: string, value: string, bundle: string): ManifestFile {
  const mode = value.toLowerCase();
  if (mode !== 'bulk' && mode !== 'delta' && mode !== 'absent')
    throw oneRosterTrouble('bundle-file-unknown', `${bundle}: file.${name} = ${value}`);
  return { name, mode, collection: collectionNamed(name) };
}

/** Whether everything a bundle holds is whole, so that nothing before it matters. */
export function isWhole({ files }: Manifest): boolean {
  const present = files.filter(({ mode, collection }) => mode !== 'absent' && collection);
  return present.length > 0 && present.every(({ mode }) => mode === 'bulk');
}
