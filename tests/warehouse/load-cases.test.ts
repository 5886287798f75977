import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StreamContract } from '../../core/stream-contract.ts';
import type { DecodedBatch } from '../../warehouse/staged-batch.ts';
import {
  batchOf,
  decodeRows,
  visit,
  visitLine,
  type DecodedRow,
} from '../harness/simple-stream.ts';
import { openTestWarehouse, type TestWarehouse } from './open-test-warehouse.ts';

let test: TestWarehouse;
beforeAll(async () => {
  test = await openTestWarehouse();
});
afterAll(() => test.remove());

const row = (code: string, amount: string, more: Partial<DecodedRow> = {}): DecodedRow => ({
  values: { code, day: '2026-01-01', amount, name: null },
  ...more,
});
const bad = { status: 'quarantined', reason: 'number-invalid' } as const;
const rows = (sql: string) => test.warehouse.select(sql).then((found) => found.rows);

/** A table of its own, and a loader of batches into it that says what became of each. */
async function table(changes: Partial<StreamContract> & { readonly stream: string }) {
  const contract: StreamContract = { ...visit, ...changes };
  await test.warehouse.prepare([contract]);
  let n = 0;
  return async (given: readonly DecodedRow[], batch: Partial<DecodedBatch> = {}) => {
    n += 1;
    const staged = await test.warehouse.stage(
      batchOf(`${contract.stream}-${n}`, [contract], batch),
      decodeRows({ [contract.stream]: given }, [contract]),
      [],
    );
    if (staged.held.length > 0) {
      await test.warehouse.hold(staged);
      return staged.held.map(({ code }) => code);
    }
    const at = new Date(Date.UTC(2026, 0, 1, 0, n));
    return (await test.warehouse.publish(staged, at)).counts[contract.stream];
  };
}

const amounts = async (of: string) =>
  (await rows(`select code || '=' || amount from ${of} order by 1`)).flat();

describe('what a load does, whatever kind of source the rows are of', () => {
  it('B22 nothing, or nothing good, in what claims to be the whole table is held', async () => {
    const load = await table({ stream: 'whole', deletes: 'absence' });
    await load([row('a', '1.00'), row('b', '2.00')]);
    expect(await load([], { covers: ['whole'] })).toEqual(['empty-snapshot']);
    expect(await load([row('c', '1.00', bad)], { covers: ['whole'] })).toEqual(['empty-snapshot']);
    expect(await amounts('staging.whole')).toEqual(['a=1.00', 'b=2.00']);
  });

  it('B23 nothing where nothing is claimed to be whole changes nothing', async () => {
    const load = await table({ stream: 'quiet' });
    await load([row('a', '1.00')]);
    expect(await load([])).toMatchObject({ received: 0, deleted: 0 });
    expect(await amounts('staging.quiet')).toEqual(['a=1.00']);
  });

  it('B16 equal rows count as duplicates; B25 a key that is used again is a new version, both are kept', async () => {
    const load = await table({ stream: 'reused' });
    expect(await load([row('a', '1.00'), row('a', '1.00')])).toMatchObject({
      ...{ received: 2, new: 1, duplicate: 1 },
    });
    expect(await load([row('a', '9.00')])).toMatchObject({ changed: 1 });
    expect([await amounts('staging.reused'), await amounts('history.reused')]).toEqual([
      ['a=9.00'],
      ['a=1.00'],
    ]);
  });

  it('B26 B37 a corrected row takes the place of the old one at once, which is read as of its time', async () => {
    const load = await table({ stream: 'corrected' });
    await load([row('a', '1.00'), row('b', '1.00')]);
    expect(await load([row('a', '2.00'), row('b', '1.00')])).toMatchObject({
      ...{ received: 2, changed: 1, unchanged: 1 },
    });
    const sql = "select amount from staging.corrected where code = 'a'";
    const then = await test.warehouse.select(sql, { asOf: '2026-01-01T00:01:00Z' });
    expect(then.rows.flat().map(String)).toEqual(['1.00']);
  });

  it('B40 an older version that comes later is history only', async () => {
    const load = await table({ stream: 'late' });
    await load([row('a', '2.00', { publishedAt: '2026-01-02T00:00:00Z' })]);
    await load([row('a', '1.00', { publishedAt: '2026-01-01T00:00:00Z' })]);
    expect([await amounts('staging.late'), await amounts('history.late')]).toEqual([
      ['a=2.00'],
      ['a=1.00'],
    ]);
  });

  it('B40 an older version of a thing takes none of its parts away', async () => {
    const parts = {
      ...visitLine,
      stream: 'part',
      deletes: 'absence',
      partition: ['code'],
    } as const;
    await test.warehouse.prepare([visit, parts]);
    const load = async (n: number, day: string, prices: readonly string[]) => {
      const publishedAt = `2026-01-0${day}T00:00:00Z`;
      const line = (price: string, at: number) => ({
        values: { code: 'a', line: String(at + 1), price },
        publishedAt,
      });
      const contracts = [visit, parts];
      const given = { visit: [row('a', '1.00', { publishedAt })], part: prices.map(line) };
      const staged = await test.warehouse.stage(
        batchOf(`part-${n}`, contracts, { covers: ['part'] }),
        decodeRows(given, contracts),
        [],
      );
      await test.warehouse.publish(staged, new Date(Date.UTC(2026, 1, 1, 0, n)));
    };
    const prices = async () =>
      (await rows('select price::varchar from staging.part order by line')).flat();
    await load(1, '5', ['10', '20', '30']);
    await load(2, '3', ['10']);
    expect(await prices()).toEqual(['10', '20', '30']);
    await load(3, '7', ['10', '25']);
    expect(await prices()).toEqual(['10', '25']);
  });

  it('B39 a few bad rows are set aside, B42 with reason and record; too many hold the batch', async () => {
    const load = await table({ stream: 'doubtful' });
    const good = Array.from({ length: 99 }, (_, n) => row(`g${n}`, '1.00'));
    expect(await load([...good, row('x', '0', bad)])).toMatchObject({ new: 99, quarantined: 1 });
    expect(await load([row('h', '1.00'), ...good.map((one) => ({ ...one, ...bad }))])).toEqual([
      'quarantine-share',
    ]);
    expect(await rows("select count(*)::varchar from staging.doubtful where code = 'h'")).toEqual([
      ['0'],
    ]);
    expect(
      await rows("select distinct reason from meta.quarantine where stream = 'doubtful'"),
    ).toEqual([['number-invalid']]);
  });
});
