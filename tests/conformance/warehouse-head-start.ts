import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf, decodeRows, visit } from '../harness/simple-stream.ts';
import type { OpenWarehouse } from './warehouse.ts';

/** Run on each engine. */
export function describeHeadStarts(name: string, open: () => Promise<OpenWarehouse>): void {
  describe(`a head start: ${name}`, () => {
    let opened: OpenWarehouse;
    beforeEach(async () => {
      opened = await open();
      await opened.warehouse.prepare([visit]);
    });
    afterEach(() => opened.remove());

    const row = { values: { code: 'a', day: null, amount: '1', name: null } };
    let decoded: string[] = [];
    beforeEach(() => {
      decoded = [];
    });
    const decode =
      (batch: string): ReturnType<typeof decodeRows> =>
      async (session) => {
        decoded.push(batch);
        await decodeRows({ visit: [row] }, [visit])(session);
      };
    const load = async (batch: string, second: number) => {
      const staged = await opened.warehouse.stage(batchOf(batch, [visit]), decode(batch), []);
      return await opened.warehouse.publish(staged, new Date(Date.UTC(2026, 0, 1, 0, 0, second)));
    };

    it('is taken up once and compared with what is published when its turn comes', async () => {
      await opened.warehouse.decode(batchOf('b2', [visit]), decode('b2'));
      expect((await load('b1', 1)).counts['visit']).toMatchObject({ new: 1, unchanged: 0 });
      expect((await load('b2', 2)).counts['visit']).toMatchObject({ new: 0, unchanged: 1 });
      expect(decoded).toEqual(['b2', 'b1']);
    });

    it('that failed is forgotten: staging decodes again and tells why', async () => {
      const broken = () => Promise.reject(new TypeError('broken'));
      await opened.warehouse.decode(batchOf('b1', [visit]), broken);
      expect((await load('b1', 1)).counts['visit']).toMatchObject({ new: 1 });
      expect(decoded).toEqual(['b1']);
    });

    it('that comes when the batch is being staged does nothing', async () => {
      const staging = opened.warehouse.stage(batchOf('b1', [visit]), decode('b1'), []);
      await opened.warehouse.decode(batchOf('b1', [visit]), decode('late'));
      const staged = await staging;
      await opened.warehouse.decode(batchOf('b1', [visit]), decode('later'));
      await opened.warehouse.publish(staged, new Date(Date.UTC(2026, 0, 1)));
      expect(decoded).toEqual(['b1']);
    });

    it('that is being taken up is not given away, however many others make room meanwhile', async () => {
      let finish = (): void => undefined;
      const finished = new Promise<void>((resolve) => (finish = resolve));
      const slow: ReturnType<typeof decodeRows> = async (session) => {
        await decode('b1')(session);
        await finished;
      };
      const ahead = opened.warehouse.decode(batchOf('b1', [visit]), slow);
      const staging = opened.warehouse.stage(batchOf('b1', [visit]), decode('again'), []);
      const others = ['b2', 'b3', 'b4'].map((batch) =>
        opened.warehouse.decode(batchOf(batch, [visit]), decode(batch)),
      );
      await Promise.all(others);
      finish();
      await ahead;
      await opened.warehouse.publish(await staging, new Date(Date.UTC(2026, 0, 1)));
      expect(decoded.filter((batch) => batch === 'b1' || batch === 'again')).toEqual(['b1']);
    });

    it('is kept for two batches only', async () => {
      for (const batch of ['b1', 'b2', 'b3'])
        await opened.warehouse.decode(batchOf(batch, [visit]), decode(batch));
      for (const [index, batch] of ['b3', 'b2', 'b1'].entries()) await load(batch, index + 1);
      expect(decoded).toEqual(['b1', 'b2', 'b3', 'b1']);
    });
  });
}
