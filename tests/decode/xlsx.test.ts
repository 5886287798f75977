import ExcelJS from 'exceljs';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import { headerUnit, headerWords } from '../../connectors/decode/header-words.ts';
import { vietnameseNumber } from '../../connectors/decode/number-text.ts';
import { readXlsxCells } from '../../connectors/decode/xlsx-cells.ts';
import { readXlsx, sheetPlace, type XlsxOptions } from '../../connectors/decode/xlsx-table.ts';
import { literal } from '../../core/sql-text.ts';
import { openTestDecode, type TestDecodeSession } from '../harness/decode-session.ts';

let open: TestDecodeSession | undefined;
afterEach(() => {
  open?.close();
  open = undefined;
});

async function opened(bytes: Uint8Array | string, name = 'bieu.xlsx') {
  open?.close();
  open = await openTestDecode([{ name, bytes }]);
  return open;
}

async function workbook(fill: (book: ExcelJS.Workbook) => void): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook();
  fill(book);
  return new Uint8Array(await book.xlsx.writeBuffer());
}

const names: Readonly<Record<string, string>> = {
  'chỉ tiêu': 'item',
  'đơn vị': 'unit',
  'kế hoạch năm': 'plan',
  'tháng này': 'month',
  'lũy kế': 'total',
};
const byWords = Object.fromEntries(
  Object.entries(names).map(([text, name]) => [headerWords(text), name]),
);
const options: XlsxOptions = {
  into: 't',
  nameOf: (path) => byWords[headerWords(path.at(-1) ?? '')],
  required: ['item', 'month'],
  optional: ['total'],
};
const table = async (bytes: Uint8Array, columns: string, more: Partial<XlsxOptions> = {}) => {
  const open = await opened(bytes);
  await readXlsx(open.session, open.file, { ...options, ...more });
  return open.rows(`select ${columns} from t order by _row`);
};

/** A sheet's XML as a whole workbook: what other programs write, and exceljs does not. */
function handMade(
  sheet: string,
  book = '',
  more: Readonly<Record<string, string>> = {},
): Uint8Array {
  const relations = (...all: readonly (readonly [string, string])[]) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all
      .map(
        ([type, target], n) =>
          `<Relationship Id="r${n}" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/${type}" Target="${target}"/>`,
      )
      .join('')}</Relationships>`;
  const parts: Readonly<Record<string, string>> = {
    '_rels/.rels': relations(['officeDocument', '/book/main.xml']),
    'book/main.xml': `<x:workbook xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main" xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships">${book}<x:sheets><x:sheet name="Biểu 01" sheetId="9" r:id="r0"/></x:sheets></x:workbook>`,
    'book/_rels/main.xml.rels': relations(
      ['worksheet', 'pages/one.xml'],
      ['styles', 'look.xml'],
      ['sharedStrings', 'words.xml'],
    ),
    'book/pages/one.xml': `<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheetData>${sheet}</sheetData></worksheet>`,
    ...more,
  };
  return zipSync(
    Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])),
  );
}

const cellsOf = async (bytes: Uint8Array) => {
  const open = await opened(bytes);
  const sheets = await readXlsxCells(open.session, open.file, 'c', () => true);
  return { sheets, cells: await open.rows('select row, col, kind, text from c order by row, col') };
};

describe('cells', () => {
  it('H09 come with kind and text, formulas as the values they had, whatever program wrote them', async () => {
    const { cells, sheets } = await cellsOf(
      handMade(
        '<row><c t="s"><v>0</v></c><c t="inlineStr"><is><r><t>Lũy </t></r><r><t>kế</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c></row>' +
          '<row r="5"><c r="B5"><v>1.5E3</v></c><c><f>1/0</f><v>#DIV/0!</v></c><c r="AA5" t="e"><v>#REF!</v></c><c r="AB5" t="b"><v>1</v></c><c r="AC5" t="str"><f>A1</f><v>đã tính</v></c><c r="AD5" s="3"/></row>',
        '',
        {
          'book/words.xml':
            '<sst><si><r><t xml:space="preserve">Chỉ </t></r><r><t>tiêu</t></r></si></sst>',
        },
      ),
    );
    expect(sheets).toEqual([{ n: 1, name: 'Biểu 01', hidden: false, merged: [] }]);
    expect(cells).toEqual([
      ['1', '1', 't', 'Chỉ tiêu'],
      ['1', '2', 't', 'Lũy kế'],
      ['5', '2', 'n', '1.5E3'],
      ['5', '3', 'n', '#DIV/0!'],
      ['5', '27', 'e', '#REF!'],
      ['5', '28', 'b', 'true'],
      ['5', '29', 't', 'đã tính'],
    ]);
  });

  it.each([
    [
      '1900',
      '',
      ['1900-01-01', '1900-02-28', '1900-03-01', '2026-11-22', '2026-11-22 06:30:00', '-1'],
    ],
    [
      '1904',
      '<x:workbookPr date1904="1"/>',
      ['1904-01-02', '1904-02-29', '1904-03-02', '2030-11-23', '2030-11-23 06:30:00', '-1'],
    ],
  ])(
    'B30 dates are serials of the %s system where the style says so',
    async (_name, book, dates) => {
      const serials = ['1', '59', '61', '46348', '46348.2708333333', '-1'];
      const row = serials.map((serial) => `<c s="1"><v>${serial}</v></c>`).join('');
      const { cells } = await cellsOf(
        handMade(`<row>${row}<c s="2"><v>46348</v></c><c s="3"><v>46348</v></c></row>`, book, {
          'book/look.xml':
            '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[$-42A]d/m/yyyy;@"/><numFmt numFmtId="171" formatCode="#,##0\\ &quot;đồng&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        }),
      );
      expect(cells.map(([, , kind, text]) => [kind, text])).toEqual([
        ...dates.map((date) => ['d', date]),
        ['n', '46348'],
        ['d', dates[3]],
      ]);
    },
  );

  it.each([
    [
      'an old binary or an encrypted workbook',
      Buffer.from('d0cf11e0a1b11ae10000', 'hex'),
      'file-not-xlsx',
    ],
    ['a CSV named .xlsx', 'a,b\n1,2\n', 'file-not-xlsx'],
    ['an empty file', '', 'file-empty'],
    ['another archive', zipSync({ 'a.txt': strToU8('a') }), 'file-not-xlsx'],
    [
      'an address outside the sheet',
      handMade('<row><c r="XFE1"><v>1</v></c></row>'),
      'cell-address-invalid',
    ],
    ['no address', handMade('<row><c r="9A"><v>1</v></c></row>'), 'cell-address-invalid'],
    [
      'a document type',
      handMade('', '', { 'book/pages/one.xml': '<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>' }),
      'xml-dtd',
    ],
    [
      'a cut sheet',
      handMade('', '', { 'book/pages/one.xml': '<worksheet><sheetData><row>' }),
      'xml-truncated',
    ],
    ['a bomb', handMade(`<row><c><v>${'1'.repeat(9_000_000)}</v></c></row>`), 'zip-ratio'],
  ])('H03 H06 H07 H10 H11 %s is refused', async (_what, bytes, code) => {
    const open = await opened(bytes);
    await expect(readXlsxCells(open.session, open.file, 'c', () => true)).rejects.toMatchObject({
      code,
      group: 'data',
    });
  });

  it('D03 a workbook cut anywhere is refused with a reason', async () => {
    const whole = await workbook((book) => book.addWorksheet('A').addRows([['Chỉ tiêu'], ['x']]));
    for (let size = 1; size < whole.length; size += Math.ceil(whole.length / 40)) {
      const open = await opened(whole.slice(0, size));
      await expect(readXlsxCells(open.session, open.file, 'c', () => true)).rejects.toMatchObject({
        group: 'data',
      });
    }
  });
});

describe('tables', () => {
  const form = (book: ExcelJS.Workbook, name: string, first: number) => {
    const sheet = book.addWorksheet(name);
    sheet.getCell(first, 2).value = 'BÁO CÁO THÁNG 10 (Đơn vị: triệu đồng)';
    const head = sheet.getRow(first + 2);
    head.values = ['STT', 'Chỉ  tiêu', 'Thực hiện', undefined, 'Kế hoạch năm (tỷ đồng)'];
    sheet.getRow(first + 3).values = [undefined, undefined, 'Tháng này', 'Luỹ kế'];
    sheet.mergeCells(first + 2, 3, first + 2, 4);
    for (const column of [1, 2, 5]) sheet.mergeCells(first + 2, column, first + 3, column);
    sheet.getRow(first + 4).values = ['A', 'B', 1, 2, '3=2/1'];
    sheet.getRow(first + 5).values = [
      'I',
      `Bán lẻ ${name}`,
      '1.234,5',
      10,
      { formula: 'A1', result: 7 },
    ];
    sheet.getRow(first + 7).values = ['II', 'Dịch vụ', '…', undefined, { error: '#REF!' }];
    sheet.getRow(first + 9).getCell(9).value = 'Người lập biểu';
    return sheet;
  };

  it('are found by header text over several rows and merged cells, on several sheets', async () => {
    const bytes = await workbook((book) => {
      form(book, 'Hải Phòng', 1);
      form(book, 'Ghi chú', 7).state = 'hidden';
      form(book, 'Huế', 12);
      book.addWorksheet('Trống').addRow(['không có bảng']);
    });
    expect(await table(bytes, 'item, month, total, plan, _row')).toEqual([
      ['Bán lẻ Hải Phòng', '1.234,5', '10', '7', '6'],
      ['Dịch vụ', '…', null, '#REF!', '8'],
      ['Bán lẻ Huế', '1.234,5', '10', '7', String(2 * 1_048_576 + 17)],
      ['Dịch vụ', '…', null, '#REF!', String(2 * 1_048_576 + 19)],
    ]);
    expect(sheetPlace(2 * 1_048_576 + 17)).toEqual({ sheet: 3, row: 17 });
  });

  it('keep the cells of a row with their addresses, and the kinds of values', async () => {
    const bytes = await workbook((book) => form(book, 'A', 1));
    const [first] = await table(bytes, '_line, _kinds');
    expect(JSON.parse(first?.[0] ?? '')).toEqual({
      sheet: 'A',
      row: 6,
      cells: {
        A: 'I',
        B: 'Bán lẻ A',
        C: '1.234,5',
        D: '10',
        E: '7',
        I: null,
        F: null,
        G: null,
        H: null,
      },
    });
    expect(JSON.parse(first?.[1] ?? '')).toEqual({ item: 't', month: 't', total: 'n', plan: 'n' });
  });

  it('B29 columns may stand in any order; one that is gone or doubled is told', async () => {
    const moved = await workbook((book) =>
      book.addWorksheet('A').addRows([
        ['Lũy kế', 'Tháng này', 'Chỉ tiêu'],
        [3, 2, 'x'],
      ]),
    );
    expect(await table(moved, 'item, month, total')).toEqual([['x', '2', '3']]);
    const gone = await workbook((book) =>
      book.addWorksheet('A').addRows([
        ['Chỉ tiêu', 'Lũy kế'],
        ['x', 3],
      ]),
    );
    await expect(table(gone, '*')).rejects.toMatchObject({ code: 'header-not-found' });
    const twice = await workbook((book) =>
      book.addWorksheet('A').addRows([
        ['Chỉ tiêu', 'Tháng này', 'Tháng  này'],
        ['x', 3, 4],
      ]),
    );
    await expect(table(twice, '*')).rejects.toMatchObject({ code: 'header-ambiguous' });
    await expect(table(moved, '*', { sheet: (name) => name === 'B' })).rejects.toMatchObject({
      code: 'sheet-missing',
    });
  });
});

describe('words and numbers', () => {
  it('headers are compared without tone position, case, units and footnote marks', () => {
    expect(headerWords('  Luỹ kế\n(triệu đồng)')).toBe(headerWords('LŨY KẾ'));
    expect(headerWords('Hoà Bình *')).toBe(headerWords('Hòa bình'));
    expect(headerWords('Ma')).not.toBe(headerWords('Mã'));
    expect(headerWords('So với cùng kỳ (%)')).toBe(headerWords('So với  cùng kỳ'));
    expect(
      ['Sản lượng (nghìn tấn)', 'Sản lượng (1)', 'Sản lượng', 'Vốn (tỷ đồng) *'].map(headerUnit),
    ).toEqual(['nghìn tấn', undefined, undefined, 'tỷ đồng']);
  });

  it.each([
    ['1.234,5', '1234.5'],
    ['1.234.567', '1234567'],
    ['1.234', '1234'],
    ['1 234 567,8', '1234567.8'],
    ['12,5%', '12.5'],
    ['12,5', '12.5'],
    ['(1.234)', '-1234'],
    ['-0,5', '-0.5'],
    ['3.5', '3.5'],
    ['1,234.5', '1,234.5'],
    ['1.23.456', '1.23.456'],
    ['…', null],
    ['-', null],
    ['hai', 'hai'],
  ])('A43 the text %s is the number %s', async (text, number) => {
    const open = await opened('x');
    const [row] = await open.session.rows(`select ${vietnameseNumber(literal(text))} as n`);
    expect(row?.['n']).toBe(number);
  });
});

describe('size', () => {
  it('H08 a sheet that claims a million columns and has 100,000 empty styled rows gives no row', async () => {
    const rows = Array.from(
      { length: 100_000 },
      (_, n) => `<row r="${n + 2}"><c r="A${n + 2}" s="1"/></row>`,
    );
    const before = process.memoryUsage().rss;
    const { cells } = await cellsOf(
      handMade(
        `<row r="1"><c t="inlineStr"><is><t>Chỉ tiêu</t></is></c></row>${rows.join('')}`,
        '',
        {
          'book/words.xml': '<sst/>',
        },
      ),
    );
    expect(cells).toEqual([['1', '1', 't', 'Chỉ tiêu']]);
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(300);
  });

  it('many rows are read within bounds', async () => {
    const rows = Array.from(
      { length: 50_000 },
      (_, n) =>
        `<row r="${n + 2}"><c r="A${n + 2}" t="s"><v>${n + 2}</v></c><c r="B${n + 2}"><v>${n}.25</v></c><c r="C${n + 2}"><v>${n * 3}</v></c></row>`,
    );
    const words = Array.from({ length: 50_000 }, (_, n) => `<si><t>Đơn vị thứ ${n}</t></si>`);
    const bytes = handMade(
      `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>Lũy kế</t></is></c></row>${rows.join('')}`,
      '',
      {
        'book/words.xml': `<sst><si><t>Chỉ tiêu</t></si><si><t>Tháng này</t></si>${words.join('')}</sst>`,
      },
    );
    const open = await opened(bytes);
    const before = process.memoryUsage().rss;
    const started = performance.now();
    await readXlsx(open.session, open.file, options);
    const grown = (process.memoryUsage().rss - before) / 2 ** 20;
    console.info(
      `50,000 rows: ${Math.round(performance.now() - started)} ms, +${Math.round(grown)} MiB`,
    );
    expect(
      await open.session.rows(
        `select count(*) as n, sum(month::decimal(18,2)) as m, sum(total::bigint) as t, min(item) as i from t`,
      ),
    ).toEqual([
      {
        n: '50000',
        m: `${(49_999 * 50_000) / 2 + 12_500}.00`,
        t: String((3 * 49_999 * 50_000) / 2),
        i: 'Đơn vị thứ 0',
      },
    ]);
    expect(grown).toBeLessThan(300);
    expect(Object.keys(unzipSync(bytes))).toContain('book/words.xml');
  });
});
