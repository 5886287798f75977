import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { City } from '../../simulator/city.ts';
import { smallCity } from '../simulator/start.ts';
import { openServedHome, type ServedHome } from './served-home.ts';

const listing = z.array(z.object({ name: z.string(), size: z.int() }));
const ingested = z.object({
  status: z.string(),
  streams: z.array(z.object({ stream: z.string(), quarantined: z.int(), new: z.int() })),
});
const table = z.object({ rows: z.array(z.array(z.string().nullable())) });

let home: ServedHome;
let city: City;
beforeAll(async () => {
  home = await openServedHome({ solo: true });
  city = await smallCity({ now: '2025-10-05', scale: 0.02 });
}, 120_000);
afterAll(() => home.remove());

/** What a department puts into its folder: every workbook that the city offers. */
async function download(folder: string, into: string): Promise<number> {
  await mkdir(into);
  const files = listing.parse(await (await fetch(`${city.url}${folder}`)).json());
  for (const { name, size } of files) {
    const bytes = new Uint8Array(await (await fetch(`${city.url}${folder}${name}`)).arrayBuffer());
    expect(bytes.length).toBe(size);
    await writeFile(path.join(into, name), bytes);
  }
  return files.length;
}

async function meant(stream: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const text = await (await fetch(`${city.url}/_ledger/${stream}.ndjson`)).text();
  return text
    .trim()
    .split('\n')
    .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
}

async function addAndIngest(name: string, words: readonly string[]) {
  const added = await home.run(['source', 'add', name, ...words]);
  expect(added.exit, added.stderr).toBe(0);
  const { json, exit, stderr } = await home.run(['ingest', name, '--json']);
  expect(exit, stderr).toBe(0);
  return ingested.parse(json);
}

async function rows(sql: string) {
  const { json, exit, stderr } = await home.run(['query', sql, '--json']);
  expect(exit, stderr).toBe(0);
  return table
    .parse(json)
    .rows.map((row) => row.join('|'))
    .toSorted();
}

it('monthly forms: every figure of the ledger in its last stage, by source add and ingest', async () => {
  const base = path.join(home.files, 'forms');
  expect(await download('/forms/', base)).toBe(24);
  const columns = [
    { header: 'Thực hiện tháng trước', measure: 'value', months: -1, vintage: 'final' },
    { header: 'Ước thực hiện tháng', measure: 'value', months: 0, vintage: 'estimate' },
  ];
  const forms = ['ban-le', 'cang-bien'].map((id) => ({
    ...{ id, file: `${id}_YYYY-MM.xlsx`, columns, area: '31' },
  }));
  const config = path.join(home.files, 'forms.json');
  await writeFile(config, JSON.stringify({ base, publisher: 'so-ct', forms }));
  const { status } = await addAndIngest('bieu', [
    ...['--connector', 'provincial-forms', '--config', config],
  ]);
  expect(status).toBe('ok');
  const figures = await meant('form_figures');
  expect(
    await rows(`select dataset || '|' || indicator || '|' || period || '|' || vintage || '|' || round(value)::bigint
      from staging.socioeconomic_figure`),
  ).toEqual(
    figures
      .map(({ form, item, month, stage, value }) => {
        const scaled = Math.round(Number(value) * (form === 'ban-le' ? 1e9 : 1e3));
        return [form, item, month, stage, scaled].join('|');
      })
      .toSorted(),
  );
}, 120_000);

it('school registers: every pupil of the ledger once, by source add and ingest', async () => {
  const base = path.join(home.files, 'registers');
  expect(await download('/school/registers/', base)).toBe(5);
  const words = ['--connector', 'school-register', '--set', `base=${base}`];
  const { status, streams } = await addAndIngest('so-hoc-sinh', words);
  expect([status, streams.map(({ quarantined }) => quarantined)]).toEqual([
    'ok',
    streams.map(() => 0),
  ]);
  const pupils = await meant('registered_pupils');
  expect(
    await rows(`select school_code || '|' || school_year || '|' || class_code || '|' || pupil_code || '|' || state
      from staging.school_register_pupil`),
  ).toEqual(
    pupils
      .map(({ school, year, class: one, pupil, state }) =>
        [school, year, one, pupil, state].join('|'),
      )
      .toSorted(),
  );
}, 120_000);
