import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { splitCsvLine } from './decode/csv-line.ts';

/** A data file of a connector, e.g. `covid-daily/aliases.csv`; the same in the sources and in the compiled tree. */
export function connectorFile(path: string): string {
  return readFileSync(join(packageRoot(), 'connectors', path), 'utf8');
}

/** The rows of a small CSV file of our own, by header name. */
export function tableRows(text: string): readonly Readonly<Record<string, string>>[] {
  const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const names = splitCsvLine(header);
  return lines.map((line) => {
    const cells = splitCsvLine(line);
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

/** The directory of the package; the same in the sources and in the compiled tree. */
export function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return directory;
}
