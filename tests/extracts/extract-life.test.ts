import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createPublicKey, verify } from 'node:crypto';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { expireExtracts } from '../../services/extract-services.ts';
import {
  callOf,
  caseOf,
  idOf,
  openExtractHome,
  requestOf,
  type ExtractHome,
} from './extract-home.ts';

const asker = callOf('thongke', ['statistician']);
const steward = callOf('duyet', ['steward']);
const other = callOf('khac', ['statistician']);

let home: ExtractHome;
beforeEach(async () => {
  home = await openExtractHome();
  await home.load([
    ...['p1', 'p2'].map((person) => caseOf(person, 'A')),
    ...['p1', 'p2', 'p3'].map((person) => caseOf(person, 'B', { month: '2026-02' })),
    ...['p4', 'p5', 'p6', 'p7'].map((person) => caseOf(person, 'C')),
  ]);
});
afterEach(() => home.remove());

const byCommune = { groupBy: ['commune'], measures: [{ column: 'person', fn: 'count_distinct' }] };
const asked = async (changes: JsonObject) =>
  idOf(await home.services.request(asker, requestOf(changes)));
async function ready(changes: JsonObject): Promise<string> {
  const id = await asked(changes);
  const made = await home.services.approve(steward, id);
  expect(made['status']).toBe('ready');
  return id;
}
async function fileOf(id: string, name: string): Promise<Buffer> {
  const file = (await home.services.files(asker, id)).find((one) => one.name === name);
  if (!file) throw new Error(`no ${name}`);
  return readFileSync(file.path);
}
/** The data file's rows as text, NULL as null. */
async function cellsOf(id: string, format: string): Promise<readonly (readonly unknown[])[]> {
  if (format === 'csv') {
    const lines = (await textOf(id, 'data.csv')).trim().split('\r\n').slice(1);
    return lines.map((line) => line.split(',').map((cell) => (cell === '' ? null : cell)));
  }
  const file = path.join(home.directory, id, `data.${format}`);
  if (format === 'parquet') return await parquetRows(file);
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(file);
  const rows: unknown[][] = [];
  book.worksheets[0]?.eachRow({ includeEmpty: true }, (row) => {
    rows.push([1, 2, 3].map((at) => (row.getCell(at).text === '' ? null : row.getCell(at).text)));
  });
  return rows;
}

const textOf = async (id: string, name: string) => (await fileOf(id, name)).toString('utf8');

describe('the bundle', () => {
  it('K01: cells of n−1, n and n+1 persons, each person counted once, zero cells not invented', async () => {
    const id = await ready(byCommune);
    expect(await textOf(id, 'data.csv')).toBe(
      '\ufeffcommune,person_count_distinct,person_count_distinct_mark\r\nA,,< 3\r\nB,3,\r\nC,4,\r\n',
    );
    expect(JSON.parse(await textOf(id, 'disclosure.json'))).toEqual({
      rule: { rule: 'minimum-frequency', minimum: 3, subject: 'person', unit: 'person' },
      suppressed: [{ commune: 'A', minimum: '3' }],
    });
  });

  it('K01: a person with many rows is one person', async () => {
    await home.load(
      ['01', '02', '03', '04'].map((month) => caseOf('p9', 'D', { month: `2026-${month}` })),
    );
    const id = await ready({ ...byCommune, measures: [{ column: 'person', fn: 'count' }] });
    expect(await textOf(id, 'data.csv')).toContain('\r\nD,,< 3\r\n');
  });

  it.each(['csv', 'xlsx', 'parquet'])(
    'K01: three cases of one applicant are one unit: the cell is empty in %s',
    async (format) => {
      await home.load(['1', '2', '3'].map((file_no) => caseOf('p8', 'E', { file_no })));
      const id = await ready({
        groupBy: ['commune'],
        measures: [{ column: 'commune', fn: 'count' }],
        format,
      });
      const cells = await cellsOf(id, format);
      expect(cells.find(([commune]) => commune === 'E')).toEqual(['E', null, '< 3']);
      expect(cells.find(([commune]) => commune === 'C')).toEqual(['C', '4', null]);
    },
  );

  it('K04: branches of one enterprise and one tax code in two spellings are one unit', async () => {
    const codes = ['0101234567', '0101234567-001', '0101234567002', '0107654321'];
    await home.load([
      ...codes.map((code) => caseOf(code, 'F')),
      ...[...codes, '0109999999'].map((code) => caseOf(code, 'G')),
    ]);
    const id = await ready(byCommune);
    const text = await textOf(id, 'data.csv');
    expect(text).toContain('\r\nF,,< 3\r\n');
    expect(text).toContain('\r\nG,3,\r\n');
  });

  it('K01: whoever has no identity is counted as nobody', async () => {
    await home.load(
      ['p1', 'p2', ''].map((person, n) => caseOf(person, 'H', { file_no: String(n) })),
    );
    const [cell] = await home.warehouse
      .select("select count(*) from mart.person_case where commune = 'H'")
      .then(({ rows }) => rows);
    const id = await ready({
      groupBy: ['commune'],
      measures: [{ column: 'commune', fn: 'count' }],
    });
    expect(cell?.[0]).toBe('3');
    expect(await textOf(id, 'data.csv')).toContain('\r\nH,,< 3\r\n');
  });

  it('K12: a combination that nobody has looks like one that two persons have', async () => {
    const id = await ready({ ...byCommune, groupBy: ['commune', 'month'] });
    const lines = (await textOf(id, 'data.csv')).trim().split('\r\n').slice(1);
    expect(lines).toEqual([
      'A,2026-01,,< 3',
      'A,2026-02,,< 3',
      'B,2026-01,,< 3',
      'B,2026-02,3,',
      'C,2026-01,4,',
      'C,2026-02,,< 3',
    ]);
  });

  it('a table that would list single cases is refused when it is approved', async () => {
    const many = Array.from({ length: 400 }, (_, n) =>
      caseOf(`q${n}`, `c${n}`, { age: String(n), cost: `${n}.00` }),
    );
    await home.load(many);
    const id = await asked({ ...byCommune, groupBy: ['commune', 'age', 'cost'] });
    await expect(home.services.approve(steward, id)).rejects.toMatchObject({
      code: 'disclosure-table-too-fine',
    });
    expect(await home.services.show(steward, id)).toMatchObject({ status: 'submitted' });
  });

  it('has hashes of every file under one Ed25519 signature', async () => {
    const id = await ready(byCommune);
    const manifestBytes = await fileOf(id, 'manifest.json');
    const manifest = JSON.parse(manifestBytes.toString()) as {
      files: { name: string; sha256: string; bytes: number }[];
      publicKey: string;
    };
    expect(manifest.files.map(({ name }) => name).sort()).toEqual([
      'README.txt',
      'codebook.csv',
      'data.csv',
      'disclosure.json',
      'request.json',
    ]);
    for (const { name, sha256, bytes } of manifest.files) {
      const found = await fileOf(id, name);
      expect(createHash('sha256').update(found).digest('hex')).toBe(sha256);
      expect(found.length).toBe(bytes);
    }
    expect(manifest.publicKey).toBe(home.publicKeyPem);
    const signature = Buffer.from((await textOf(id, 'manifest.json.sig')).trim(), 'base64');
    const key = createPublicKey(home.publicKeyPem);
    expect(verify(null, manifestBytes, key, signature)).toBe(true);
    const altered = Buffer.from(manifestBytes);
    altered[10] = (altered[10] ?? 0) ^ 1;
    expect(verify(null, altered, key, signature)).toBe(false);
  });

  it('has a README in the asker’s language with purpose, recipient, expiry and what was suppressed', async () => {
    const vi = await textOf(await ready(byCommune), 'README.txt');
    for (const line of [
      'Bên nhận: Cục Thống kê',
      'Mục đích: Nghiên cứu',
      'Hết hạn: 2026-12-31',
      'Số dòng: 3',
      'số ô bị che: 1',
    ])
      expect(vi).toContain(line);
    const english = callOf('thongke', ['statistician'], 'en');
    const id = idOf(
      await home.services.request(
        english,
        requestOf({
          ...byCommune,
          dataset: 'mart.open_case',
          measures: [{ column: 'cost', fn: 'sum' }],
        }),
      ),
    );
    await home.services.approve(steward, id);
    expect(await textOf(id, 'README.txt')).toContain('Recipient: Cục Thống kê');
  });

  it('cannot be made to say what it is not: line breaks of a purpose stay in its line', async () => {
    const id = await ready({ ...byCommune, purpose: 'x\nNgười duyệt: giám đốc' });
    const lines = (await textOf(id, 'README.txt')).split('\n');
    expect(lines.filter((line) => line.startsWith('Người duyệt:'))).toEqual([
      'Người duyệt: user:duyet',
    ]);
  });

  it('has the effective definition, as-of time included, and a codebook of every column', async () => {
    const id = await ready(byCommune);
    const request = JSON.parse(await textOf(id, 'request.json')) as JsonObject;
    expect(request).toMatchObject({
      ...byCommune,
      asOf: expect.stringMatching(/^2026-11-22T/) as string,
    });
    const codebook = (await textOf(id, 'codebook.csv')).trim().split('\r\n');
    expect(codebook.map((line) => line.split(',')[0])).toEqual([
      'column',
      'commune',
      'person_count_distinct',
      'person_count_distinct_mark',
    ]);
  });

  it.each(['csv', 'xlsx', 'parquet'])(
    '%s opens again with all rows and exact numbers',
    async (format) => {
      const id = await ready({
        dataset: 'mart.open_case',
        columns: ['commune', 'month', 'age', 'cost', 'day', 'insured'],
        format,
      });
      const bytes = await fileOf(id, `data.${format}`);
      expect(await recounted(format, bytes, home, id)).toEqual({ rows: 9, cost: '13.50' });
    },
  );

  it('the same definition and time give the same bytes, also after the data changed', async () => {
    const first = await ready(byCommune);
    const { asOf } = JSON.parse(await textOf(first, 'request.json')) as { asOf: string };
    await home.load([caseOf('p8', 'A')]);
    const second = await ready({ ...byCommune, asOf });
    expect(await fileOf(second, 'data.csv')).toEqual(await fileOf(first, 'data.csv'));
    await expect(ready(byCommune)).rejects.toMatchObject({ code: 'disclosure-needs-differencing' });
  });

  it('a time in the future means what is known now, for ever', async () => {
    const first = await ready({ ...byCommune, asOf: '2027-01-01' });
    const { asOf } = JSON.parse(await textOf(first, 'request.json')) as { asOf: string };
    expect(asOf < '2026-11-23').toBe(true);
  });
});

async function parquetRows(file: string): Promise<readonly (readonly unknown[])[]> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const read = await connection.runAndReadAll(`select columns(*)::varchar from '${file}'`);
  connection.closeSync();
  return read.getRows();
}

async function recounted(
  format: string,
  bytes: Buffer,
  { directory, warehouse }: ExtractHome,
  id: string,
) {
  if (format === 'xlsx') {
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.load(bytes as unknown as ArrayBuffer);
    const sheet = workbook.worksheets[0];
    let cost = 0n;
    for (let row = 2; row <= (sheet?.rowCount ?? 0); row += 1)
      cost += BigInt(Math.round(Number(sheet?.getRow(row).getCell(4).value) * 100));
    return { rows: (sheet?.rowCount ?? 0) - 1, cost: (Number(cost) / 100).toFixed(2) };
  }
  if (format === 'csv') {
    const lines = bytes.toString('utf8').trim().split('\r\n').slice(1);
    const cost = lines.reduce((sum, line) => sum + Number(line.split(',')[3]) * 100, 0);
    return { rows: lines.length, cost: (cost / 100).toFixed(2) };
  }
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const read = await connection.runAndReadAll(
    `select count(*)::integer, sum(cost)::varchar from '${directory}/${id}/data.parquet'`,
  );
  const [row = []] = read.getRows();
  connection.closeSync();
  expect(warehouse.engine).toBe('duckdb');
  return { rows: row[0], cost: row[1] };
}

describe('the life of an extract', () => {
  it('I22: nobody approves their own request', async () => {
    const both = callOf('mot-minh', ['statistician', 'steward']);
    const id = idOf(await home.services.request(both, requestOf(byCommune)));
    await expect(home.services.approve(both, id)).rejects.toMatchObject({
      code: 'not-permitted',
    });
    expect(await home.services.show(both, id)).toMatchObject({ status: 'submitted' });
  });

  it('a solo home lets them, and its files say so', async () => {
    const solo = await openExtractHome({ solo: true });
    try {
      await solo.load(['p1', 'p2', 'p3'].map((person) => caseOf(person, 'A')));
      const both = callOf('mot-minh', ['statistician', 'steward']);
      const id = idOf(await solo.services.request(both, requestOf(byCommune)));
      await solo.services.approve(both, id);
      const readme = (await solo.services.files(both, id)).find(
        ({ name }) => name === 'README.txt',
      );
      expect(readFileSync(readme?.path ?? '', 'utf8')).toContain(
        'không có người thứ hai phê duyệt',
      );
    } finally {
      await solo.remove();
    }
  });

  it('I23: two approvals at once have one outcome', async () => {
    const id = await asked(byCommune);
    const outcomes = await Promise.allSettled([
      home.services.approve(steward, id),
      home.services.approve(callOf('duyet-2', ['steward']), id),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const approvals = [];
    for await (const entry of home.store.journal({ kinds: ['extract.approved'] }))
      approvals.push(entry);
    expect(approvals).toHaveLength(1);
  });

  it('I23: approving and rejecting at once have one outcome', async () => {
    const id = await asked(byCommune);
    const outcomes = await Promise.allSettled([
      home.services.reject(steward, id, 'không'),
      home.services.approve(steward, id),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(['rejected', 'ready']).toContain((await home.services.show(asker, id))['status']);
  });

  it('I23: two requests that lay each other open are not both approved', async () => {
    const one = await asked(byCommune);
    const two = await asked({ ...byCommune, groupBy: ['month'] });
    const outcomes = await Promise.allSettled([
      home.services.approve(steward, one),
      home.services.approve(steward, two),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('I24: nothing is downloaded after the last day', async () => {
    const id = await ready(byCommune);
    home.at('2026-12-31T16:59:00Z');
    expect(await home.services.files(asker, id)).not.toHaveLength(0);
    home.at('2026-12-31T17:00:00Z');
    await expect(home.services.files(asker, id)).rejects.toMatchObject({ code: 'not-permitted' });
    expect(await home.services.show(asker, id)).toMatchObject({ status: 'expired' });
  });

  it('expiry is journalled, once', async () => {
    await ready(byCommune);
    home.at('2027-02-01T00:00:00Z');
    const deps = { store: home.store, clock: { now: () => new Date('2027-02-01T00:00:00Z') } };
    expect(await expireExtracts(deps)).toBe(1);
    expect(await expireExtracts(deps)).toBe(0);
  });

  it('a revoked extract is not downloaded, and still counts as released', async () => {
    const id = await ready(byCommune);
    await home.services.revoke(steward, id, 'sai mục đích');
    await expect(home.services.files(asker, id)).rejects.toMatchObject({ code: 'not-permitted' });
    await expect(ready({ ...byCommune, groupBy: ['month'] })).rejects.toMatchObject({
      code: 'disclosure-needs-differencing',
    });
  });

  it.each(['reject', 'return'] as const)('after %s it cannot be approved', async (verb) => {
    const id = await asked(byCommune);
    const closed = await home.services[verb](steward, id, 'thiếu căn cứ');
    expect(closed).toMatchObject({
      status: verb === 'reject' ? 'rejected' : 'returned',
      reason: 'thiếu căn cứ',
    });
    await expect(home.services.approve(steward, id)).rejects.toMatchObject({
      code: 'extract-state',
    });
  });

  it('others neither see nor download it', async () => {
    const id = await ready(byCommune);
    await expect(home.services.show(other, id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(home.services.files(other, id)).rejects.toMatchObject({ code: 'not-found' });
    expect((await home.services.list(other, {})).items).toEqual([]);
    expect((await home.services.register(steward, {})).items).toHaveLength(1);
  });

  it('G02: a dataset that is not offered does not exist', async () => {
    await expect(
      home.services.request(asker, requestOf({ ...byCommune, dataset: 'staging.person_case' })),
    ).rejects.toMatchObject({ code: 'not-found' });
  });

  it('refuses an expiry that is past and a time that is none', async () => {
    await expect(
      home.services.request(asker, requestOf({ ...byCommune, expires: '2026-11-22' })),
    ).rejects.toMatchObject({ code: 'extract-request-invalid' });
    await expect(
      home.services.request(asker, requestOf({ ...byCommune, asOf: 'hôm qua' })),
    ).rejects.toMatchObject({ code: 'as-of-invalid' });
  });

  it('every download is journalled', async () => {
    const id = await ready(byCommune);
    await home.services.files(asker, id);
    const seen = [];
    for await (const entry of home.store.journal({ kinds: ['access.downloaded'] }))
      seen.push(entry);
    expect(seen).toMatchObject([{ subject: id, actor: 'user:thongke' }]);
    expect(await home.store.verify()).toMatchObject({ intact: true });
  });
});
