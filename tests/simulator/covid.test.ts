import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { correctionDay } from '../../simulator/covid/edition.ts';
import { COVID_HEADER, fileName } from '../../simulator/covid/daily-file.ts';
import { writeCovidDirectory } from '../../simulator/covid/write-directory.ts';
import { dayOf, isoDay } from '../../simulator/days.ts';
import { ledger, records, smallCity } from './start.ts';

async function dayFile(url: string, date: string): Promise<string> {
  return (await fetch(`${url}/covid/daily/${fileName(dayOf(date))}`)).text();
}

function cells(text: string): readonly (readonly string[])[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const rows = lines.slice(1).filter((line) => line !== '');
  return rows.map((line) => line.replace(/"[^"]*"/, 'key').split(','));
}

/** A day whose file changes later, and the day it changes. */
function republished(): readonly [number, number] {
  for (let day = dayOf('2025-01-01'); ; day += 1) {
    const corrected = correctionDay(1, day);
    if (corrected !== undefined) return [day, corrected];
  }
}

describe('COVID daily reports', () => {
  it('gives 374 communes before the reform and 114 after it, sums carried over', async () => {
    const { url } = await smallCity();
    const before = cells(await dayFile(url, '2025-06-30'));
    const after = cells(await dayFile(url, '2025-07-01'));
    expect([before.length, after.length]).toEqual([374, 114]);
    const sum = (rows: readonly (readonly string[])[]): number =>
      rows.reduce((total, row) => total + Number(row[7]), 0);
    expect(Math.abs(sum(after) - sum(before))).toBeLessThan(400);
    expect(new Set(before.map((row) => row[2]))).toEqual(new Set(['Hải Dương', 'Hải Phòng']));
    expect(new Set(after.map((row) => row[2]))).toEqual(new Set(['Hải Phòng']));
  });

  it('serves what the ledger says', async () => {
    const city = await smallCity();
    for (const date of ['2025-06-30', '2025-07-01', '2025-10-05']) {
      const text = await dayFile(city.url, date);
      expect(text.replace(/^\uFEFF/, '').split('\n')[0]).toBe(COVID_HEADER);
      const served = cells(text).map((row) => [row[0], ...row.slice(7, 11).map(Number)]);
      const meant = await ledger(city, 'covid_daily', date, date);
      expect(served).toEqual(
        meant.map((row) => [
          row['commune_code'],
          row['confirmed'],
          row['deaths'],
          row['recovered'],
          row['active'],
        ]),
      );
    }
  });

  it('answers 404 outside its days and 304 to a known tag', async () => {
    const { url } = await smallCity();
    const address = `${url}/covid/daily/10-05-2025.csv`;
    const first = await fetch(address);
    expect(first.headers.get('x-simulated')).toBe('true');
    const known = { 'if-none-match': first.headers.get('etag') ?? '' };
    const since = { 'if-modified-since': first.headers.get('last-modified') ?? '' };
    expect((await fetch(address, { headers: known })).status).toBe(304);
    expect((await fetch(address, { headers: since })).status).toBe(304);
    for (const name of ['10-06-2025.csv', '10-05-2024.csv', '02-31-2025.csv', 'x.csv']) {
      expect((await fetch(`${url}/covid/daily/${name}`)).status).toBe(404);
    }
  });

  it('lists its files with their true sizes', async () => {
    const { url } = await smallCity({ years: 0.03 });
    const list = records(await (await fetch(`${url}/covid/daily/`)).json());
    expect(list.length).toBe(11);
    for (const { name, size } of list) {
      const bytes = await (await fetch(`${url}/covid/daily/${String(name)}`)).arrayBuffer();
      expect(bytes.byteLength).toBe(size);
    }
  });

  it('changes a republished day on its correction day, and no other', async () => {
    const [day, corrected] = republished();
    const cities = await Promise.all(
      [day, corrected - 1, corrected].map((last) => smallCity({ now: isoDay(last), years: 0.2 })),
    );
    const texts = await Promise.all(cities.map(({ url }) => dayFile(url, isoDay(day))));
    expect(texts[0]).toBe(texts[1]);
    expect(texts[2]).not.toBe(texts[1]);
    const total = (text = ''): number => cells(text).reduce((sum, row) => sum + Number(row[7]), 0);
    expect(total(texts[2])).toBeGreaterThan(total(texts[1]));
  });

  it('does not depend on now or on how far back is shown', async () => {
    const early = await smallCity({ now: '2025-03-02', years: 0.1 });
    const late = await smallCity({ now: '2025-03-03', years: 3 });
    for (const date of ['2025-02-20', '2025-03-01', '2025-03-02']) {
      if (correctionDay(1, dayOf(date)) === dayOf('2025-03-03')) continue;
      expect(await dayFile(early.url, date)).toBe(await dayFile(late.url, date));
    }
    const other = await smallCity({ now: '2025-03-02', years: 0.1, seed: 2 });
    expect(await dayFile(other.url, '2025-03-01')).not.toBe(await dayFile(early.url, '2025-03-01'));
  });

  it('uses the known alias for one day of the year', async () => {
    const { url } = await smallCity();
    expect(cells(await dayFile(url, '2025-03-10')).every((row) => row[3] === 'Viet Nam')).toBe(
      true,
    );
    expect(cells(await dayFile(url, '2025-03-11')).every((row) => row[3] === 'Vietnam')).toBe(true);
  });

  it('has figures that fall now and then, and never below zero', async () => {
    const { url } = await smallCity();
    const days = Array.from({ length: 20 }, (_, i) => isoDay(dayOf('2025-05-02') + i));
    const texts = await Promise.all(days.map((date) => dayFile(url, date)));
    const series = texts.map((text) => cells(text).map((row) => Number(row[7])));
    const falls = series
      .slice(1)
      .flatMap((row, i) => row.filter((value, j) => value < (series[i]?.[j] ?? 0)));
    expect(falls.length).toBeGreaterThan(0);
    const figures = texts.flatMap((text) => cells(text).flatMap((row) => row.slice(7, 11)));
    expect(figures.map(Number).every((value) => value >= 0)).toBe(true);
  });

  it('writes the same files into a directory', async () => {
    const { url } = await smallCity();
    const directory = await mkdtemp(join(tmpdir(), 'covid-'));
    const options = { directory, now: '2025-10-05', years: 1, from: '2025-06-29' };
    const names = await writeCovidDirectory({ ...options, to: '2025-07-02' });
    expect(names).toEqual(['06-29-2025.csv', '06-30-2025.csv', '07-01-2025.csv', '07-02-2025.csv']);
    const written = await readFile(join(directory, '07-01-2025.csv'), 'utf8');
    expect(written).toBe(await dayFile(url, '2025-07-01'));
  });
});
