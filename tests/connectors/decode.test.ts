import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { splitCsvLine } from '../../connectors/decode/csv-line.ts';
import { findReason, reasonOf } from '../../connectors/decode/reasons.ts';
import { referenceTables } from '../../connectors/reference-tables/connector.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

let home: SourceHome;
let base: string;
beforeEach(async () => {
  home = await openSourceHome();
  base = mkdtempSync(join(tmpdir(), 'phusa-tables-'));
});
afterEach(async () => {
  await home.remove();
  rmSync(base, { recursive: true });
});

const label = { vi: 'x', en: 'x' };
const column = (name: string, type: string, more: object = {}) => ({ name, type, label, ...more });
const load = (text: string | Buffer, columns: readonly object[], key = ['code']) => {
  writeFileSync(join(base, 't.csv'), text);
  return home.ingest(referenceTables, {
    base,
    tables: [{ stream: 't', file: 't.csv', label, key, columns }],
  });
};

describe('typed values', () => {
  it.each([
    ['bigint', '9223372036854775807', '9223372036854775807'],
    ['bigint', '12.0', '12'],
    ['bigint', '-5', '-5'],
    ['bigint', '1e3', undefined],
    ['bigint', '1.5', undefined],
    ['bigint', '9223372036854775808', undefined],
    ['decimal(18,6)', '1e-05', '0.000010'],
    ['decimal(18,6)', '.5', '0.500000'],
    ['decimal(18,6)', '1.234,5', undefined],
    ['decimal(18,6)', 'NaN', undefined],
    ['decimal(18,6)', '1e400', undefined],
    ['boolean', 'TRUE', true],
    ['boolean', '0', false],
    ['boolean', 'có', undefined],
    ['date', '2026-02-28', '2026-02-28'],
    ['date', '28/02/2026', '2026-02-28'],
    ['date', '2026-02-31', undefined],
    ['date', '45000', undefined],
    ['date', '28/02/26', undefined],
    ['timestamp', '2026-11-22 08:30:00', '2026-11-22T08:30:00'],
    ['timestamp', '2026-11-22 25:00:00', undefined],
  ])('A43/B30/B32 %s %s is %s', async (type, text, expected) => {
    const { batches } = await load(`code,v\na,"${text}"\n`, [
      column('code', 'varchar'),
      column('v', type),
    ]);
    const rows = await home.rows('select v from dim.t');
    expect(rows).toEqual(expected === undefined ? [] : [[expected]]);
    expect(batches[0]?.counts['t']?.quarantined).toBe(expected === undefined ? 1 : 0);
  });
});

describe('CSV', () => {
  const text = [column('code', 'varchar'), column('v', 'varchar')];

  it('finds columns by name, leaves others alone, takes quotes and line breaks in them', async () => {
    await load('v,unknown,code\n"a ""b""\nc",x,1\n', text);
    expect(await home.rows('select code, v from dim.t')).toEqual([['1', 'a "b"\nc']]);
  });

  it('takes a quoted last line that ends with another kind of line end', async () => {
    await load('code,v\r\n1,"x"\r\n2,"y, ""z"""\n', text);
    expect(await home.rows('select code, v from dim.t order by 1')).toEqual([
      ['1', 'x'],
      ['2', 'y, "z"'],
    ]);
  });

  it('keeps codes with leading zeros as text', async () => {
    await load('code,v\n00004,007\n', text);
    expect(await home.rows('select code, v from dim.t')).toEqual([['00004', '007']]);
  });

  it.each([
    ['H14 too few fields', 'code,v\n1,a\n2\n', 'line-malformed'],
    ['H14 too many fields', 'code,v\n1,a\n2,b,c\n', 'line-malformed'],
    ['H12 an open quote', 'code,v\n1,a\n2,"b\n3,c\n', 'line-malformed'],
    ['A41 a legacy encoding', Buffer.from('code,v\n1,Th\xeda\n', 'latin1'), 'line-malformed'],
    ['B28 a column gone', 'code,w\n1,a\n', 'header-missing-column'],
    ['B29 a column renamed by its accents', 'code,V\n1,a\n', 'header-missing-column'],
  ])('%s: %s is refused and earlier rows stay', async (_what, bytes, code) => {
    await load('code,v\n1,old\n9,kept\n', text);
    const { batches } = await load(bytes, text);
    expect(batches[0]).toMatchObject({ status: 'failed', findings: [code] });
    expect(await home.rows('select code, v from dim.t order by 1')).toEqual([
      ['1', 'old'],
      ['9', 'kept'],
    ]);
  });

  it('B24 rows that left the table leave the dimension', async () => {
    await load('code,v\n1,a\n2,b\n', text);
    const { batches } = await load('code,v\n2,b\n', text);
    expect(batches[0]?.counts['t']).toMatchObject({ unchanged: 1, deleted: 1 });
  });

  it('splits header lines', () => {
    expect(splitCsvLine('a,"b, c","d ""e""",')).toEqual(['a', 'b, c', 'd "e"', '']);
  });
});

describe('reasons', () => {
  it('have words in both languages; others are not ours', () => {
    expect(reasonOf('date-invalid').label).toEqual(findReason('date-invalid')?.label);
    expect(reasonOf('line-not-utf8').remedy.vi).toContain('UTF-8');
    expect(findReason('toString')).toBeUndefined();
  });
});
