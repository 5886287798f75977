import ExcelJS, { type Workbook } from 'exceljs';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../render/document-figures.ts';
import type { Block, ReportDocument, Table } from '../../render/document.ts';
import { fitCellText, readCellText } from '../../render/workbook/cell-text.ts';
import { figureCell } from '../../render/workbook/cell-number.ts';
import { renderWorkbook } from '../../render/workbook/render-workbook.ts';
import { sheetName } from '../../render/workbook/sheet-name.ts';
import { verifyWorkbook } from '../../render/verify-workbook.ts';
import { hasProgram, libreOfficeCsv } from './external-tools.ts';
import { figure, sampleDocument } from './sample-document.ts';

async function opened(bytes: Uint8Array): Promise<Workbook> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(Uint8Array.from(bytes).buffer);
  return workbook;
}

function documentWith(...blocks: Block[]): ReportDocument {
  return { ...sampleDocument(), sections: [{ orientation: 'portrait', blocks }] };
}

function textTable(texts: readonly string[]): Table {
  return {
    kind: 'table',
    id: 't',
    title: 'Chữ',
    columns: [
      { key: 'text', label: 'Chữ' },
      { key: 'n', label: 'Số' },
    ],
    rows: texts.map((text, index) => ({
      kind: 'data',
      key: `r${index}`,
      cells: [{ kind: 'text', text }, figure(`t.r${index}.n`, String(-index))],
    })),
  };
}

/** A tree as it comes from a manifest on disk: anything at all. */
const treeOf: (text: string) => ReportDocument = JSON.parse;

/** Texts of the first column of the second sheet, under the head and the header. */
async function writtenTexts(texts: readonly string[]): Promise<unknown[]> {
  const workbook = await opened(await renderWorkbook(documentWith(textTable(texts))));
  const sheet = workbook.worksheets[1];
  const values: unknown[] = [];
  sheet?.getColumn(1).eachCell((cell) => values.push(cell.value));
  return values.slice(-texts.length);
}

describe('report workbook', () => {
  it('opens again with every figure equal, numbers as numbers, marks as text', async () => {
    const document = sampleDocument();
    const bytes = await renderWorkbook(document);
    const count = await verifyWorkbook(bytes, document);
    expect(count.figures).toBe(figuresOf(document).length);
    const sheet = (await opened(bytes)).getWorksheet('Biểu 1. Kết quả tiếp nhận, giải');
    const values: unknown[] = [];
    sheet?.getColumn(16).eachCell((cell) => values.push(cell.value, cell.numFmt));
    expect(values).toContain(94.45);
    expect(values).toContain('#,##0.0"%"');
    const online = sheet?.getColumn(9).values.filter((value) => value === '…');
    expect(online?.length).toBeGreaterThan(0);
  });

  it('L33 a number edited after issue is found', async () => {
    const document = sampleDocument();
    const entries = unzipSync(await renderWorkbook(document));
    const name = 'xl/worksheets/sheet4.xml';
    const xml = Buffer.from(entries[name] ?? []).toString('utf8');
    const edited = { ...entries, [name]: Buffer.from(xml.replace('<v>7134</v>', '<v>7135</v>')) };
    expect(xml).toContain('<v>7134</v>');
    await expect(verifyWorkbook(zipSync(edited), document)).rejects.toMatchObject({
      code: 'render.workbook-differs',
    });
  });

  it('lists the reference of every figure and the edition on every sheet', async () => {
    const workbook = await opened(await renderWorkbook(sampleDocument()));
    const list = workbook.worksheets.at(-1);
    expect(list?.name).toBe('Tham chiếu');
    const references = list
      ?.getColumn(3)
      .values.filter((value) => typeof value === 'string' && value.includes('#'));
    expect(references?.length).toBe(figuresOf(sampleDocument()).length);
    for (const sheet of workbook.worksheets) {
      expect(sheet.getCell('A3').value).toContain('7KQ3M9ZT');
      expect(sheet.pageSetup.paperSize).toBe(9);
    }
  });

  it('a number beyond 15 digits is kept as text, not rounded', () => {
    const cell = figureCell(figure('t.r.c', '12345678901234567'), 'vi');
    expect(cell).toEqual({ value: '12.345.678.901.234.567', numberFormat: null });
  });

  it.skipIf(!hasProgram('soffice'))(
    'opens in LibreOffice with numbers as numbers (needs soffice)',
    async () => {
      const document = documentWith(textTable(['=1+1', 'Hồng Bàng']));
      const csv = libreOfficeCsv(await renderWorkbook(document), 2);
      expect(csv).toContain('"=1+1",0');
      expect(csv).toContain('"Hồng Bàng",-1');
    },
  );
});

describe('hostile content in workbooks', () => {
  const hostile = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\tx',
    '＝1',
    '  =1',
    '"=1',
    ';=1',
    ',=1',
    "'x",
    '=cmd|/C calc!A0',
  ];

  it('H25 H26 H27 H28 H29 H30 text stays text and keeps its value', async () => {
    const values = await writtenTexts(hostile);
    expect(values).toEqual(hostile);
  });

  it('H31 an object in place of text is refused before exceljs sees it', async () => {
    const cell: unknown = { kind: 'text', text: { formula: '1+1' } };
    const tree = structuredClone<unknown>(documentWith(textTable(['x'])));
    const text = JSON.stringify(tree).replace('{"kind":"text","text":"x"}', JSON.stringify(cell));
    await expect(renderWorkbook(treeOf(text))).rejects.toMatchObject({
      code: 'render.document-invalid',
    });
  });

  it('H32 __proto__ in a tree is refused and pollutes nothing', async () => {
    const text = JSON.stringify(documentWith(textTable(['x'])));
    const hostileText = text.replace(
      '"kind":"report"',
      '"kind":"report","__proto__":{"polluted":true}',
    );
    await expect(renderWorkbook(treeOf(hostileText))).rejects.toMatchObject({
      code: 'render.document-invalid',
    });
    expect(Object.prototype).not.toHaveProperty('polluted');
    expect({}).not.toHaveProperty('polluted');
  });

  it('H33 sheet names are made legal and different', () => {
    expect(sheetName('a[b]*?/\\:c', [])).toBe('a b c');
    expect(sheetName("'quoted'", [])).toBe('quoted');
    expect(sheetName('History', [])).toBe('Sheet');
    expect(sheetName('', [])).toBe('Sheet');
    expect(sheetName('BIỂU', ['Biểu'])).toBe('BIỂU 2');
    const long = 'x'.repeat(40);
    expect(sheetName(long, [])).toHaveLength(31);
    expect(sheetName(long, ['x'.repeat(31)])).toBe(`${'x'.repeat(29)} 2`);
  });

  it('H34 codes in footers from data are escaped', async () => {
    const document = documentWith(textTable(['x']));
    const edition = { ...document.edition, verifyUrl: 'http://x/?a=1&Bb' };
    const workbook = await opened(await renderWorkbook({ ...document, edition }));
    expect(workbook.worksheets[0]?.headerFooter.oddFooter).toContain('a=1&&Bb');
  });

  it('E10 a cell over 32,767 characters is cut with a mark', async () => {
    const [value] = await writtenTexts(['ư'.repeat(40_000)]);
    expect(String(value)).toHaveLength(32_767);
    expect(String(value)).toMatch(/cut\]$/);
  });

  it('E10 never cuts inside a character, and takes its own escape back', () => {
    const { text, isCut } = fitCellText('😀'.repeat(20_000));
    expect(isCut).toBe(true);
    expect(/[\ud800-\udbff](?![\udc00-\udfff])/.test(text)).toBe(false);
    expect(fitCellText('_x0041_').text).toBe('_x005F_x0041_');
    expect(readCellText(fitCellText('_x0041_ _x005F_').text)).toBe('_x0041_ _x005F_');
  });
});
