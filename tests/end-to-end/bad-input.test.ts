import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { City } from '../../simulator/city.ts';
import { writeCovidDirectory } from '../../simulator/covid/write-directory.ts';
import { einvoice as einvoiceFile, smallCity } from '../simulator/start.ts';
import { openServedHome, type ServedHome, type ServedOutcome } from './served-home.ts';

/** No bad input may keep a run busy for longer. */
const mostMs = 60_000;
const lastDay = '10-05-2025.csv';

const reasonSchema = z.object({ vi: z.string().min(10), en: z.string().min(10) });
const resultSchema = z.object({
  status: z.string(),
  run: z.string(),
  streams: z.array(
    z.object({ stream: z.string(), status: z.string(), reason: reasonSchema.nullable() }),
  ),
});
const tableSchema = z.object({
  rows: z.array(z.array(z.union([z.string(), z.boolean(), z.null()]))),
});

let home: ServedHome;
let city: City;
let covid: string;
let xml: string;

beforeAll(async () => {
  home = await openServedHome({ solo: true });
  city = await smallCity({ now: '2025-10-05', scale: 0.02 });
  covid = path.join(home.files, 'covid');
  xml = path.join(home.files, 'xml');
  await mkdir(xml);
  await writeCovidDirectory({ directory: covid, now: '2025-10-05', from: '2025-10-03' });
  await add('covid', 'covid-daily', [`base=${covid}`]);
  await add('covid-http', 'covid-daily', [`base=${city.url}/covid/daily/`, 'from=2025-10-05']);
  await writeFile(path.join(xml, 'a.xml'), await invoiceFile());
  await add('invoices', 'einvoice', [`base=${xml}`]);
  const dvc = [`base=${city.url}/dvc/`, 'clientId=ioc-haiphong', 'from=2025-10-01'];
  await add('dvc', 'dvc', dvc, ['--set-secret', 'password=mo-phong']);
  for (const source of ['covid', 'invoices', 'dvc']) {
    const { json, exit, stderr } = await home.run(['ingest', source, '--json']);
    expect(exit, stderr).toBe(0);
    expect(resultSchema.parse(json).status).toBe('ok');
  }
}, 300_000);

afterAll(() => home.remove());
afterEach(async () => {
  await fetch(`${city.url}/_faults`, { method: 'DELETE' });
});

describe('files that change for the worse', () => {
  const truncated = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2));
  const edited = (find: string | RegExp, put: string) => (bytes: Buffer) =>
    Buffer.from(bytes.toString('utf8').replace(find, put));

  it.each([
    ['a truncated file', truncated],
    ['a wrong header', edited('Confirmed', 'Xac_nhan')],
    ['a renamed member', edited(/Hải Phòng/g, 'Hai Phong City')],
  ])('%s is held', async (_what, spoil) => {
    const file = path.join(covid, lastDay);
    const good = await readFile(file);
    await writeFile(file, spoil(good));
    try {
      await refused('covid', 'staging.covid_report', ['--from', '2025-10-05'], 'held', 3);
    } finally {
      await writeFile(file, good);
    }
  });

  it('is well again once the file is', async () => {
    const { exit } = await home.run(['ingest', 'covid', '--json']);
    expect(exit).toBe(0);
  });

  it.each([
    ['an XML bomb', `<!DOCTYPE HDon [<!ENTITY a0 "mô phỏng">${bombEntities()}]><HDon>&a12;</HDon>`],
    [
      'an external entity',
      '<!DOCTYPE HDon [<!ENTITY f SYSTEM "file:///etc/hostname">]><HDon>&f;</HDon>',
    ],
  ])('%s is held', async (_what, body) => {
    const file = path.join(xml, 'b.xml');
    await writeFile(file, `<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
    await copyFile(path.join(xml, 'a.xml'), path.join(home.files, 'a.xml'));
    await rm(path.join(xml, 'a.xml'));
    try {
      await refused('invoices', 'staging.invoice', ['--full'], 'held', 3);
    } finally {
      await rm(file);
      await copyFile(path.join(home.files, 'a.xml'), path.join(xml, 'a.xml'));
    }
  });
});

describe('services that fail', () => {
  it('a body cut short on the way is held', async () => {
    await fault(`/covid/daily/${lastDay}`, 'truncate', 1);
    await refused('covid-http', 'staging.covid_report', [], 'held', 3);
  });

  it('HTTP 200 with an error inside fails', async () => {
    await fault('/dvc/hoso', 'error-in-200', 100);
    const reasons = await refused('dvc', 'staging.dossier', ['--from', '2025-10-01'], 'failed', 1);
    expect(reasons.join()).toContain('1001');
  });

  it('a page that repeats for ever fails', async () => {
    await fault('/dvc/hoso', 'repeat-page', 1_000_000);
    await refused('dvc', 'staging.dossier', ['--from', '2025-10-01'], 'failed', 1);
  });
});

/** Ingests; expects the status and exit code, a reason in both languages, and the table as it was. */
async function refused(
  source: string,
  table: string,
  words: readonly string[],
  status: string,
  exit: number,
): Promise<readonly string[]> {
  const before = await rowsOf(table);
  expect(before[0]?.[0]).not.toBe('0');
  const outcome = await home.run(['ingest', source, ...words, '--json']);
  const result = resultSchema.parse(outcome.json);
  expect({ status: result.status, exit: outcome.exit }).toEqual({ status, exit });
  expect(outcome.ms).toBeLessThan(mostMs);
  const reasons = result.streams.flatMap(({ reason }) => (reason ? [reason] : []));
  expect(reasons.length).toBeGreaterThan(0);
  expect(reasons.every(({ vi, en }) => vi !== en)).toBe(true);
  expect(await rowsOf(table)).toEqual(before);
  await shownInMeta(result.run, status);
  return reasons.map(({ vi }) => vi);
}

/** A held batch and a failed run are both there to be asked about. */
async function shownInMeta(run: string, status: string): Promise<void> {
  const runs = await table(`select status from meta.runs where run = '${run}'`);
  expect(runs).toEqual([[status]]);
  const batches = await table(`select distinct status from meta.batches where run = '${run}'`);
  expect(batches.flat()).not.toContain('published');
  if (status === 'held') expect(batches).toEqual([['held']]);
}

/** Number of rows and a hash over all of them. */
function rowsOf(name: string): ReturnType<typeof table> {
  return table(
    `select count(*), md5(string_agg(cast(t as varchar), chr(10) order by cast(t as varchar))) from ${name} t`,
  );
}

async function table(sql: string) {
  const outcome: ServedOutcome = await home.run(['query', sql, '--json']);
  expect(outcome.exit, outcome.stderr).toBe(0);
  return tableSchema.parse(outcome.json).rows;
}

async function add(
  name: string,
  connector: string,
  config: readonly string[],
  more: readonly string[] = [],
): Promise<void> {
  const settings = config.flatMap((pair) => ['--set', pair]);
  const words = ['source', 'add', name, '--connector', connector, ...settings, ...more];
  const { exit, stderr } = await home.run(words);
  expect(exit, stderr).toBe(0);
}

async function fault(where: string, kind: string, times: number): Promise<void> {
  await fetch(`${city.url}/_faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path: where, kind, times }),
  });
}

/** One true file of the city's tax office. */
async function invoiceFile(): Promise<Buffer> {
  const index = z
    .object({ files: z.array(z.object({ name: z.string(), kind: z.string() })) })
    .parse(await (await einvoiceFile(city, '/einvoice/index.json')).json());
  const file = index.files.find(({ name }) => name.startsWith('TDiep_'));
  if (!file) throw new Error('the city has no envelope');
  return Buffer.from(
    await (await einvoiceFile(city, `/einvoice/files/${file.name}`)).arrayBuffer(),
  );
}

function bombEntities(): string {
  return Array.from(
    { length: 12 },
    (_, at) => `<!ENTITY a${at + 1} "${`&a${at};`.repeat(10)}">`,
  ).join('');
}
