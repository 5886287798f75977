import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { serveRecords } from '../../bench/paged-api/serve-records.ts';
import { fileSource, fileStream, pagedSource, pagedStream } from './large/large-manifests.ts';
import type { JsonObject } from '../../core/json.ts';

const records = Number(process.env['SOAK_RECORDS'] ?? 10_000_000);
const fileBytes = Number(process.env['SOAK_FILE_BYTES'] ?? 2_000_000_000);
const pageSize = 5_000;

const landingLimit = 512 * 2 ** 20;
const loadingLimit = 2 * 2 ** 30;

const root = mkdtempSync(path.join(tmpdir(), 'phusa-large-'));
const home = path.join(root, 'home');
const script = path.join(import.meta.dirname, 'large/run-large.ts');
const loaders = ['typescript-loader.js', 'compiled-loader.js'].map(
  (name) => pathToFileURL(path.join(import.meta.dirname, '../harness', name)).href,
);

const effort = z.object({ seconds: z.number(), peakBytes: z.number() });

beforeEach(() => {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each([
  ['windows of ten days', 'P10D'],
  ['one batch of all', 'P100D'],
])(`a paged API of ${records} records, %s`, (_, step) => {
  it('is read and landed in bounded memory, each record asked for once', async () => {
    const service = await serveRecords({ records, pageSize }, false);
    try {
      const took = await run('land', pagedSource(service.url, pageSize, step), pagedStream);
      expect(service.given()).toBe(records);
      expect(took.peakBytes).toBeLessThanOrEqual(landingLimit);
    } finally {
      await service.close();
    }
  });

  it('is loaded in bounded memory, no record lost or doubled', async () => {
    const service = await serveRecords({ records, pageSize }, false);
    try {
      const config = pagedSource(service.url, pageSize, step);
      const took = await run('load', config, pagedStream);
      expect(service.given()).toBe(records);
      expect(took.peakBytes).toBeLessThanOrEqual(loadingLimit);
      expect(await sums(config, pagedStream)).toEqual({
        rows: String(records),
        fees: String((records / 1000) * (499_500 * 500)),
        rejected: '0',
      });
    } finally {
      await service.close();
    }
  });
});

describe(`a CSV file of ${fileBytes} bytes`, () => {
  it('is read and landed, then loaded, in bounded memory', async () => {
    const directory = path.join(root, 'inbox');
    const written = await writeFile(directory);
    const config = fileSource(directory);
    expect((await run('land', config, fileStream)).peakBytes).toBeLessThanOrEqual(landingLimit);
    rmSync(home, { recursive: true });
    mkdirSync(home);
    expect((await run('load', config, fileStream)).peakBytes).toBeLessThanOrEqual(loadingLimit);
    expect(await sums(config, fileStream)).toEqual({ ...written, rejected: '0' });
  });
});

async function run(what: 'land' | 'load', config: JsonObject, stream: string) {
  const took = effort.parse(await child(what, config, stream));
  const megabytes = (took.peakBytes / 2 ** 20).toFixed(0);
  process.stdout.write(`${what} ${stream}: ${took.seconds.toFixed(1)} s, ${megabytes} MiB\n`);
  return took;
}

async function sums(config: JsonObject, stream: string): Promise<unknown> {
  return await child('sum', config, stream);
}

async function child(what: string, config: JsonObject, stream: string): Promise<unknown> {
  const input = JSON.stringify({ home, config, what, table: `staging.${stream}` });
  const words = [...loaders.flatMap((loader) => ['--import', loader]), script, input];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as unknown;
}

/** Writes a file of at least so many bytes; gives its rows and the sum of their fees. */
async function writeFile(directory: string): Promise<{ rows: string; fees: string }> {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'dossiers.csv');
  const rows = Math.ceil(fileBytes / 120 / 1000) * 1000;
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '500MB' });
  const connection = await instance.connect();
  await connection.run(`copy (select 'HS-' || lpad(n::varchar, 12, '0') as dossier_code,
      '1.00' || (n % 9000 + 1000) || '.000.00.00.H24' as procedure_code, (10000 + n % 168)::varchar as ward_code,
      ['web', 'app', 'direct'][n % 3 + 1] as channel, (n % 1000) * 500 as fee,
      strftime(timestamp '2026-01-01' + to_seconds(n % 31536000), '%Y-%m-%d %H:%M:%S') as submitted_at,
      'Hồ sơ giả lập, số ' || n || ', nộp tại bộ phận một cửa' as note
    from range(${rows}) r(n)) to '${file}' (header)`);
  connection.closeSync();
  instance.closeSync();
  expect(statSync(file).size).toBeGreaterThanOrEqual(fileBytes);
  return { rows: String(rows), fees: String((rows / 1000) * (499_500 * 500)) };
}
