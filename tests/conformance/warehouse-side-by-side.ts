import { describe, expect, it } from 'vitest';
import { batchOf, decodeRows, visit } from '../harness/simple-stream.ts';
import type { OpenWarehouse } from './warehouse.ts';

/** Run on each engine. */
export function describeSideBySide(name: string, open: () => Promise<OpenWarehouse>): void {
  describe(`two sources side by side: ${name}`, () => {
    const lengths = [0, 1, 2, 3, 4];

    /** Rows of a source's n-th batch: some keep their amounts, some change them, some are new. */
    const rowsOf = (source: string, n: number) =>
      Array.from({ length: 20 + n }, (_, at) => ({
        values: {
          code: `${source}${at}`,
          day: '2026-01-01',
          amount: String(at % 4 === 0 ? n : at),
          name: null,
        },
      }));

    /** Loads both sources by `order`; gives what was told of each batch, and all rows. */
    const contentAfter = async (
      order: (sources: readonly (() => Promise<void>)[]) => Promise<void>,
    ): Promise<unknown> => {
      const opened = await open();
      const { warehouse } = opened;
      await warehouse.prepare([visit]);
      const told: Record<string, unknown> = {};
      let second = 0;
      const decoding = (source: string, n: number) =>
        [
          batchOf(`${source}-${n}`, [visit], { source }),
          decodeRows({ visit: rowsOf(source, n) }, [visit]),
        ] as const;
      const sourceOf = (source: string) => async (): Promise<void> => {
        const ahead: Promise<void>[] = [];
        for (const n of lengths) {
          // Two ahead, of two sources: more than are kept, so that some must give way.
          for (const next of [n + 1, n + 2])
            ahead.push(warehouse.decode(...decoding(source, next)));
          const staged = await warehouse.stage(...decoding(source, n), []);
          second += 1;
          const at = new Date(Date.UTC(2026, 0, 1, 0, 0, second));
          told[staged.batch] = (await warehouse.publish(staged, at)).counts;
        }
        await Promise.all(ahead);
      };
      await order([sourceOf('a'), sourceOf('b')]);
      const current = await warehouse.select(
        'select code, amount, _batch, _row from staging.visit order by all',
      );
      const history = await warehouse.select(
        'select code, amount, _batch, _row from history.visit order by all',
      );
      await opened.remove();
      return { told, current: current.rows, history: history.rows };
    };

    it('leave what they leave one after the other', async () => {
      const together = await contentAfter(async (sources) => {
        await Promise.all(sources.map((load) => load()));
      });
      const inTurn = await contentAfter(async (sources) => {
        for (const load of sources) await load();
      });
      expect(together).toEqual(inTurn);
      expect(together).toMatchObject({ told: { 'b-1': { visit: { new: 1, changed: 5 } } } });
    });
  });
}
