import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noRows, type LoadCounts } from '../../core/load-counts.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import type { Warehouse } from '../../warehouse/port.ts';
import type { BatchCheckSql, DecodedBatch, StagedBatch } from '../../warehouse/staged-batch.ts';
import {
  batchOf,
  decodeRows,
  type DecodedRow,
  visit,
  visitLine,
} from '../harness/simple-stream.ts';

/** What a suite is given: a warehouse and the way to remove it. */
export interface OpenWarehouse {
  readonly warehouse: Warehouse;
  /** Holds `landing`, which the engine may read. */
  readonly directory: string;
  remove(): Promise<void>;
}

const minute = (n: number): Date => new Date(Date.UTC(2026, 0, 1, 0, n));
const label = { vi: 'phép thử', en: 'test' };
const row = (code: string, amount: string, more: Partial<DecodedRow> = {}): DecodedRow => ({
  values: { code, day: '2026-01-01', amount, name: `Người ${code}` },
  ...more,
});
const on = (day: string, code: string): DecodedRow => ({
  values: { code, day, amount: '1.00', name: null },
});
const counts = (changes: Partial<LoadCounts>): LoadCounts => ({ ...noRows, ...changes });

/** What every warehouse engine must do; run on each. */
export function describeWarehouse(name: string, open: () => Promise<OpenWarehouse>): void {
  describe(`warehouse conformance: ${name}`, () => {
    let opened: OpenWarehouse;
    let warehouse: Warehouse;
    beforeAll(async () => {
      opened = await open();
      ({ warehouse } = opened);
    });
    afterAll(() => opened.remove());

    const stage = (
      batch: DecodedBatch,
      rows: Readonly<Record<string, readonly DecodedRow[]>>,
      checks: readonly BatchCheckSql[] = [],
    ): Promise<StagedBatch> => warehouse.stage(batch, decodeRows(rows, batch.contracts), checks);

    /** Prepares a contract of its own for a test and gives a loader of batches into it. */
    const streamOf = async (changes: Partial<StreamContract>) => {
      const contract: StreamContract = { ...visit, ...changes };
      await warehouse.prepare([contract]);
      let n = 0;
      return async (rows: readonly DecodedRow[], batch: Partial<DecodedBatch> = {}) => {
        n += 1;
        const id = `${contract.stream}-${n}`;
        const staged = await stage(batchOf(id, [contract], batch), { [contract.stream]: rows });
        const published = await warehouse.publish(staged, minute(n));
        return published.counts[contract.stream];
      };
    };
    const amounts = async (table: string, asOf?: Date) => {
      const sql = `select code, amount from ${table} order by code, amount`;
      const options = asOf === undefined ? {} : { asOf: asOf.toISOString() };
      return (await warehouse.select(sql, options)).rows.map((r) => r.join('='));
    };

    describe('load', () => {
      it('publishes new rows with their provenance; nothing is visible before', async () => {
        await warehouse.prepare([{ ...visit, stream: 'first' }]);
        const batch = batchOf('first-1', [{ ...visit, stream: 'first' }]);
        const staged = await stage(batch, { first: [row('a', '1.50'), row('b', '2.00')] });
        expect(staged.counts['first']).toEqual(counts({ received: 2, new: 2 }));
        expect(staged.held).toEqual([]);
        expect(await warehouse.published('first-1')).toBeUndefined();
        expect(await amounts('staging.first')).toEqual([]);
        const published = await warehouse.publish(staged, minute(1));
        expect(published).toEqual({
          batch: 'first-1',
          recordedAt: minute(1).toISOString(),
          counts: staged.counts,
        });
        expect(await warehouse.published('first-1')).toEqual(published);
        const table = await warehouse.select(
          'select code, amount, day, _batch, _row, _recorded_from from staging.first order by code',
        );
        expect(table.rows).toEqual([
          ['a', '1.50', '2026-01-01', 'first-1', '1', '2026-01-01T07:01:00+07:00'],
          ['b', '2.00', '2026-01-01', 'first-1', '2', '2026-01-01T07:01:00+07:00'],
        ]);
      });

      it('counts a second equal batch as unchanged and changes nothing', async () => {
        const load = await streamOf({ stream: 'again' });
        await load([row('a', '1.00'), row('b', '2.00')]);
        const before = await warehouse.contentHash('staging.again');
        const version = await warehouse.version('staging.again');
        expect(await load([row('b', '2.00'), row('a', '1.00')])).toEqual(
          counts({ received: 2, unchanged: 2 }),
        );
        expect(await warehouse.contentHash('staging.again')).toBe(before);
        expect(await warehouse.version('staging.again')).toBe(version);
        expect(await amounts('history.again')).toEqual([]);
      });

      it('moves superseded versions to history and reads both times', async () => {
        const load = await streamOf({ stream: 'moved' });
        await load([row('a', '1.00'), row('b', '2.00')]);
        expect(await load([row('a', '9.00'), row('c', '3.00')])).toEqual(
          counts({ received: 2, new: 1, changed: 1 }),
        );
        expect(await amounts('staging.moved')).toEqual(['a=9.00', 'b=2.00', 'c=3.00']);
        expect(await amounts('history.moved')).toEqual(['a=1.00']);
        expect(await amounts('staging.moved', minute(1))).toEqual(['a=1.00', 'b=2.00']);
        expect(await amounts('staging.moved', minute(2))).toHaveLength(3);
        expect(await amounts('staging.moved', minute(0))).toEqual([]);
      });

      it('publishing a batch twice changes nothing and returns its counts', async () => {
        await warehouse.prepare([{ ...visit, stream: 'twice' }]);
        const batch = batchOf('twice-1', [{ ...visit, stream: 'twice' }]);
        const first = await warehouse.publish(
          await stage(batch, { twice: [row('a', '1.00')] }),
          minute(1),
        );
        const again = await stage(batch, { twice: [row('a', '1.00')] });
        expect(await warehouse.publish(again, minute(2))).toEqual(first);
        expect(await amounts('staging.twice')).toEqual(['a=1.00']);
      });

      it('refuses a recorded time that does not rise', async () => {
        const contract = { ...visit, stream: 'rising' };
        const load = await streamOf({ stream: 'rising' });
        await load([row('a', '1.00')]);
        const staged = await stage(batchOf('rising-x', [contract]), { rising: [row('b', '1.00')] });
        await expect(warehouse.publish(staged, minute(1))).rejects.toMatchObject({
          group: 'fatal',
          code: 'recorded-time-not-rising',
        });
        expect(await amounts('staging.rising')).toEqual(['a=1.00']);
      });

      it('classifies again when another batch was published since staging', async () => {
        const contract = { ...visit, stream: 'raced' };
        await warehouse.prepare([contract]);
        const one = await stage(batchOf('raced-1', [contract]), { raced: [row('a', '1.00')] });
        const two = await stage(batchOf('raced-2', [contract]), { raced: [row('a', '2.00')] });
        await warehouse.publish(one, minute(1));
        const published = await warehouse.publish(two, minute(2));
        expect(published.counts['raced']).toEqual(counts({ received: 1, changed: 1 }));
        expect(await amounts('staging.raced')).toEqual(['a=2.00']);
        expect(await amounts('history.raced')).toEqual(['a=1.00']);
      });
    });

    describe('versions of one key', () => {
      const at = (day: number) => ({ publishedAt: `2025-12-0${day}T00:00:00+07:00` });

      it('keeps the newest by published time; equal repeats are duplicates, older ones history', async () => {
        const load = await streamOf({ stream: 'repeated' });
        const result = await load([
          row('a', '3.00', at(3)),
          row('a', '1.00', at(1)),
          row('a', '3.00', at(3)),
          row('b', '1.00'),
          row('b', '2.00'),
        ]);
        expect(result).toEqual(counts({ received: 5, new: 2, changed: 2, duplicate: 1 }));
        expect(await amounts('staging.repeated')).toEqual(['a=3.00', 'b=2.00']);
        const past = await warehouse.select(
          'select code, amount, _recorded_from = _recorded_to from history.repeated order by code',
        );
        expect(past.rows).toEqual([
          ['a', '1.00', true],
          ['b', '1.00', true],
        ]);
      });

      it('keeps a late older version in history only, once', async () => {
        const load = await streamOf({ stream: 'late' });
        await load([row('a', '3.00', at(3))]);
        expect(await load([row('a', '1.00', at(1))])).toEqual(counts({ received: 1, changed: 1 }));
        expect(await load([row('a', '1.00', at(1))])).toEqual(
          counts({ received: 1, unchanged: 1 }),
        );
        expect(await amounts('staging.late')).toEqual(['a=3.00']);
        expect(await amounts('history.late')).toEqual(['a=1.00']);
        expect(await amounts('staging.late', minute(2))).toEqual(['a=3.00']);
      });

      it('NULL and NULL are the same value', async () => {
        const load = await streamOf({ stream: 'nulls' });
        const empty = { values: { code: 'a', day: null, amount: null, name: null } };
        await load([empty]);
        expect(await load([empty])).toEqual(counts({ received: 1, unchanged: 1 }));
      });
    });

    describe('deletions', () => {
      it('takes a tombstone as changed and deleted; unchanged when the key is absent', async () => {
        const load = await streamOf({ stream: 'gone', deletes: 'tombstone' });
        await load([row('a', '1.00'), row('b', '2.00')]);
        const tombstones = [
          row('a', '0', { status: 'deleted' }),
          row('z', '0', { status: 'deleted' }),
        ];
        expect(await load(tombstones)).toEqual(
          counts({ received: 2, changed: 1, unchanged: 1, deleted: 1 }),
        );
        expect(await amounts('staging.gone')).toEqual(['b=2.00']);
        expect(await amounts('staging.gone', minute(1))).toEqual(['a=1.00', 'b=2.00']);
      });

      it('takes tombstones and absence of a source that sends both', async () => {
        const load = await streamOf({ stream: 'either', deletes: 'both' });
        await load([row('a', '1.00'), row('b', '2.00'), row('c', '3.00')]);
        expect(await load([row('a', '0', { status: 'deleted' })])).toMatchObject({ deleted: 1 });
        expect(await amounts('staging.either')).toEqual(['b=2.00', 'c=3.00']);
        const whole = [row('a', '0', { status: 'deleted' }), row('c', '3.00')];
        expect(await load(whole, { covers: ['either'] })).toEqual(
          counts({ received: 2, unchanged: 2, deleted: 1 }),
        );
        expect(await amounts('staging.either')).toEqual(['c=3.00']);
      });

      it('deletes absent rows only in covered partitions that the batch has', async () => {
        const load = await streamOf({ stream: 'absent', deletes: 'absence', partition: ['day'] });
        await load([on('2026-01-01', 'a'), on('2026-01-01', 'b'), on('2026-01-02', 'c')]);
        expect(await load([on('2026-01-01', 'a')])).toEqual(counts({ received: 1, unchanged: 1 }));
        expect(await load([on('2026-01-01', 'a')], { covers: ['absent'] })).toEqual(
          counts({ received: 1, unchanged: 1, deleted: 1 }),
        );
        expect(await amounts('staging.absent')).toEqual(['a=1.00', 'c=1.00']);
        expect(await amounts('staging.absent', minute(2))).toHaveLength(3);
      });

      it('a quarantined row is not absent, and an unreadable key proves nothing', async () => {
        const load = await streamOf({ stream: 'kept', deletes: 'absence', holdAbove: 1 });
        await load([on('2026-01-01', 'a'), on('2026-01-01', 'b'), on('2026-01-01', 'c')]);
        const bad = { ...on('2026-01-01', 'b'), status: 'quarantined', reason: 'bad-day' } as const;
        expect(await load([on('2026-01-01', 'a'), bad], { covers: ['kept'] })).toEqual(
          counts({ received: 2, unchanged: 1, quarantined: 1, deleted: 1 }),
        );
        const keyless = { values: { code: null, day: null, amount: null, name: null } };
        expect(await load([on('2026-01-01', 'a'), keyless], { covers: ['kept'] })).toEqual(
          counts({ received: 2, unchanged: 1, quarantined: 1 }),
        );
        expect(await amounts('staging.kept')).toEqual(['a=1.00', 'b=1.00']);
      });

      it('holds an empty batch that claims to be the whole table', async () => {
        const contract = { ...visit, stream: 'emptied', deletes: 'absence' } as const;
        const load = await streamOf(contract);
        await load([row('a', '1.00')]);
        const staged = await stage(batchOf('emptied-x', [contract], { covers: ['emptied'] }), {});
        expect(staged.held.map((finding) => finding.code)).toEqual(['empty-snapshot']);
        await warehouse.discard(staged);
      });
    });

    describe('quarantine', () => {
      it('keeps rejected rows with reason and record, and the children with their parent', async () => {
        const parent: StreamContract = { ...visit, stream: 'parent', holdAbove: 1 };
        const child: StreamContract = {
          ...visitLine,
          stream: 'child',
          parent: 'parent',
          holdAbove: 1,
        };
        await warehouse.prepare([parent, child]);
        const line = (code: string, n: string) => ({ values: { code, line: n, price: '1' } });
        const staged = await stage(batchOf('family', [child, parent]), {
          parent: [
            row('a', '1.00'),
            row('b', '1.00', { status: 'quarantined', reason: 'bad-mst' }),
          ],
          child: [line('a', '1'), line('b', '1'), line('b', '2')],
        });
        await warehouse.publish(staged, minute(1));
        expect(staged.counts).toEqual({
          parent: counts({ received: 2, new: 1, quarantined: 1 }),
          child: counts({ received: 3, new: 1, quarantined: 2 }),
        });
        const kept = await warehouse.select(
          `select stream, row, reason, held, raw from meta.quarantine where batch = 'family' order by stream, row`,
        );
        expect(kept.rows).toEqual([
          ['child', '2', 'parent-quarantined', false, '{"code":"b","line":1,"price":1}'],
          ['child', '3', 'parent-quarantined', false, '{"code":"b","line":2,"price":1}'],
          ['parent', '2', 'bad-mst', false, '{}'],
        ]);
      });

      it('quarantines rows without a key', async () => {
        const load = await streamOf({ stream: 'keyless', holdAbove: 1 });
        const nobody = { values: { code: null, day: null, amount: '1', name: null } };
        expect(await load([nobody, row('a', '1.00')])).toEqual(
          counts({ received: 2, new: 1, quarantined: 1 }),
        );
      });

      it('counts filtered rows and keeps none', async () => {
        const load = await streamOf({ stream: 'filtered' });
        expect(await load([row('a', '1.00', { status: 'filtered', reason: 'total' })])).toEqual(
          counts({ received: 1, filtered: 1 }),
        );
        expect(await amounts('staging.filtered')).toEqual([]);
      });

      it('holds a batch above its share of bad rows; hold keeps them once', async () => {
        const contract = { ...visit, stream: 'share' };
        await warehouse.prepare([contract]);
        const bad = { status: 'quarantined', reason: 'bad' } as const;
        const rows = ['a', 'b', 'c', 'd', 'e'].map((code, n) => row(code, '1', n < 2 ? bad : {}));
        for (let time = 0; time < 2; time += 1) {
          const staged = await stage(batchOf('share-1', [contract]), { share: rows });
          expect(staged.held.map((finding) => finding.code)).toEqual(['quarantine-share']);
          await warehouse.hold(staged);
        }
        const kept = await warehouse.select(
          `select count(*), bool_and(held) from meta.quarantine where batch = 'share-1'`,
        );
        expect(kept.rows).toEqual([['2', true]]);
        expect(await warehouse.published('share-1')).toBeUndefined();
      });
    });

    describe('checks', () => {
      const check = (severity: 'block' | 'warn', sql: string): BatchCheckSql => ({
        code: 'no-negative',
        severity,
        on: 'checked',
        label,
        remedy: label,
        sql,
      });
      const contract = { ...visit, stream: 'checked' };
      const negative = `select 'amount' as field, amount::varchar as value from decoded_checked where amount < 0;`;

      it('a blocking finding holds, a warning does not', async () => {
        await warehouse.prepare([contract]);
        const rows = { checked: [row('a', '-1.00')] };
        const blocked = await stage(batchOf('c1', [contract]), rows, [check('block', negative)]);
        expect(blocked.held).toMatchObject([
          { code: 'no-negative', count: 1, sample: [{ field: 'amount', value: '-1.00' }] },
        ]);
        await warehouse.discard(blocked);
        const warned = await stage(batchOf('c2', [contract]), rows, [check('warn', negative)]);
        expect(warned.held).toEqual([]);
        expect(warned.findings).toHaveLength(1);
        await warehouse.discard(warned);
      });

      it('holds what the source declared otherwise', async () => {
        const batch = batchOf('c3', [contract], { declared: { checked: 2 } });
        const staged = await stage(batch, { checked: [row('a', '1.00')] });
        expect(staged.held.map((finding) => finding.code)).toEqual(['declared-mismatch']);
        await warehouse.discard(staged);
      });
    });

    describe('contracts', () => {
      it('takes a column that a contract gained', async () => {
        const load = await streamOf({ stream: 'grown' });
        await load([row('a', '1.00')]);
        const columns = [
          ...visit.columns,
          { name: 'extra', type: 'bigint', label, classification: 'public' } as const,
        ];
        const wider: StreamContract = { ...visit, stream: 'grown', columns };
        await warehouse.prepare([wider]);
        const rows = {
          grown: [{ values: { code: 'a', day: '2026-01-01', amount: '1', extra: '7' } }],
        };
        await warehouse.publish(await stage(batchOf('grown-2', [wider]), rows), minute(2));
        const found = await warehouse.select(
          'select extra from staging.grown union all select extra from history.grown',
        );
        expect(found.rows).toEqual([['7'], [null]]);
      });

      it('refuses a column that changed its type', async () => {
        await warehouse.prepare([{ ...visit, stream: 'typed' }]);
        const columns = visit.columns.map((c) =>
          c.name === 'amount' ? ({ ...c, type: 'bigint' } as const) : c,
        );
        await expect(
          warehouse.prepare([{ ...visit, stream: 'typed', columns }]),
        ).rejects.toMatchObject({ code: 'contract-conflict' });
      });

      it('refuses decoded tables that break the contract, naming all problems', async () => {
        const contract = { ...visit, stream: 'broken' };
        await warehouse.prepare([contract]);
        const decode = warehouse.stage(
          batchOf('broken-1', [contract]),
          (session) =>
            session.run('create temp table decoded_broken as select 1::double as amount'),
          [],
        );
        await expect(decode).rejects.toThrow(
          /"code" is absent.*"amount" is DOUBLE.*"_row" is absent/,
        );
      });

      it('decode can write nothing but temporary objects', async () => {
        await warehouse.prepare([visit]);
        const decode = warehouse.stage(
          batchOf('writes', [visit]),
          (session) => session.run('delete from staging.visit'),
          [],
        );
        await expect(decode).rejects.toThrow(/read-only/);
      });
    });

    describe('derived assets', () => {
      const asset = (sql: string, checks: readonly BatchCheckSql[] = []) => ({
        key: 'mart.total',
        sql,
        sqlSha256: 'x',
        inputs: { 'staging.sold': '1' },
        checks,
      });
      const total = 'select day, sum(amount) as total from staging.sold group by day;';

      it('builds, remembers what from, and reads as of a time through its SQL', async () => {
        const load = await streamOf({ stream: 'sold' });
        await load([row('a', '1.00'), row('b', '2.50')]);
        const built = await warehouse.materialize(asset(total));
        expect(built.rows).toBe(1);
        await load([row('a', '9.00')]);
        const again = await warehouse.materialize(asset(total));
        expect(again.sha256).not.toBe(built.sha256);
        expect(await warehouse.version('mart.total')).toBe(again.sha256);
        expect(await warehouse.materialization('mart.total')).toMatchObject({
          inputs: { 'staging.sold': '1' },
          contentSha256: again.sha256,
          rows: 1,
        });
        const read = 'select total from mart.total';
        expect((await warehouse.select(read)).rows).toEqual([['11.50']]);
        const assets = [{ key: 'mart.total', sql: total }];
        const past = { asOf: minute(1).toISOString(), assets };
        expect((await warehouse.select(read, past)).rows).toEqual([['3.50']]);
        const many = await Promise.all(
          [1, 2, 1, 2].map((n) =>
            warehouse.select(read, { ...past, asOf: minute(n).toISOString() }),
          ),
        );
        expect(many.map((table) => table.rows[0]?.[0])).toEqual(['3.50', '11.50', '3.50', '11.50']);
        await expect(
          warehouse.select(read, { asOf: minute(1).toISOString() }),
        ).rejects.toMatchObject({ code: 'past-sql-missing' });
      });

      it('a blocking check keeps the old table', async () => {
        const blocked = asset('select 1 as total', [
          {
            code: 'is-one',
            severity: 'block',
            on: 'mart.total',
            label,
            remedy: label,
            sql: `select 'total' as field, total::varchar as value from candidate where total = 1`,
          },
        ]);
        await expect(warehouse.materialize(blocked)).rejects.toMatchObject({
          group: 'data',
          code: 'check-failed',
        });
        expect((await warehouse.select('select total from mart.total')).rows).toEqual([['11.50']]);
      });
    });

    describe('reading', () => {
      it('binds values, keeps exact text, streams', async () => {
        const table = await warehouse.select(
          `select $1::decimal(38,2) as d, $2 + 1 as n, $3 as t, $4 as b, $5 as nothing,
             9007199254740993::bigint as big, date '2026-02-03' as day,
             timestamp '2026-02-03 04:05:06.5' as wall, timestamptz '2026-02-03 04:05:06+00' as at`,
          { values: ['123456789012345678901234.56', 41, "O'Ninh", true, null] },
        );
        expect(table.rows).toEqual([
          [
            '123456789012345678901234.56',
            '42',
            "O'Ninh",
            true,
            null,
            '9007199254740993',
            '2026-02-03',
            '2026-02-03T04:05:06.5',
            '2026-02-03T11:05:06+07:00',
          ],
        ]);
        let rows = 0;
        for await (const part of warehouse.stream('select * from generate_series(1, $1)', {
          values: [10_000],
        })) {
          rows += part.rows.length;
        }
        expect(rows).toBe(10_000);
      });

      it('names the tables a SELECT reads', async () => {
        expect(
          await warehouse.tablesOf(
            `with a as (select * from staging.x), b as (select * from a)
             select * from b join mart.y y on exists (select 1 from dim.z where z.k = y.k)
             where y.k in (select k from a union all select k from staging.x)`,
          ),
        ).toEqual(['staging.x', 'mart.y', 'dim.z']);
        await expect(warehouse.tablesOf('selec 1')).rejects.toMatchObject({ code: 'sql-invalid' });
      });

      it('mirrors control rows and answers a health query', async () => {
        const columns = [
          { name: 'id', type: 'varchar' },
          { name: 'rows', type: 'bigint' },
          { name: 'at', type: 'timestamptz' },
        ] as const;
        await warehouse.mirror('runs', columns, [['r0', 1, null]]);
        await warehouse.mirror('runs', columns, [['r1', 5, '2026-01-01T00:00:00Z']]);
        const found = await warehouse.select('select * from meta.runs');
        expect(found.rows).toEqual([['r1', '5', '2026-01-01T07:00:00+07:00']]);
        await warehouse.health();
      });

      it('lists the ledger in order of recorded time', async () => {
        const ledger = await warehouse.ledger();
        const times = ledger.map((entry) => entry.recordedAt);
        expect(times).toEqual([...times].sort());
        expect(ledger.map((entry) => entry.batch)).toContain('first-1');
      });
    });
  });
}
