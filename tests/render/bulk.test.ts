import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvFile } from '../../render/bulk/csv.ts';
import { csvText, readCsvText } from '../../render/bulk/csv-field.ts';
import type { DataChunk, DataColumn } from '../../render/bulk/data-chunk.ts';
import { dataWorkbook } from '../../render/bulk/data-workbook.ts';
import { recountDataWorkbook } from '../../render/bulk/recount-workbook.ts';
import { columnLetters } from '../../render/bulk/sheet-xml.ts';

const COLUMNS: readonly DataColumn[] = [
  { name: 'Mã hồ sơ', type: 'text' },
  { name: 'Số lượng', type: 'integer' },
  { name: 'Doanh thu', type: 'decimal', decimals: 2 },
  { name: 'Ngày', type: 'date' },
  { name: 'Lúc', type: 'timestamp' },
  { name: 'Đúng hạn', type: 'boolean' },
];

const CHUNKS: readonly DataChunk[] = [
  [
    ['H56-001', '=1+1'],
    [-5, 12n],
    ['-1234.56', '123456789012345678.9'],
    ['2026-11-15', '1899-01-01'],
    ['2026-11-15 08:30:00', null],
    [true, false],
  ],
  [
    ['', null],
    [0, null],
    ['0.00', null],
    [null, null],
    [null, null],
    [null, null],
  ],
];

async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

async function csvOf(chunks: readonly DataChunk[], byteOrderMark = false): Promise<string> {
  return (await collect(csvFile(COLUMNS, from(chunks), { byteOrderMark }).bytes)).toString('utf8');
}

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'phusa-bulk-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('CSV', () => {
  it('writes typed values plainly, neutralises formulas, tells null from empty text', async () => {
    expect(await csvOf(CHUNKS)).toBe(
      'Mã hồ sơ,Số lượng,Doanh thu,Ngày,Lúc,Đúng hạn\r\n' +
        'H56-001,-5,-1234.56,2026-11-15,2026-11-15 08:30:00,true\r\n' +
        '"\'=1+1",12,123456789012345678.9,1899-01-01,,false\r\n' +
        '"",0,0.00,,,\r\n,,,,,\r\n',
    );
    expect((await csvOf(CHUNKS, true)).charCodeAt(0)).toBe(0xfeff);
  });

  it.each(['=1', '+1', '-1', '@x', '\tx', '\rx', '＝1', '  =1', '"=1', '\u0000=1', "'=1", '－1'])(
    'H25 H26 H27 H28 H29 H30 %j gets a leading quote and comes back',
    (text) => {
      const field = csvText(text, ',').replace(/^"|"$/g, '').replaceAll('""', '"');
      expect(field.startsWith("'")).toBe(true);
      expect(readCsvText(field)).toBe(text);
    },
  );

  it('H29 separators inside a field never start a new one', () => {
    expect(csvText('a;=1+1', ',')).toBe('"a;=1+1"');
    expect(csvText('a,=1+1', ';')).toBe('"a,=1+1"');
    expect(csvText('Hồng Bàng', ',')).toBe('Hồng Bàng');
  });

  it('H30 negative numbers in number columns stay numbers, text in them is still guarded', async () => {
    const columns: DataColumn[] = [{ name: 'n', type: 'integer' }];
    const file = csvFile(columns, from([[[-5, '=cmd|x']]]));
    expect((await collect(file.bytes)).toString()).toBe('n\r\n-5\r\n"\'=cmd|x"\r\n');
    expect(file.totals()).toEqual({ rows: 2, cutTexts: 0 });
  });

  it('H25 any text survives the guard', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = csvText(text, ',');
        const inner = written.startsWith('"')
          ? written.slice(1, -1).replaceAll('""', '"')
          : written;
        expect(readCsvText(inner)).toBe(text);
        expect(/^[=+\-@\t\r]/.test(inner)).toBe(false);
      }),
    );
  });
});

describe('data workbook', () => {
  async function written(rowsPerSheet?: number): Promise<{ path: string; bytes: Buffer }> {
    const options = { sheet: 'Dữ liệu', ...(rowsPerSheet ? { rowsPerSheet } : {}) };
    const bytes = await collect(dataWorkbook(COLUMNS, from(CHUNKS), options).bytes);
    const path = join(directory, `w${rowsPerSheet ?? 0}.xlsx`);
    writeFileSync(path, bytes);
    return { path, bytes };
  }

  it('opens in another reader with numbers as numbers and formulas as text', async () => {
    const { bytes } = await written();
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.load(Uint8Array.from(bytes).buffer);
    const sheet = workbook.getWorksheet('Dữ liệu');
    expect(sheet?.getCell('A1').font.bold).toBe(true);
    expect(sheet?.getCell('B2').value).toBe(-5);
    expect(sheet?.getCell('C2').value).toBe(-1234.56);
    expect(sheet?.getCell('C2').numFmt).toBe('#,##0.00');
    expect(sheet?.getCell('C3').value).toBe('123456789012345678.9');
    expect(sheet?.getCell('A3').value).toBe('=1+1');
    expect(sheet?.getCell('D2').value).toEqual(new Date('2026-11-15T00:00:00Z'));
    expect(sheet?.getCell('D3').value).toBe('1899-01-01');
    expect(sheet?.getCell('E2').value).toEqual(new Date('2026-11-15T08:30:00Z'));
    expect(sheet?.getCell('F2').value).toBe(true);
  });

  it('E09 goes on with the next sheet when one is full; the recount is equal', async () => {
    const { path } = await written(3);
    expect(await recountDataWorkbook(path)).toEqual({ sheets: 2, rows: 4 });
    expect(await recountDataWorkbook((await written()).path)).toEqual({ sheets: 1, rows: 4 });
  });

  it('E09 refuses more columns than Excel holds', () => {
    const columns = Array.from({ length: 16_385 }, (): DataColumn => ({ name: 'c', type: 'text' }));
    expect(() => dataWorkbook(columns, from([]), { sheet: 'x' })).toThrow(/16384 columns/);
  });

  it('E06 without rows it still has its header', async () => {
    const bytes = await collect(dataWorkbook(COLUMNS, from([]), { sheet: 'x' }).bytes);
    const sheet = Buffer.from(unzipSync(bytes)['xl/worksheets/sheet1.xml'] ?? []).toString();
    expect(sheet).toContain('Mã hồ sơ');
    expect(sheet.match(/<row /g)).toHaveLength(1);
  });

  it('E10 counts the texts it had to cut', async () => {
    const columns: DataColumn[] = [{ name: 't', type: 'text' }];
    const file = dataWorkbook(columns, from([[['x'.repeat(40_000), 'y']]]), { sheet: 'x' });
    await collect(file.bytes);
    expect(file.totals()).toEqual({ rows: 2, cutTexts: 1 });
  });

  it('E19 the same rows give the same bytes, however they are cut into chunks', async () => {
    const [first] = CHUNKS;
    const halves = [0, 1].map((row) => (first ?? []).map((values) => values.slice(row, row + 1)));
    const whole = await collect(dataWorkbook(COLUMNS, from([first ?? []]), { sheet: 'x' }).bytes);
    const parts = await collect(dataWorkbook(COLUMNS, from(halves), { sheet: 'x' }).bytes);
    const sheetOf = (bytes: Buffer): string =>
      Buffer.from(unzipSync(bytes)['xl/worksheets/sheet1.xml'] ?? []).toString();
    expect(sheetOf(parts)).toBe(sheetOf(whole));
  });

  it('a flipped bit and a cut file are found on reopening', async () => {
    const { bytes } = await written();
    const at = bytes.indexOf('sheet1.xml') + 40;
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ 4;
    const path = join(directory, 'damaged.xlsx');
    writeFileSync(path, flipped);
    await expect(recountDataWorkbook(path)).rejects.toThrow();
    writeFileSync(path, bytes.subarray(0, bytes.length - 30));
    await expect(recountDataWorkbook(path)).rejects.toMatchObject({
      code: 'render.workbook-damaged',
    });
  });

  it('a failing source fails the file', async () => {
    async function* failing(): AsyncGenerator<DataChunk> {
      yield await Promise.resolve(CHUNKS[0] ?? []);
      throw new Error('source broke');
    }
    await expect(collect(dataWorkbook(COLUMNS, failing(), { sheet: 'x' }).bytes)).rejects.toThrow(
      'source broke',
    );
  });

  it('names columns as Excel does', () => {
    expect([0, 25, 26, 701, 702, 16_383].map(columnLetters)).toEqual([
      'A',
      'Z',
      'AA',
      'ZZ',
      'AAA',
      'XFD',
    ]);
  });
});
