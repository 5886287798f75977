import { existsSync } from 'node:fs';
import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openServedHome, type ServedHome } from './served-home.ts';

const real = path.resolve(import.meta.dirname, '../../../shared/data/covid-jhu/daily');
const why = existsSync(real) ? '' : ` (skipped: ${real} is not here)`;
const edited = '04-15-2020.csv';

const resultSchema = z.object({
  status: z.string(),
  streams: z.array(z.looseObject({ received: z.number(), unchanged: z.number() })),
});
const tableSchema = z.object({ rows: z.array(z.array(z.string().nullable())) });

/** Day and country → confirmed, deaths, recovered. */
type Totals = ReadonlyMap<string, readonly [bigint, bigint, bigint]>;

describe.skipIf(why !== '')(`the files of Johns Hopkins as they were${why}`, () => {
  let home: ServedHome;
  let files: string;

  beforeAll(async () => {
    home = await openServedHome({ solo: true });
    files = path.join(home.files, 'daily');
    await cp(real, files, { recursive: true });
    const added = await home.run([
      'source',
      'add',
      'jhu',
      '--connector',
      'covid-daily',
      '--set',
      `base=${files}`,
    ]);
    expect(added.exit, added.stderr).toBe(0);
    const { json, exit, stderr } = await home.run(['ingest', 'jhu', '--json']);
    expect(exit, stderr).toBe(0);
    expect(resultSchema.parse(json).status).toBe('ok');
  }, 400_000);
  afterAll(() => home.remove());

  it('national and world totals of every day are the sums of the files', async () => {
    const expected = await totalsOf(files);
    const found = await rows(
      `select report_day, country_as_given, sum(confirmed), sum(deaths), sum(recovered)
       from staging.covid_report group by all`,
    );
    const totals = new Map(
      found.map(([day, country, ...sums]) => [`${day} ${country}`, sums.map(String)]),
    );
    expect(totals.size).toBe(expected.size);
    const wrong = [...expected].filter(
      ([place, sums]) => String(totals.get(place)) !== String(sums),
    );
    expect(wrong).toEqual([]);

    const world = await rows(
      `select report_day, sum(confirmed), sum(deaths), sum(recovered) from staging.covid_report group by all order by all`,
    );
    expect(world).toEqual(worldOf(expected));
  });

  it('countries go by one name: totals by country of the mart are the world again', async () => {
    await home.run(['build', 'mart.covid_daily_total', '--json']);
    const world = await rows(
      `select report_date, sum(confirmed), sum(deaths), sum(recovered) from mart.covid_daily_total group by all order by all`,
    );
    expect(world).toEqual(worldOf(await totalsOf(files)));
    const china = await rows(
      `select count(distinct country) from mart.covid_daily_total where country in ('China', 'Mainland China')`,
    );
    expect(china).toEqual([['1']]);
  });

  it('a second ingest is all unchanged', async () => {
    const counts = await ingest();
    expect(counts['received']).toBeGreaterThan(10_000);
    expect(counts).toMatchObject({ new: 0, changed: 0, quarantined: 0, deleted: 0 });
    expect(counts['unchanged']).toBe(counts['received']);
  });

  it('an edited day changes exactly those rows, and the earlier figure can still be asked for', async () => {
    const sql = `select country, province, confirmed from staging.covid_report
      where report_day = date '2020-04-15' and country in ('Vietnam', 'Laos') order by country`;
    const before = await rows(sql);
    const then = new Date().toISOString();
    const text = await readFile(path.join(files, edited), 'utf8');
    const raised = text.replace(
      /^(,,,Vietnam,.*?,)(\d+)(,\d+,\d+,)/m,
      (_line, head: string, n: string, tail: string) => `${head}${Number(n) + 7}${tail}`,
    );
    expect(raised).not.toBe(text);
    await writeFile(path.join(files, edited), raised);

    const counts = await ingest();
    expect(counts).toMatchObject({ new: 0, changed: 1, quarantined: 0, deleted: 0 });
    expect(counts['unchanged']).toBe(Number(counts['received']) - 1);
    const after = await rows(sql);
    expect(after).toEqual(
      before.map(([country, province, confirmed]) => [
        country,
        province,
        country === 'Vietnam' ? String(Number(confirmed) + 7) : confirmed,
      ]),
    );
    expect(await rows(sql, ['--as-of', then])).toEqual(before);
  });

  async function ingest(): Promise<Readonly<Record<string, unknown>>> {
    const { json, exit, stderr } = await home.run(['ingest', 'jhu', '--json']);
    expect(exit, stderr).toBe(0);
    return resultSchema.parse(json).streams[0] ?? {};
  }

  async function rows(sql: string, words: readonly string[] = []) {
    const outcome = await home.run(['query', sql, '--json', ...words]);
    expect(outcome.exit, outcome.stderr).toBe(0);
    return tableSchema.parse(outcome.json).rows;
  }
});

/** Sums the files' own columns by country as printed; knows nothing of the product. */
async function totalsOf(directory: string): Promise<Totals> {
  const totals = new Map<string, readonly [bigint, bigint, bigint]>();
  for (const name of (await readdir(directory)).filter((file) => file.endsWith('.csv'))) {
    const [month, day, year] = name.slice(0, 10).split('-');
    const [head = [], ...records] = csv(await readFile(path.join(directory, name), 'utf8'));
    const place = (column: RegExp) => head.findIndex((title) => column.test(title));
    const country = place(/^Country[/_]Region$/);
    const columns = [place(/^Confirmed$/), place(/^Deaths$/), place(/^Recovered$/)] as const;
    for (const record of records) {
      const key = `${year}-${month}-${day} ${(record[country] ?? '').trim()}`;
      const [a, b, c] = columns.map((at) => BigInt((record[at] ?? '') || '0'));
      const [x, y, z] = totals.get(key) ?? [0n, 0n, 0n];
      totals.set(key, [x + (a ?? 0n), y + (b ?? 0n), z + (c ?? 0n)]);
    }
  }
  return totals;
}

function worldOf(totals: Totals): readonly (readonly string[])[] {
  const days = new Map<string, readonly [bigint, bigint, bigint]>();
  for (const [key, [a, b, c]] of totals) {
    const day = key.slice(0, 10);
    const [x, y, z] = days.get(day) ?? [0n, 0n, 0n];
    days.set(day, [x + a, y + b, z + c]);
  }
  return [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, sums]) => [day, ...sums.map(String)]);
}

/** Records of a CSV text with quotes, without blank lines. */
function csv(text: string): readonly (readonly string[])[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field = '']) =>
        field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
      ),
    );
}
