import { afterEach, describe, expect, it } from 'vitest';
import { readCsv } from '../../connectors/decode/csv.ts';
import { readJsonPages } from '../../connectors/decode/json.ts';
import { openTestDecode, type TestDecodeSession } from '../harness/decode-session.ts';

let open: TestDecodeSession | undefined;
afterEach(() => open?.close());

async function csv(text: string | Uint8Array) {
  open = await openTestDecode([{ name: 'a.csv', bytes: text }]);
  await readCsv(open.session, open.file, { into: 't', required: ['ma'] });
  return open.rows('select ma, ten, _row, _malformed is not null from t order by _row');
}

describe('hostile texts', () => {
  it('H12 one line of 8 MB is told, the others are read; 20,000 columns are read or refused', async () => {
    expect(await csv(`ma,ten\n1,a\n2,${'x'.repeat(8 << 20)}\n`)).toMatchObject([
      ['1', 'a', '1', 'false'],
      [null, null, '2', 'true'],
    ]);
    open?.close();
    const wide = ['ma', 'ten', ...Array.from({ length: 20_000 }, (_, n) => `c${n}`)].join(',');
    const told = await csv(`${wide}\n1,a\n`).catch((error: unknown) => error);
    expect(told).toMatchObject(Array.isArray(told) ? [{ 3: 'true' }] : { group: 'data' });
  });

  it('H13 mixed line ends are read; another separator is refused, not guessed; NUL bytes lose no line', async () => {
    expect(await csv('ma,ten\r\n1,a\r\n2,"b"\n')).toMatchObject([
      ['1', 'a', '1', 'false'],
      ['2', 'b', '2', 'false'],
    ]);
    open?.close();
    for (const other of ['ma;ten\n1;a\n', 'ma\tten\n1\ta\n'])
      await expect(csv(other)).rejects.toMatchObject({ code: 'header-missing-column' });
    open?.close();
    expect(await csv('ma,ten\n1,a\u0000b\n2,c\n')).toHaveLength(2);
  });

  it('H15 members called __proto__ and constructor are members like others', async () => {
    const records =
      '{"data":[{"ma":"1","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}]}';
    open = await openTestDecode([{ name: 'a.json', bytes: records }]);
    await readJsonPages(open.session, [open.file], {
      into: 't',
      records: 'data',
      shape: { ma: 'VARCHAR' },
    });
    expect(await open.rows('select r.ma from t')).toEqual([['1']]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
