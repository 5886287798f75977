import { afterEach, describe, expect, it } from 'vitest';
import { readCsv } from '../../connectors/decode/csv.ts';
import { decodeCsv } from '../../connectors/decode/typed-csv.ts';
import { openTestDecode, type TestDecodeSession } from '../harness/decode-session.ts';

let open: TestDecodeSession | undefined;
afterEach(() => open?.close());

const latin = (text: string) => Buffer.from(text, 'latin1');
const name = 'Ủy ban nhân dân thành phố Hải Phòng';

/** The name as old programs wrote it, typed as the bytes look in Latin-1; ABC fonts have no capital Ủ. */
const spelt = {
  'windows-1258': 'U\u00d2y ban nhân dân tha\u00ccnh phô\u00ec Ha\u00d2i Pho\u00ccng',
  viscii: '\u009cy ban nh\u00e2n d\u00e2n th\u00e0nh ph\u00af H\u00e4i Ph\u00f2ng',
  vni: 'UÛy ban nhaân daân thaønh phoá Haûi Phoøng',
  tcvn3: 'ñy ban nh©n d©n thµnh phè H¶i Phßng',
} as const;

const many = 40_000;

/** A file of many lines; before the first letter that is not ASCII come more bytes than are looked at first. */
function linesOf(foreign: string, header: string): string {
  const line = (n: number) => `${n},${n < 8_000 ? 'khong dau'.padEnd(16, '.') : foreign}\n`;
  return header + Array.from({ length: many }, (_, n) => line(n)).join('');
}

const files: readonly (readonly [string, Uint8Array, string])[] = [
  ['UTF-8, decomposed', Buffer.from(linesOf(name.normalize('NFD'), 'ma,ten\n')), name],
  ['UTF-16', Buffer.from(`\ufeff${linesOf(name, 'ma,ten\n')}`, 'utf16le'), name],
  [
    'UTF-16, big end first',
    Buffer.from(`\ufeff${linesOf(name, 'ma,ten\n')}`, 'utf16le').swap16(),
    name,
  ],
  ...Object.entries(spelt).map(
    ([encoding, text]) =>
      [
        encoding,
        latin(linesOf(text, 'ma,ten\n')),
        encoding === 'tcvn3' ? name.replace('Ủ', 'ủ') : name,
      ] as const,
  ),
];

describe.each(files)('A41 a large CSV in %s', (_encoding, bytes, expected) => {
  it('is typed in one pass, every line once, in NFC', async () => {
    open = await openTestDecode([{ name: 'a.csv', bytes }]);
    await decodeCsv(open.session, open.file, {
      stream: 'unit',
      required: ['ma'],
      table: {
        columns: [
          { name: 'code', type: 'integer', from: 'ma', required: true },
          { name: 'title', type: 'varchar', from: 'ten' },
        ],
        raw: 'coalesce(_line, to_json([ma, ten])::varchar)',
      },
    });
    const found = await open.rows(`select count(*), count(distinct code), count(_status),
        count(*) filter (title = '${expected}'), sum(_row), min(_row)
      from decoded_unit`);
    expect(found).toEqual([[many, many, 0, many - 8_000, (many * (many + 1)) / 2, 1].map(String)]);
  });

  it('is read as texts alike', async () => {
    open = await openTestDecode([{ name: 'a.csv', bytes }]);
    await readCsv(open.session, open.file, { into: 'unit', required: ['ma'] });
    expect(
      await open.rows(`select count(*), count(_malformed),
        count(*) filter (nfc_normalize(ten) = '${expected}') from unit`),
    ).toEqual([[String(many), '0', String(many - 8_000)]]);
  });
});

it('A41 bytes of no encoding that is known, far behind: their lines are told one by one', async () => {
  const bytes = Buffer.concat([
    latin(linesOf('khong dau', 'ma,ten\n')),
    latin('x,\u00ff\u00c1\u0080\n'),
  ]);
  open = await openTestDecode([{ name: 'a.csv', bytes }]);
  await readCsv(open.session, open.file, { into: 'unit', required: ['ma'] });
  expect(await open.rows('select _row, _malformed from unit where _malformed is not null')).toEqual(
    [[String(many + 1), 'line-not-utf8']],
  );
});
