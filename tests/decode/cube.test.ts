import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { longTable, type Cube } from '../../connectors/decode/cube.ts';
import { readJsonStat } from '../../connectors/decode/json-stat.ts';
import { periodOfText, vintageOfText } from '../../connectors/decode/period-text.ts';
import { readPx } from '../../connectors/decode/px-file.ts';
import { parseStatement, PxReader } from '../../connectors/decode/px-statements.ts';
import { literal } from '../../core/sql-text.ts';
import {
  openTestDecode,
  type GivenFile,
  type TestDecodeSession,
} from '../harness/decode-session.ts';

const shared = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/data');
const hasReal = existsSync(shared);
if (!hasReal) console.warn(`skipped: the real files are not at ${shared}`);

let open: TestDecodeSession | undefined;
afterEach(() => {
  open?.close();
  open = undefined;
});

async function cubeOf(given: Omit<GivenFile, 'name'>, language?: string) {
  open?.close();
  open = await openTestDecode([{ name: 'bang.px', ...given }]);
  const { session, file } = open;
  const isJson = readFileSync(file.path).subarray(0, 1).toString() === '{';
  const options = { cells: 'cells', ...(language === undefined ? {} : { language }) };
  const cube: Cube = await (isJson
    ? readJsonStat(session, file, options)
    : readPx(session, file, options));
  await longTable(session, cube, 'cells', 'long');
  const { rows } = open;
  return { cube, rows };
}

const small = (data: string, more = '') => `CHARSET="ANSI";
CODEPAGE="utf-8";
TITLE="Dân số; theo ""vùng""";
STUB="Vùng ";
HEADING="Năm";
VALUES("Vùng")="Cả nước","Đồng bằng "
"sông Hồng";
CODES("Vùng")="00","01";
VALUES("Năm")="2022","Sơ bộ 2023";
TIMEVAL("Năm")=TLIST(A1,"2022"-"2023");
ELIMINATION("Vùng")="Cả nước";
UNITS="nghìn người";
DECIMALS=1;
${more}
DATA=
${data}`;

describe('PX', () => {
  it('reads statements over lines, joined strings, missing signs, nil, totals', async () => {
    const { cube, rows } = await cubeOf({ bytes: small('1.5 ".."\n"-" 99462.6;') });
    expect(cube).toMatchObject({ unit: 'nghìn người', decimals: 1 });
    expect(cube.dimensions.map(({ code, role }) => [code, role])).toEqual([
      ['Vùng', undefined],
      ['Năm', 'time'],
    ]);
    expect(
      await rows('select code_0, text_0, total_0, text_1, value, status from long order by n'),
    ).toEqual([
      ['00', 'Cả nước', 'true', '2022', '1.5', null],
      ['00', 'Cả nước', 'true', 'Sơ bộ 2023', null, '..'],
      ['01', 'Đồng bằng sông Hồng', 'false', '2022', '0', '-'],
      ['01', 'Đồng bằng sông Hồng', 'false', 'Sơ bộ 2023', '99462.6', null],
    ]);
  });

  it('takes semicolons at the ends of rows, commas and tabs between cells', async () => {
    const { rows } = await cubeOf({ bytes: small('1,2;\r\n3\t4;;\r\n') });
    expect(await rows('select value from long order by n')).toEqual([['1'], ['2'], ['3'], ['4']]);
  });

  it('numbers the rows of a sparse file by its keys, in any order', async () => {
    for (const [by, key] of [
      ['CODES', '01'],
      ['VALUES', 'Đồng bằng sông Hồng'],
    ]) {
      const { rows } = await cubeOf({ bytes: small(`"${key}" 3 "-";`, `KEYS("Vùng")=${by};`) });
      expect(await rows('select code_0, text_1, value from long order by n')).toEqual([
        ['01', '2022', '3'],
        ['01', 'Sơ bộ 2023', '0'],
      ]);
    }
    await expect(
      cubeOf({ bytes: small('"09" 1 2;', 'KEYS("Vùng")=CODES;') }),
    ).rejects.toMatchObject({ code: 'cells-miscounted' });
  });

  it('reads another language of the file, with the same codes and cells', async () => {
    const more =
      'LANGUAGES="vi","en";STUB[en]="Region";HEADING[en]="Year";VALUES[en]("Region")="Whole country","Red River Delta";TITLE[en]="Population";UNITS[en]="thousand persons";';
    const { cube, rows } = await cubeOf({ bytes: small('1 2 3 4;', more) }, 'en');
    expect(cube).toMatchObject({ label: 'Population', unit: 'thousand persons' });
    expect(await rows('select distinct code_0, text_0 from long order by 1')).toEqual([
      ['00', 'Whole country'],
      ['01', 'Red River Delta'],
    ]);
  });

  it.each([
    [
      'iso-8859-1 declared, UTF-8 inside',
      (text: string) => Buffer.from(text.replace('utf-8', 'iso-8859-1')),
    ],
    [
      'windows-1252 declared, TCVN3 inside',
      (text: string) => tcvn3(text.replace('utf-8', 'windows-1252')),
    ],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['no code page', (text: string) => Buffer.from(text.replace('CODEPAGE="utf-8";', ''))],
  ])('A41 a code page may lie: %s', async (_what, encoded) => {
    const { rows } = await cubeOf({ bytes: encoded(small('1 2 3 4;')) });
    expect(await rows('select distinct text_0 from long order by 1')).toEqual([
      ['Cả nước'],
      ['Đồng bằng sông Hồng'],
    ]);
  });

  it.each([
    ['too few cells', small('1 2 3;'), 'cells-miscounted'],
    ['too many cells', small('1 2 3 4 5;'), 'cells-miscounted'],
    ['an open string', small('1 2 3 ".'), 'file-cut'],
    ['no data', small('').split('DATA=')[0] ?? '', 'file-cut'],
    ['a cut statement', 'CHARSET="ANSI";\nSTUB="a', 'file-cut'],
    ['something else', '<html>', 'file-not-px'],
    ['nothing', '', 'file-empty'],
    ['codes that do not fit', small('1 2 3 4;').replace('="00","01"', '="00"'), 'px-malformed'],
    ['no statement', small('1 2 3 4;').replace('DECIMALS=1', 'xin chào'), 'px-malformed'],
  ])('B27 %s is refused', async (_what, bytes, code) => {
    await expect(cubeOf({ bytes })).rejects.toMatchObject({ code, group: 'data' });
  });

  it.each([1, 2, 5, 1000])('reads the same in pieces of %i characters', async (size) => {
    open = await openTestDecode([{ name: 'x' }]);
    const tokens: string[] = [];
    const reader = new PxReader(open.file, (token) => tokens.push(token));
    const text = small('1.5 ".."\n"-",99462.6\n;');
    for (let at = 0; at < text.length; at += size) reader.write(text.slice(at, at + size));
    reader.end();
    expect(tokens).toEqual(['1.5', '".."', '"-"', '99462.6']);
    expect(reader.statements.length).toBe(12);
  });

  it('knows every form of a statement', () => {
    expect(parseStatement('VALUENOTE[en]("a,b" , "c")="x" \n"y","z"')).toEqual({
      keyword: 'VALUENOTE',
      language: 'en',
      subjects: ['a,b', 'c'],
      values: ['xy', 'z'],
    });
    expect(parseStatement('AGGREGALLOWED=NO')?.values).toEqual(['NO']);
    expect(parseStatement('NOTE=""')?.values).toEqual(['']);
    expect(parseStatement('hello')).toBeUndefined();
  });
});

/** Small letters only: enough for the sample. */
function tcvn3(text: string): Buffer {
  const map: Readonly<Record<string, number>> = {
    â: 0xa9,
    ố: 0xe8,
    ù: 0xef,
    ă: 0xa8,
    ả: 0xb6,
    ư: 0xad,
    ớ: 0xed,
    Đ: 0xa7,
    ồ: 0xe5,
    ằ: 0xbb,
    ô: 0xab,
    ơ: 0xac,
    ộ: 0xe9,
    ì: 0xd7,
    ờ: 0xea,
  };
  const bytes = Array.from(text.normalize('NFC'), (char) => map[char] ?? char.charCodeAt(0));
  return Buffer.from(bytes);
}

const dimensions = {
  khu: {
    label: 'Khu vực',
    category: { index: ['A', 'B'], label: { A: ' CẢ  NƯỚC', B: 'Bắc' }, child: { A: ['B'] } },
  },
  nam: { label: 'Năm', category: { index: { 2023: 1, 2022: 0 } } },
  noi: { category: { label: { P: 'Dân số' }, unit: { P: { base: 'nghìn người', decimals: 1 } } } },
};
const rest = { label: 'Bảng', source: null, updated: '9999-12-31T16:59:59Z' };
const two = {
  version: '2.0',
  class: 'dataset',
  id: ['khu', 'nam', 'noi'],
  size: [2, 2, 1],
  role: { time: ['nam'], metric: ['noi'], geo: ['khu'] },
  dimension: dimensions,
  ...rest,
};
const one = {
  dataset: { ...rest, dimension: { ...dimensions, id: two.id, size: two.size, role: {} } },
};
const full = [
  ['A', 'CẢ NƯỚC', '2022', '1.5', null],
  ['A', 'CẢ NƯỚC', '2023', '2', null],
  ['B', 'Bắc', '2022', null, '..'],
  ['B', 'Bắc', '2023', '9007199254740993', null],
];
const value = '[1.5,2,null,9007199254740993]';
const status = '{"2":".."}';
const withCells = (shape: object, cells: string) =>
  JSON.stringify(shape).replace(/\}(\}?)$/, `,${cells}}$1`);

describe('JSON-stat', () => {
  it.each([
    ['2.0 list', withCells(two, `"value":${value},"status":${status}`), full],
    [
      '2.0 sparse',
      withCells(two, `"value":{"0":1.5,"1":2,"3":9007199254740993},"status":${status}`),
      full,
    ],
    ['1.0', withCells(one, `"value":${value},"status":[null,null,"..",null]`), full],
    [
      '1.0 and a NUL byte at the end',
      `${withCells(one, `"value":${value},"status":${status}`)}\0`,
      full,
    ],
    ['a bundle', `{"ten bat ky":${withCells(two, `"value":${value},"status":${status}`)}}`, full],
    [
      'a collection',
      `{"class":"collection","link":{"item":[${withCells(two, `"value":${value},"status":${status}`)}]}}`,
      full,
    ],
    [
      'one status for all',
      withCells(two, `"value":${value},"status":"p"`),
      full.map((row) => [...row.slice(0, 4), 'p']),
    ],
  ])('%s', async (_what, bytes, expected) => {
    const { cube, rows } = await cubeOf({ bytes });
    expect(await rows('select code_0, text_0, code_1, value, status from long order by n')).toEqual(
      expected,
    );
    expect(cube.dimensions[0]?.members[0]?.isTotal).toBe(true);
    expect(await rows('select distinct unit, decimals from long')).toEqual([['nghìn người', '1']]);
  });

  it.each([
    ['too many values', withCells(two, '"value":[1,2,3,4,5]'), 'cells-miscounted'],
    ['a place outside', withCells(two, '"value":{"4":1}'), 'cells-miscounted'],
    ['no number as a place', withCells(two, '"value":{"x":1}'), 'cells-miscounted'],
    ['no values', withCells(two, '"value":[]'), 'cells-miscounted'],
    [
      'sizes that do not fit',
      withCells({ ...two, size: [2, 3, 1] }, '"value":[1]'),
      'cells-miscounted',
    ],
    ['no dataset', '{"class":"dimension"}', 'file-not-json-stat'],
    ['a cut file', withCells(two, `"value":${value}`).slice(0, 300), 'file-not-json'],
    ['depth', `{"a":${'['.repeat(100_000)}`, 'file-not-json'],
  ])('B27 %s is refused', async (_what, bytes, code) => {
    await expect(cubeOf({ bytes })).rejects.toMatchObject({ code, group: 'data' });
  });
});

describe('periods', () => {
  it.each([
    ['2020', '2020', ''],
    ['2020M03', '2020-03', ''],
    ['2020-12', '2020-12', ''],
    ['2020-Q2', '2020-Q2', ''],
    ['2020K4', '2020-Q4', ''],
    ['2020-S1', '2020-H1', ''],
    ['2020-A1', '2020', ''],
    ['2020W05', '2020-W05', ''],
    ['2020-02-29', '2020-02-29', ''],
    ['Năm 2020', '2020', ''],
    ['Sơ bộ 2023', '2023', 'preliminary'],
    ['Prel. 2023', '2023', 'preliminary'],
    ['Ước 2024', '2024', 'estimate'],
    ['Tháng 3/2026', '2026-03', ''],
    ['Tháng 10 năm 2026', '2026-10', ''],
    ['Ước thực hiện tháng 10 năm 2026', '2026-10', 'estimate'],
    ['10/2026', '2026-10', ''],
    ['Quý III/2026', '2026-Q3', ''],
    ['6 tháng đầu năm 2026', '2026-H1', ''],
    ['6 tháng cuối năm 2026', '2026-H2', ''],
    ['9 tháng 2026', '2026-9M', ''],
    ['2020-13', null, ''],
    ['Bình quân', null, ''],
    ['2020-2021', null, ''],
  ])('%s is %s', async (text, period, vintage) => {
    open = await openTestDecode([{ name: 'x' }]);
    for (const form of [text, text.normalize('NFD')]) {
      expect(
        await open.rows(
          `select ${periodOfText(literal(form))}, ${vintageOfText(`nfc_normalize(${literal(form)})`)}`,
        ),
      ).toEqual([[period, vintage]]);
    }
  });
});

describe.runIf(hasReal)('real files', () => {
  const px = (path: string) => join(shared, 'px-jsonstat', path);

  it.each([
    ['pxwebapi2/PO/PO01/TAB001.px', 'MetadataById_tab001_js2.json'],
    ['pxwebapi2/EN/EN02/TAB004.px', 'MetadataById_tab004_js2.json'],
  ])('%s has the dimensions that PxWebApi answers', async (path, answer) => {
    const { cube } = await cubeOf({ path: px(path) });
    const oracle = JSON.parse(readFileSync(px(`pxwebapi2/ExpectedJson/${answer}`), 'utf8')) as {
      readonly label: string;
      readonly id: readonly string[];
      readonly role: { readonly time: readonly string[]; readonly metric: readonly string[] };
      readonly dimension: Readonly<
        Record<
          string,
          {
            readonly label: string;
            readonly category: {
              readonly index: Readonly<Record<string, number>>;
              readonly label: Readonly<Record<string, string>>;
              readonly unit?: Readonly<Record<string, { readonly base: string }>>;
            };
          }
        >
      >;
    };
    expect(cube.label).toBe(oracle.label);
    expect(cube.dimensions.map(({ code }) => code)).toEqual(oracle.id);
    for (const { code, label, role, members } of cube.dimensions) {
      const { label: name, category } = oracle.dimension[code] ?? {
        label: '',
        category: { index: {}, label: {} },
      };
      expect(label).toBe(name);
      expect(members.map((one) => one.code)).toEqual(
        Object.keys(category.index).sort(
          (a, b) => (category.index[a] ?? 0) - (category.index[b] ?? 0),
        ),
      );
      expect(members.map((one) => one.label)).toEqual(
        members.map((one) => category.label[one.code]),
      );
      expect(role === 'time').toBe(oracle.role.time.includes(code));
      expect(role === 'metric').toBe(oracle.role.metric.includes(code));
      if (category.unit)
        expect(members.map((one) => one.unit ?? cube.unit)).toEqual(
          members.map((one) => category.unit?.[one.code]?.base),
        );
    }
  });

  it.each([
    'pxwebapi2/PO/PO01/TAB001.px',
    'pxwebapi2/EN/EN02/TAB004.px',
    'pxwebapi2/EN/EN01/TAB003.px',
    'pyaxis/27067.px',
  ])('%s: every cell in its place, counted by a second reading', async (path) => {
    const { rows } = await cubeOf({ path: px(path) });
    const text = readFileSync(px(path), 'latin1');
    const tokens = text
      .slice(text.search(/^DATA=/m) + 5)
      .replace(/;\s*$/, '')
      .trim()
      .split(/\s+/);
    const cells = await rows('select value, status from long order by n');
    expect(cells.map(([number, sign]) => number ?? `"${sign}"`)).toEqual(
      tokens.map((token) => (token === '"-"' ? '0' : token)),
    );
    expect(cells.length).toBeGreaterThan(100);
  });

  it.each([
    ['E02.01.json', [70, 14, 3]],
    ['E02.02.json', undefined],
  ])('gso-vn/%s: values and sums as a second reading gives them', async (name, size) => {
    const path = join(shared, 'gso-vn/pxweb', name);
    const { cube, rows } = await cubeOf({ path });
    const oracle = JSON.parse(readFileSync(path, 'utf8').replace(/\0+$/, '')) as {
      readonly dataset: { readonly value: readonly (number | null)[] };
    };
    const cells = await rows('select value from long order by n');
    expect(cells.map(([number]) => (number === null ? null : Number(number)))).toEqual(
      oracle.dataset.value,
    );
    if (size) expect(cube.dimensions.map(({ members }) => members.length)).toEqual(size);
    expect(
      cube.dimensions
        .flatMap(({ members }) => members)
        .filter(({ label }) => /^ | $| {2}/.test(label)),
    ).toEqual([]);
  });
});
