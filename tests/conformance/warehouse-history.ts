import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balances } from '../../core/load-counts.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import { compareWithOracle } from '../harness/oracle-checker.ts';
import { batchOf, decodeRows, type DecodedRow, visit } from '../harness/simple-stream.ts';
import type { OpenWarehouse } from './warehouse.ts';

/** What a batch says about one key. */
interface Told {
  readonly code: string;
  readonly amount: number;
  /** Day of publication by the source; 0 = not said. */
  readonly published: number;
  readonly gone: boolean;
}

interface Kept {
  readonly amount: number;
  readonly published: number;
}

const told: fc.Arbitrary<Told> = fc.record({
  code: fc.constantFrom('a', 'b', 'c', 'd'),
  amount: fc.integer({ min: 0, max: 2 }),
  published: fc.integer({ min: 0, max: 3 }),
  gone: fc.boolean(),
});

const minute = (n: number): Date => new Date(Date.UTC(2026, 0, 1, 0, n));

function decoded({ code, amount, published, gone }: Told): DecodedRow {
  return {
    values: { code, day: null, amount: String(amount), name: null },
    ...(published === 0 ? {} : { publishedAt: `2025-01-0${published}T00:00:00Z` }),
    ...(gone ? { status: 'deleted' as const } : {}),
  };
}

/** The naive replay: one batch after the other, one row after the other. */
function replay(before: ReadonlyMap<string, Kept>, batch: readonly Told[]): Map<string, Kept> {
  const after = new Map(before);
  for (const code of new Set(batch.map((row) => row.code))) {
    const versions = batch.filter((row) => row.code === code);
    const newest = versions.reduce((best, row) => (row.published >= best.published ? row : best));
    const current = after.get(code);
    const late =
      current !== undefined &&
      current.published > 0 &&
      newest.published > 0 &&
      newest.published < current.published;
    if (late) continue;
    if (newest.gone) after.delete(code);
    else if (current?.amount !== newest.amount) after.set(code, newest);
  }
  return after;
}

/** Run on each engine. */
export function describeHistory(name: string, open: () => Promise<OpenWarehouse>): void {
  describe(`history: ${name}`, () => {
    const contract: StreamContract = { ...visit, deletes: 'tombstone' };

    it('as of every recorded time equals the naive replay of the log', async () => {
      const opened = await open();
      let stream = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(told, { maxLength: 6 }), { minLength: 1, maxLength: 5 }),
          async (batches) => {
            stream += 1;
            const mine = { ...contract, stream: `s${stream}` };
            await opened.warehouse.prepare([mine]);
            const states: Map<string, Kept>[] = [];
            for (const [n, batch] of batches.entries()) {
              const decode = decodeRows({ [mine.stream]: batch.map(decoded) }, [mine]);
              const id = `${mine.stream}-${n}`;
              const staged = await opened.warehouse.stage(batchOf(id, [mine]), decode, []);
              const counts = staged.counts[mine.stream];
              expect(counts !== undefined && balances(counts)).toBe(true);
              await opened.warehouse.publish(staged, minute(n));
              states.push(replay(states.at(-1) ?? new Map<string, Kept>(), batch));
            }
            for (const [n, state] of states.entries()) {
              const table = await opened.warehouse.select(
                `select code, amount::integer from staging.${mine.stream} order by code`,
                { asOf: minute(n).toISOString() },
              );
              const expected = [...state].map(([code, kept]) => [code, String(kept.amount)]).sort();
              expect(table.rows).toEqual(expected);
            }
            const last = states.at(-1) ?? new Map<string, Kept>();
            const differences = await compareWithOracle(
              opened.warehouse,
              `staging.${mine.stream}`,
              {
                columns: ['code', 'amount'],
                key: ['code'],
                rows: [...last].map(([code, kept]) => [code, `${kept.amount}.00`]),
              },
            );
            expect(differences).toEqual([]);
          },
        ),
        { numRuns: 25, seed: 20_261_122 },
      );
      await opened.remove();
    });

    it('the oracle checker names what is missing, unexpected and different', async () => {
      const opened = await open();
      await opened.warehouse.prepare([contract]);
      const rows = ['a', 'b'].map((code) => ({
        values: { code, day: null, amount: '1', name: null },
      }));
      const decode = decodeRows({ visit: rows }, [contract]);
      await opened.warehouse.publish(
        await opened.warehouse.stage(batchOf('x', [contract]), decode, []),
        minute(1),
      );
      const found = await compareWithOracle(opened.warehouse, 'staging.visit', {
        columns: ['code', 'amount'],
        key: ['code'],
        rows: [
          ['a', '2.00'],
          ['c', '1.00'],
        ],
      });
      expect(found).toEqual([
        { kind: 'different', key: 'a', expected: '["a","2.00"]', found: '["a","1.00"]' },
        { kind: 'missing', key: 'c', expected: '["c","1.00"]' },
        { kind: 'unexpected', key: 'b', found: '["b","1.00"]' },
      ]);
      await opened.remove();
    });
  });
}
