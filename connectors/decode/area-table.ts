import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import { packageRoot, tableRows } from '../connector-file.ts';
import { areaWords } from './area-words.ts';

/** One spell of an administrative unit. */
type AreaRow = readonly (string | null)[];

const names = ['code', 'valid_from', 'valid_to', 'level', 'kind', 'name', 'province'] as const;

let kept: readonly AreaRow[] | undefined;

/**
 * Makes a table `(code, valid_from, valid_to, level, kind, name, province)` of all administrative units of the country
 * before and after 1 July 2025, names as {@link areaWords} compares them. They come with the release, so that landed
 * bytes give the same rows wherever they are decoded.
 */
export async function makeAreaTable(session: DecodeSession, into: string): Promise<void> {
  kept ??= areaRows();
  const rows = kept;
  const columns = names.map((name) => ({ name, type: 'varchar' as const }));
  const appender = await session.appendTo(into, columns);
  await appender.append(names.map((_, at) => rows.map((row) => row[at] ?? null)));
  await appender.close();
}

function areaRows(): readonly AreaRow[] {
  const path = join(packageRoot(), 'transforms/catalog/dimensions/area.csv');
  return tableRows(readFileSync(path, 'utf8')).map((row) => [
    row['code'] ?? '',
    row['valid_from'] ?? '',
    row['valid_to'] || '9999-12-31',
    row['level'] ?? '',
    row['kind'] ?? '',
    areaWords(row['full_name'] ?? '').name,
    row['province_code'] ?? '',
  ]);
}
