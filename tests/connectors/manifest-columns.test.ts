import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifest } from '../../connectors/manifest/connector.ts';
import type { JsonObject } from '../../core/json.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

let home: SourceHome;
let directory: string;
beforeEach(async () => {
  home = await openSourceHome();
  directory = mkdtempSync(join(tmpdir(), 'phusa-columns-'));
});
afterEach(async () => {
  await home.remove();
  rmSync(directory, { recursive: true });
});

const label = { vi: 'x', en: 'x' };
const column = (name: string, more: JsonObject = {}) => ({
  name,
  type: 'varchar',
  label,
  classification: 'public',
  ...more,
});

function config(
  file: string,
  decoding: JsonObject,
  columns: readonly JsonObject[],
  more: JsonObject = {},
): JsonObject {
  return {
    manifest: 1,
    name: 'trial',
    label,
    base: directory,
    streams: [{ stream: 'thing', label, files: file, decoding, columns, key: ['id'], ...more }],
  };
}

const json = async (
  rows: readonly JsonObject[],
  columns: readonly JsonObject[],
  more: JsonObject = {},
) => {
  writeFileSync(join(directory, 'a.json'), JSON.stringify(rows));
  return await home.ingest(
    manifest,
    config('a[.]json', { format: 'json' }, columns, { holdAbove: 1, ...more }),
  );
};
const quarantined = () =>
  home.rows('select reason, field, value from meta.quarantine order by all');

describe('administrative units', () => {
  const area = (more: JsonObject = {}) =>
    column('area', { area: { provinces: ['31', '30'], on: 'day', ...more } });
  const columns = (more: JsonObject = {}) => [
    column('id'),
    column('day', { type: 'date' }),
    area(more),
  ];
  it('by code, or by name in any spelling within the province, as in force on the day of the row', async () => {
    const outcome = await json(
      [
        { id: 'a', day: '2026-03-01', area: '11407' },
        { id: 'b', day: '2026-03-01', area: 'Phường An Biên' },
        { id: 'c', day: '2026-03-01', area: 'P. AN BIÊN' },
        { id: 'd', day: '2025-03-01', area: 'An Biên' },
      ],
      columns(),
    );
    expect(outcome.failure).toBeUndefined();
    expect(await home.rows('select id, area from staging.thing order by 1')).toEqual([
      ['a', '11407'],
      ['b', '11407'],
      ['c', '11407'],
      ['d', '11371'],
    ]);
  });

  it('a unit that is gone, one of another province and a name that fits two are told apart', async () => {
    await json(
      [
        { id: 'a', day: '2026-03-01', area: 'Thị trấn Núi Đối' },
        { id: 'b', day: '2025-03-01', area: 'Thị trấn Núi Đối' },
        { id: 'c', day: '2026-03-01', area: 'Phường Hoàn Kiếm' },
        { id: 'd', day: '2025-03-01', area: 'Hồng Phong' },
      ],
      columns(),
    );
    expect(await home.rows('select id from staging.thing')).toEqual([['b']]);
    expect(await quarantined()).toEqual([
      ['area-ambiguous', 'area', 'Hồng Phong'],
      ['area-unknown', 'area', 'Phường Hoàn Kiếm'],
      ['area-unknown', 'area', 'Thị trấn Núi Đối'],
    ]);
  });

  it('unresolved: null keeps the row', async () => {
    await json(
      [{ id: 'a', day: '2026-03-01', area: 'Nơi không có' }],
      columns({ unresolved: 'null' }),
    );
    expect(await home.rows('select id, area from staging.thing')).toEqual([['a', null]]);
  });

  it('codes get back the zeros that a spreadsheet cut; provinces by name; without a day, the day of receipt', async () => {
    await json(
      [{ id: 'a', province: 'TP Hải Phòng', area: '4' }],
      [
        column('id'),
        column('province', { area: { level: 'province' } }),
        column('area', { area: { by: 'code' } }),
      ],
    );
    expect(await home.rows('select province, area from staging.thing')).toEqual([['31', '00004']]);
  });
});

describe('agencies that the home knows', () => {
  it('by code or name, dated; one that it does not know goes to quarantine', async () => {
    writeFileSync(
      join(directory, 'a.json'),
      JSON.stringify([
        { id: 'a', day: '2026-03-01', agency: 'Sở xây dựng' },
        { id: 'b', day: '2026-03-01', agency: 'H31.06' },
        { id: 'c', day: '2020-03-01', agency: 'H31.06' },
      ]),
    );
    writeFileSync(
      join(directory, 'agency.json'),
      JSON.stringify([
        {
          agency_code: 'H31.06',
          agency_name: 'Sở Xây dựng',
          valid_from: '2021-01-01',
          valid_to: null,
        },
      ]),
    );
    const list = {
      stream: 'agency',
      layer: 'dim',
      label,
      files: 'agency[.]json',
      decoding: { format: 'json' },
      key: ['agency_code'],
      columns: [
        column('agency_code'),
        column('agency_name'),
        column('valid_from', { type: 'date' }),
        column('valid_to', { type: 'date' }),
      ],
    };
    const things = config(
      'a[.]json',
      { format: 'json' },
      [column('id'), column('day', { type: 'date' }), column('agency', { agency: { on: 'day' } })],
      { holdAbove: 1 },
    );
    const [stream] = things['streams'] as readonly JsonObject[];
    const outcome = await home.ingest(manifest, { ...things, streams: [list, stream ?? {}] });
    expect(outcome.failure).toBeUndefined();
    expect(await home.rows('select id, agency from staging.thing order by 1')).toEqual([
      ['a', 'H31.06'],
      ['b', 'H31.06'],
    ]);
    expect(await quarantined()).toEqual([['agency-unknown', 'agency', 'H31.06']]);
  });
});

describe('units of measure', () => {
  it('multipliers of the printed unit are applied; another unit is refused; blank is the own unit', async () => {
    await json(
      [
        { id: 'a', v: '1.234,5', u: 'nghìn người' },
        { id: 'b', v: '12', u: 'người' },
        { id: 'c', v: '7', u: '' },
        { id: 'd', v: '3', u: 'tấn' },
      ],
      [column('id'), column('v', { type: 'bigint', numbers: 'vi', unit: 'person', unitFrom: 'u' })],
    );
    expect(await home.rows('select id, v from staging.thing order by 1')).toEqual([
      ['a', '1234500'],
      ['b', '12'],
      ['c', '7'],
    ]);
    expect(await quarantined()).toEqual([['unit-unknown', 'v', 'tấn']]);
  });
});

describe('columns that are made', () => {
  it('a fingerprint is the key of records without a number; the receipt gives the name of the file', async () => {
    const columns = [
      column('id', { digest: ['name', 'day'] }),
      column('name'),
      column('day', { type: 'date' }),
      column('file', { receipt: 'name' }),
    ];
    const { batches } = await json(
      [
        { name: 'a', day: '2026-03-01' },
        { name: 'a', day: '2026-03-01' },
        { name: 'a', day: '2026-03-02' },
      ],
      columns,
    );
    expect(batches[0]?.counts['thing']).toMatchObject({ received: 3, new: 2, duplicate: 1 });
    expect(await home.rows('select distinct file, length(id) from staging.thing')).toEqual([
      ['a.json', '32'],
    ]);
  });

  it('two origins of one column, or a missing column, are told before anything is read', () => {
    const wrong = [
      column('id', { digest: ['nmae'], value: 'x' }),
      column('name', { type: 'bigint', area: { on: 'dya' } }),
      column('v', { type: 'bigint', unitFrom: 'u' }),
    ];
    const read = manifest.config.safeParse(config('a', { format: 'json' }, wrong));
    const told = read.error?.issues
      .map(({ path, message }) => `${path.join('.')} ${message}`)
      .join('\n');
    expect(told).toMatch(/columns\D+0.*digest.*nmae/);
    expect(told).toMatch(/only one of: value, digest/);
    expect(told).toMatch(/columns\D+1.*area.*dya/);
    expect(told).toMatch(/area and agency need varchar/);
    expect(told).toMatch(/needs the member unit/);
  });
});

describe('workbooks', () => {
  async function book(fill: (sheet: ExcelJS.Worksheet, book: ExcelJS.Workbook) => void) {
    const workbook = new ExcelJS.Workbook();
    workbook.addWorksheet('Hướng dẫn').getCell('A1').value = 'Cách điền';
    fill(workbook.addWorksheet('Biểu 01'), workbook);
    writeFileSync(join(directory, 'a.xlsx'), new Uint8Array(await workbook.xlsx.writeBuffer()));
  }
  const columns = [
    column('id', { from: 'Mã số' }),
    column('early', { from: 'Đã giải quyết / Trước hạn', type: 'bigint' }),
    column('share', { from: 'Tỷ lệ', type: 'decimal(9,3)', numbers: 'vi' }),
    column('day', { from: 'Ngày', type: 'date', formats: ['%d/%m/%Y'] }),
  ];
  const read = (more: readonly JsonObject[] = columns) =>
    home.ingest(manifest, config('a[.]xlsx', { format: 'xlsx', sheet: 'Biểu .*' }, more));
  const fill = (sheet: ExcelJS.Worksheet) => {
    sheet.getCell('A1').value = 'BÁO CÁO MÔ PHỎNG';
    sheet.mergeCells('A1:F1');
    sheet.getRow(3).values = ['TT', 'Mã số', 'Đã giải quyết', '', 'Tỷ lệ (%)', 'Ngày', 'Ghi chú'];
    sheet.getRow(4).values = ['', '', 'Trước hạn', 'Quá hạn', '', '', ''];
    for (const block of ['A3:A4', 'B3:B4', 'C3:D3', 'E3:E4', 'F3:F4', 'G3:G4'])
      sheet.mergeCells(block);
    sheet.addRow([1, 'r1', 12, 3, 1.234, new Date(Date.UTC(2026, 10, 22)), 'x']);
    sheet.addRow([2, 'r2', 1000, 0, '1.234,5', '21/11/2026', '']);
  };

  it('sheets by name, headers of two rows, number cells and texts, day cells and texts', async () => {
    await book(fill);
    const outcome = await read();
    expect(outcome.failure).toBeUndefined();
    expect(outcome.batches[0]?.findings).toEqual([]);
    expect(await home.rows('select id, early, share, day from staging.thing order by 1')).toEqual([
      ['r1', '12', '1.234', '2026-11-22'],
      ['r2', '1000', '1234.500', '2026-11-21'],
    ]);
  });

  it('B29 a renamed column holds the file and the new name is offered; no table at all is refused', async () => {
    await book((sheet) => {
      fill(sheet);
      sheet.getCell('E3').value = 'Tỉ lệ';
    });
    const renamed = await read();
    expect(renamed.batches[0]).toMatchObject({
      status: 'held',
      findings: ['column-renamed'],
      counts: { thing: { received: 2, quarantined: 2 } },
    });
    expect(await home.rows('select distinct reason, field, value from meta.quarantine')).toEqual([
      ['column-renamed', 'share', 'Tỉ lệ'],
    ]);
    await book((sheet) => (sheet.getCell('A1').value = 'trống'));
    expect((await read()).batches[0]?.findings).toEqual(['header-not-found']);
  });
});

describe('CSV without header', () => {
  it('16 to 18 columns, quoted quotes, commas inside; a row too short or with a broken number is set aside', async () => {
    const header = ['account', 'src', 'dst', 'text', 'n', 'extra1', 'extra2'];
    writeFileSync(
      join(directory, 'a.csv'),
      [
        '"","0901","1022","""Lan"" <0901>",5,u1,x',
        '"","0902","1022","a,b",7,u2',
        '"","0903","1022","c",from-fxo-gw,u3',
        '"","0904"',
        '"","0905","1022","d",9,u5,x,too-many',
      ].join('\n'),
    );
    const columns = [
      column('id', { from: 'extra1', required: true }),
      column('text'),
      column('n', { type: 'bigint', required: true }),
      column('extra2', { optional: true }),
    ];
    const { batches } = await home.ingest(
      manifest,
      config('a[.]csv', { format: 'csv', header }, columns, { holdAbove: 1 }),
    );
    expect(batches[0]?.counts['thing']).toMatchObject({ received: 5, new: 2, quarantined: 3 });
    expect(await home.rows('select id, text, n, extra2 from staging.thing order by 1')).toEqual([
      ['u1', '"Lan" <0901>', '5', 'x'],
      ['u2', 'a,b', '7', null],
    ]);
    expect((await quarantined()).map(([reason]) => reason)).toEqual([
      'integer-invalid',
      'line-malformed',
      'value-missing',
    ]);
  });
});
