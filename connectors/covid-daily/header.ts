import type { LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';

const first = [
  'province_state',
  'country_region',
  'last_update',
  'confirmed',
  'deaths',
  'recovered',
];
const located = [...first, 'lat', 'long'];
const coded = [...located, 'fips', 'admin2', 'active', 'combined_key'];

/** The headers that daily files have had, by the names of {@link knownName}. */
const generations: Readonly<Record<string, readonly string[]>> = {
  V1: first,
  V2: located,
  V3: coded,
  V4: [...coded, 'incidence_rate', 'case_fatality_ratio'],
  V5: [...coded, 'incident_rate', 'case_fatality_ratio'],
};

/** Columns every generation has. */
export const requiredColumns: readonly string[] = first;

/** One name for each spelling: `Province/State` is `province_state`; `Latitude`, `Long_` are `lat`, `long`. */
export function knownName(header: string): string {
  const plain = header
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '');
  const short: Readonly<Record<string, string>> = { latitude: 'lat', longitude: 'long' };
  return short[plain] ?? plain;
}

/**
 * The generation of a header. Columns that no generation has are allowed beside a complete one (a source may grow);
 * beside an incomplete one they are most likely renamed columns: data `header-unknown-column`.
 */
export function generationOf(names: readonly string[], file: LandedFile): string {
  const known = new Set(Object.values(generations).flat());
  const mine = names.filter((name) => known.has(name));
  const found = Object.entries(generations).find(
    ([, columns]) => columns.length === mine.length && columns.every((name) => mine.includes(name)),
  );
  if (found !== undefined) return found[0];
  throw fileTrouble(
    'header-unknown-column',
    file,
    names.filter((name) => !known.has(name)).join(', ') || names.join(', '),
  );
}
