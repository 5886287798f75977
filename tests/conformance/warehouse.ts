import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadCounts } from '../../core/load-counts.ts';
import { noRows } from '../../core/load-counts.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import type { PublishedBatch, Warehouse } from '../../warehouse/port.ts';
import type { DecodedBatch, StagedBatch } from '../../warehouse/staged-batch.ts';
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
  remove(): Promise<void>;
}

const minute = (n: number): Date => new Date(Date.UTC(2026, 0, 1, 0, n));
const row = (code: string, amount: string, publishedAt?: string): DecodedRow => ({
  values: { code, day: '2026-01-01', amount, name: `Người ${code}` },
  ...(publishedAt === undefined ? {} : { publishedAt }),
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
    ): Promise<StagedBatch> => warehouse.stage(batch, decodeRows(rows, batch.contracts), []);

    it('publishes new rows and finds them', async () => {
      const contract: StreamContract = { ...visit, stream: 'first' };
      await warehouse.prepare([contract]);
      const staged = await stage(batchOf('first-1', [contract]), {
        first: [row('a', '1.50'), row('b', '2.00')],
      });
      expect(staged.counts['first']).toEqual(counts({ received: 2, new: 2 }));
      expect(await warehouse.published('first-1')).toBeUndefined();
      const published: PublishedBatch = await warehouse.publish(staged, minute(1));
      expect(published.recordedAt).toBe(minute(1).toISOString());
      const table = await warehouse.select(
        'select code, amount, day, _batch, _row from staging.first order by code',
      );
      expect(table.rows).toEqual([
        ['a', '1.50', '2026-01-01', 'first-1', '1'],
        ['b', '2.00', '2026-01-01', 'first-1', '2'],
      ]);
    });

    void visitLine;
  });
}
