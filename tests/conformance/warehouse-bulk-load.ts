import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import { batchOf, visit } from '../harness/simple-stream.ts';
import type { OpenWarehouse } from './warehouse.ts';

const rows = 120_000;

/**
 * Rows of which every hundredth repeats the key fifty rows before: as it is, with another amount of an earlier day, or
 * with one of a later day; every thousandth is bad. Amounts are those of a version.
 */
const decode = (version: number) => async (session: DecodeSession) => {
  await session.run(`create or replace temp table decoded_visit as
    select 'c' || number as code, date '2026-01-01' as day, (number % 7 + amount)::decimal(18, 2) as amount,
      null::varchar as name, 0::integer as _file, i + 1 as _row,
      timestamptz '2026-01-01T00:00:00Z' + to_days((2 * ${version} + later)::integer) as _published_at,
      case when i % 1000 = 1 then 'quarantined' end as _status,
      case when i % 1000 = 1 then 'number-invalid' end as _reason,
      null::varchar as _field, null::varchar as _value, null::varchar as _raw
    from (select *, if(i % 100 = 99, i - 50, i) as number,
        if(i % 400 = 199, -1, if(i % 400 = 399, 1, 0)) as later, later + ${version} as amount
      from range(${rows}) r(i))`);
};

/** What one load of the file comes to: repeats, and of them those that are superseded within the file. */
const repeats = rows / 100;
const superseded = rows / 200;
const bad = rows / 1000;

/** Run on each engine. */
export function describeBulkLoad(name: string, open: () => Promise<OpenWarehouse>): void {
  describe(`a load of many rows, some of them set aside: ${name}`, () => {
    let opened: OpenWarehouse;
    beforeEach(async () => {
      opened = await open();
      await opened.warehouse.prepare([visit]);
    });
    afterEach(() => opened.remove());

    const second = (n: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, n));
    const stage = (batch: string, version: number) =>
      opened.warehouse.stage(batchOf(batch, [visit]), decode(version), []);
    const held = async () => {
      const { rows: found } = await opened.warehouse.select(`select
        (select count(*) from staging.visit), (select count(distinct code) from staging.visit),
        (select sum(amount) from staging.visit), (select count(*) from history.visit),
        (select count(*) from staging.visit where _row % 400 = 200), (select count(*) from staging.visit where _row % 400 = 0),
        (select count(*) from meta.quarantine)`);
      return found[0]?.map(Number);
    };
    /** The same by hand: current rows and the sum of their amounts. */
    const expected = async (version: number) => {
      const { rows: found } = await opened.warehouse.select(`
        with versions as (select if(i % 100 = 99, i - 50, i) as number,
            if(i % 400 = 199, -1, if(i % 400 = 399, 1, 0)) as later, i
          from range(${rows}) r(i) where i % 1000 <> 1)
        select count(*), sum(amount) from (
          select number, arg_max(number % 7 + later + ${version}, (later, i)) as amount from versions group by number)`);
      return found[0]?.map(Number) ?? [];
    };

    it('keeps the newest of each key, the older ones as history, the bad ones apart', async () => {
      const staged = await stage('b1', 0);
      const { counts } = await opened.warehouse.publish(staged, second(1));
      const [current = NaN, amount = NaN] = await expected(0);
      expect(counts['visit']).toMatchObject({
        received: rows,
        new: current,
        changed: superseded,
        duplicate: repeats - superseded,
        quarantined: bad,
      });
      expect(await held()).toEqual([current, current, amount, superseded, 0, rows / 400, bad]);
    });

    it('is compared again where another batch came between, with nothing left of the first comparison', async () => {
      const staged = await stage('b1', 0);
      await opened.warehouse.publish(await stage('b2', 1), second(1));
      const { counts } = await opened.warehouse.publish(staged, second(2));
      const [current = NaN, amount = NaN] = await expected(1);
      expect(counts['visit']).toMatchObject({ received: rows, new: 0, quarantined: bad });
      expect(await held()).toEqual([
        ...[current, current, amount],
        ...[superseded + current + superseded, 0, rows / 400, 2 * bad],
      ]);
    });
  });
}
