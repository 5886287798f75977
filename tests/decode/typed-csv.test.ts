import { afterEach, describe, expect, it } from 'vitest';
import { decodeCsv } from '../../connectors/decode/typed-csv.ts';
import { openTestDecode, type TestDecodeSession } from '../harness/decode-session.ts';

let open: TestDecodeSession | undefined;
afterEach(() => open?.close());

describe('CSV typed in one pass', () => {
  it('may hold nothing but numbers and dates', async () => {
    const bytes = Buffer.from('ma,ngay,so\n1,2026-01-02,5\n2,,\n3,2026-01-04,x\n');
    open = await openTestDecode([{ name: 'a.csv', bytes }]);
    await decodeCsv(open.session, open.file, {
      stream: 'count',
      required: ['ma'],
      table: {
        columns: [
          { name: 'code', type: 'integer', from: 'ma', required: true },
          { name: 'day', type: 'date', from: 'ngay', formats: ['%Y-%m-%d'] },
          { name: 'amount', type: 'bigint', from: 'so' },
        ],
        raw: 'coalesce(_line, to_json([ma, ngay, so])::varchar)',
      },
    });
    const rows = `select code, day, amount, _row, _reason, _fingerprint is not null as known_again
      from decoded_count order by _row`;
    expect(await open.rows(rows)).toEqual([
      ['1', '2026-01-02', '5', '1', null, 'true'],
      ['2', null, null, '2', null, 'true'],
      ['3', '2026-01-04', null, '3', 'integer-invalid', 'false'],
    ]);
  });
});
