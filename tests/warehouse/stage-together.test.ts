import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import type { BatchCheckSql } from '../../warehouse/staged-batch.ts';
import { batchOf, decodeRows, visit } from '../harness/simple-stream.ts';
import { openTestWarehouse, type TestWarehouse } from './open-test-warehouse.ts';

const file: LandedFile = {
  n: 0,
  name: 'visits.csv',
  path: 'visits.csv',
  sha256: '',
  bytes: 0,
  mediaType: undefined,
  request: undefined,
  receivedAt: '2026-01-10T00:00:00Z',
};
const label = { vi: 'Số tiền lớn', en: 'Large amounts' };
const large: BatchCheckSql = {
  code: 'large',
  severity: 'warn',
  on: 'visit',
  label,
  remedy: label,
  sql: `select 'amount', code from decoded_visit where amount > 10`,
  each: `select t.batch, 'amount', d.code from decoded_visit d join together t on t.file = d._file
    where d.amount > 10 order by d.code`,
};

describe('batches decoded together', () => {
  let opened: TestWarehouse;
  let decodings = 0;
  beforeEach(async () => {
    opened = await openTestWarehouse();
    await opened.warehouse.prepare([visit]);
    decodings = 0;
  });
  afterEach(() => opened.remove());

  const batches = ['a', 'b', 'c'].map((name) => batchOf(name, [visit], { files: [file] }));
  const amounts = ['5', '20', '30'];
  const decode = async (session: DecodeSession): Promise<void> => {
    decodings += 1;
    const rows = amounts.map((amount, at) => ({
      values: { code: `c${at}`, day: null, amount, name: null },
    }));
    await decodeRows({ visit: rows }, [visit])(session);
    await session.run('update decoded_visit set _file = _row - 1');
  };

  it('each have the warnings of their own rows', async () => {
    const staged = await opened.warehouse.stageTogether(batches, decode, [large]);
    expect(
      staged?.map(({ findings }) => findings.map(({ code, sample }) => [code, sample])),
    ).toEqual([
      [],
      [['large', [{ field: 'amount', value: 'c1' }]]],
      [['large', [{ field: 'amount', value: 'c2' }]]],
    ]);
    expect(staged?.flatMap(({ held }) => held)).toEqual([]);
  });

  it('are loaded alone where a finding would hold one of them', async () => {
    const blocking = { ...large, severity: 'block' } as const;
    expect(await opened.warehouse.stageTogether(batches, decode, [blocking])).toBeUndefined();
  });

  it('take up a head start once, and are compared with what was published since', async () => {
    await opened.warehouse.decodeTogether(batches, decode);
    const other = batchOf('other', [visit]);
    const row = { values: { code: 'c1', day: null, amount: '1', name: null } };
    const alone = await opened.warehouse.stage(other, decodeRows({ visit: [row] }, [visit]), []);
    await opened.warehouse.publish(alone, new Date(Date.UTC(2026, 0, 1)));
    expect(await opened.warehouse.stageTogether(batches, decode, [large])).toBeUndefined();
    expect(decodings).toBe(1);
  });
});
