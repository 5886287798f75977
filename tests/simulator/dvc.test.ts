import { describe, expect, it } from 'vitest';
import { dayOf } from '../../simulator/days.ts';
import { dossierCount } from '../../simulator/dvc/dossier-index.ts';
import { dossierLife } from '../../simulator/dvc/dossier-life.ts';
import { horizonOf } from '../../simulator/horizon.ts';
import type { City } from '../../simulator/city.ts';
import { dvc, dvcToken, fields, ledger, ledgerCounts, records, smallCity } from './start.ts';

type Row = Readonly<Record<string, unknown>>;

const SIX_MONTHS = ['2025-04-01', '2025-10-05'] as const;

async function page(city: City, query: string, token?: string): Promise<Row> {
  return fields(await (await dvc(city, `/dvc/hoso?${query}`, token)).json());
}

/** All rows of a window, page by page until the total is reached. */
async function rows(city: City, from: string, to: string): Promise<readonly Row[]> {
  const token = await dvcToken(city);
  const found: Row[] = [];
  for (let number = 1; ; number += 1) {
    const answer = await page(city, `tuNgay=${from}&denNgay=${to}&trang=${String(number)}`, token);
    found.push(...records(answer['data']));
    if (found.length >= Number(answer['total'])) return found;
  }
}

/** Either spelling of a moment as the ledger writes it. */
function moment(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const digits = value.replace(/\D/g, '');
  const [y, mo, d, h, mi, s] = [0, 4, 6, 8, 10, 12].map((i) =>
    digits.slice(i, i === 0 ? 4 : i + 2),
  );
  return `${y ?? ''}-${mo ?? ''}-${d ?? ''} ${h ?? ''}:${mi ?? ''}:${s ?? ''}`;
}

function count(value: unknown): number {
  return value === undefined ? 0 : records(value).length;
}

function served(row: Row): readonly unknown[] {
  return [
    row['MaTTHC'],
    row['DonViXuLy'],
    row['NoiNopHoSo'],
    row['TrangThaiHoSo'],
    moment(row['NgayNopHoSo']),
    moment(row['NgayTiepNhan']),
    moment(row['NgayHenTra']),
    moment(row['NgayTra']),
    moment(row['NgayCapNhat']),
    count(row['DanhSachHoSoBoSung']),
    row['KenhThucHien'] ?? null,
  ];
}

function meant(row: Row): readonly unknown[] {
  return [
    row['procedure_code'],
    row['agency_code'],
    row['commune_code'],
    row['status'],
    row['submitted_at'],
    row['received_at'],
    row['due_at'],
    row['returned_at'],
    row['updated_at'],
    row['supplement_requests'],
    row['channel'],
  ];
}

describe('online public services', () => {
  it('serves what the ledger says, duplicates and bad rows included', async () => {
    const city = await smallCity({ scale: 0.1 });
    const found = await rows(city, ...SIX_MONTHS);
    const expected = await ledger(city, 'dossiers', ...SIX_MONTHS);
    const counts = await ledgerCounts(city, 'dossiers', ...SIX_MONTHS);
    expect(found.length).toBe(Number(counts['rows']) + Number(counts['duplicates']));
    expect(Number(counts['duplicates'])).toBeGreaterThan(0);
    const byCode = new Map(found.map((row) => [row['MaHoSo'], row]));
    const good = expected.filter(({ defect }) => defect === null);
    expect(good.length).toBe(Number(counts['rows']) - Number(counts['bad_rows']));
    for (const row of good) {
      expect(served(byCode.get(row['dossier_code']) ?? {})).toEqual(meant(row));
    }
  });

  it('has steps, supplements and fees as the ledger says', async () => {
    const city = await smallCity();
    const [from, to] = ['2025-09-01', '2025-09-30'];
    const found = (await rows(city, from, to)).filter((row) => typeof row['MaHoSo'] === 'string');
    const distinct = [...new Map(found.map((row) => [row['MaHoSo'], row])).values()];
    const total = (name: string): number =>
      distinct.reduce((sum, row) => sum + count(row[name]), 0);
    for (const [stream, name] of [
      ['dossier_steps', 'TienTrinh'],
      ['dossier_supplements', 'DanhSachHoSoBoSung'],
      ['dossier_fees', 'DanhSachLePhi'],
    ] as const) {
      const rowsMeant = await ledger(city, stream, from, to);
      expect(rowsMeant.filter((row) => row['dossier_code'] !== null).length).toBe(total(name));
    }
  });

  it('spoils a few rows on purpose, and counts them', async () => {
    const city = await smallCity({ scale: 0.5 });
    const found = await rows(city, '2024-10-06', '2025-10-05');
    const counts = await ledgerCounts(city, 'dossiers', '2024-10-06', '2025-10-05');
    const kinds = fields(counts['bad_by_kind']);
    const impossible = /-02-31 |0231080000/;
    expect(found.filter((row) => row['TrangThaiHoSo'] === 99).length).toBe(kinds['unknown-status']);
    expect(found.filter((row) => impossible.test(String(row['NgayTiepNhan']))).length).toBe(
      kinds['impossible-date'],
    );
    expect(found.filter((row) => typeof row['MaHoSo'] !== 'string').length).toBe(
      kinds['missing-key'],
    );
    expect(Object.values(kinds).every((value) => Number(value) > 0)).toBe(true);
    expect(Number(counts['late_corrections'])).toBeGreaterThan(0);
  });

  it('orders by update time and caps the page size in silence', async () => {
    const city = await smallCity({ scale: 0.2 });
    const answer = await page(
      city,
      'tuNgay=20250401000000&denNgay=2025-09-30 23:59:59&soLuong=9999',
    );
    const data = records(answer['data']);
    expect(data.length).toBe(500);
    const times = data.map((row) => moment(row['NgayCapNhat']) ?? '');
    expect(times).toEqual(times.toSorted());
    const past = await page(city, 'tuNgay=2025-04-01&denNgay=2025-09-30&trang=999');
    expect(past['data']).toEqual([]);
  });

  it('writes dates in both spellings', async () => {
    const city = await smallCity();
    const found = await rows(city, '2025-09-01', '2025-09-30');
    const spellings = new Set(found.map((row) => String(row['NgayCapNhat']).length));
    expect(spellings).toEqual(new Set([14, 19]));
  });

  it('answers 200 with an error code to faulty parameters', async () => {
    const city = await smallCity();
    for (const query of [
      '',
      'tuNgay=2025-02-30&denNgay=2025-03-01',
      'tuNgay=2025-01-01&denNgay=2025-01-02&trang=0',
    ]) {
      expect((await page(city, query))['error_code']).toBe(1002);
    }
  });

  it('lets tokens end by time and by number of requests', async () => {
    let now = 0;
    const city = await smallCity({ clock: () => now });
    const first = await dvcToken(city);
    now += 299_000;
    expect((await dvc(city, '/dvc/danhmuc/trangthai', first)).status).toBe(200);
    now += 2_000;
    expect((await dvc(city, '/dvc/danhmuc/trangthai', first)).status).toBe(401);
    const second = await dvcToken(city);
    const statuses: number[] = [];
    for (let i = 0; i < 201; i += 1) {
      now += 50;
      statuses.push((await dvc(city, '/dvc/danhmuc/trangthai', second)).status);
    }
    expect(statuses.indexOf(401)).toBe(200);
  });

  it('limits the rate', async () => {
    const city = await smallCity({ clock: () => 5_000 });
    const token = await dvcToken(city);
    const answers = [];
    for (let i = 0; i < 60; i += 1) answers.push(await dvc(city, '/dvc/danhmuc/trangthai', token));
    expect(answers.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 59 }, () => 200),
      429,
    ]);
    expect(answers.at(-1)?.headers.get('retry-after')).toBe('1');
  });

  it('passes pending dossiers of district units to commune centres on the reform', async () => {
    const before = await smallCity({ now: '2025-06-30', scale: 0.1 });
    const after = await smallCity({ now: '2025-07-01', scale: 0.1 });
    const pending = (await ledger(before, 'dossiers', '2025-06-20', '2025-06-30')).filter(
      (row) =>
        [1, 2, 4, 5, 6].includes(Number(row['status'])) &&
        /^H3[01]\.[23]\d$/.test(String(row['agency_code'])),
    );
    expect(pending.length).toBeGreaterThan(5);
    const handed = new Map(
      (await ledger(after, 'dossiers', '2025-07-01', '2025-07-01')).map((row) => [
        row['dossier_code'],
        row,
      ]),
    );
    for (const row of pending.filter(({ defect }) => defect !== 'missing-key')) {
      expect(String(handed.get(row['dossier_code'])?.['agency_code'])).toMatch(/^H31\.[12]\d\d$/);
    }
  });

  it('does not change a dossier that had its last update before now moved on', async () => {
    const early = await smallCity({ now: '2025-09-15', years: 0.5 });
    const late = await smallCity({ now: '2025-10-05', years: 0.5 });
    const [from, to] = ['2025-08-01', '2025-09-15'];
    const known = new Map(
      (await ledger(early, 'dossiers', from, to)).map((row) => [JSON.stringify(row), row]),
    );
    const still = await ledger(late, 'dossiers', from, to);
    expect(still.length).toBeGreaterThan(50);
    expect(still.every((row) => known.has(JSON.stringify(row)))).toBe(true);
  });

  it('tells lives whose events never go back in time', () => {
    for (let day = dayOf('2025-06-01'); day < dayOf('2025-07-20'); day += 1) {
      for (let sequence = 0; sequence < 40; sequence += 1) {
        const times = dossierLife(1, day, sequence).events.map((event) => event.at);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }
    }
  });

  it('takes in 60,000 dossiers a year at scale 1, within 2 %', () => {
    const horizon = horizonOf({ now: '2026-11-22' });
    for (const year of ['2023', '2024', '2025']) {
      let sum = 0;
      for (let day = dayOf(`${year}-01-01`); day <= dayOf(`${year}-12-31`); day += 1) {
        sum += dossierCount(horizon, day);
      }
      expect(Math.abs(sum - 60_000)).toBeLessThan(1_200);
    }
  });

  it('lists statuses, procedures and agencies', async () => {
    const city = await smallCity();
    const lengths = [];
    for (const list of ['trangthai', 'tthc', 'donvi']) {
      const answer = fields(await (await dvc(city, `/dvc/danhmuc/${list}`)).json());
      lengths.push(records(answer['data']).length);
    }
    expect(lengths).toEqual([10, 44, 2 + 24 + 27 + 114]);
  });
});
