import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DatabaseChoice } from '../../control/database.ts';
import type { NewEntry } from '../../control/port.ts';
import { openControlStore, type HomeStore } from '../../control/store.ts';

/** A database to run the suite on: `fresh` gives an empty one each time. */
export interface ConformanceEngine {
  readonly name: string;
  /** Whether several processes may write; a SQLite store belongs to one. */
  readonly shared: boolean;
  start(): Promise<void>;
  fresh(): Promise<DatabaseChoice>;
  stop(): Promise<void>;
}

const noon = new Date('2026-07-01T12:00:00.000Z');

const landed = (subject: string, data: NewEntry['data'] = {}): NewEntry => ({
  kind: 'batch.landed',
  subject,
  actor: 'system',
  data: { status: 'landed', ...data },
});

/** What every control store does. */
export function testControlStore(engine: ConformanceEngine): void {
  describe(`control store on ${engine.name}`, () => {
    let choice: DatabaseChoice;
    let store: HomeStore;
    let now = noon;
    const clock = { now: (): Date => now };

    beforeAll(() => engine.start());
    afterAll(() => engine.stop());
    beforeEach(async () => {
      now = noon;
      choice = await engine.fresh();
      store = await openControlStore({ database: choice, clock });
      return () => store.close();
    });

    it('makes the home once and finds it again', async () => {
      expect(store.homeId).toMatch(/^[0-9a-f]{32}$/);
      const { homeId } = store;
      const again = await openControlStore({ database: choice, clock, homeId });
      expect(again.homeId).toBe(homeId);
      await again.close();
      expect(await kinds()).toEqual(['home.created']);
      const other = openControlStore({ database: choice, clock, homeId: 'f'.repeat(32) });
      await expect(other).rejects.toMatchObject({ code: 'home-mismatch', group: 'fatal' });
    });

    it('chains entries and folds them into state', async () => {
      const [first, second] = await store.decide(async (journal) => [
        await journal.record(landed('b1', { source: 'covid', rows: 3, tên: 'Đồ Sơn' })),
        await journal.record({
          kind: 'batch.published',
          subject: 'b1',
          actor: 'user:lan',
          data: { status: 'published', counts: { new: 3 } },
        }),
      ]);
      expect(second.previous).toBe(first.hash);
      expect(await store.get('batch', 'b1')).toEqual({
        id: 'b1',
        status: 'published',
        data: { status: 'published', source: 'covid', rows: 3, tên: 'Đồ Sơn', counts: { new: 3 } },
        createdAt: first.at,
        updatedAt: second.at,
        seq: second.seq,
      });
      const entries = await collect(store.journal({ subject: 'b1' }));
      expect(entries).toEqual([first, second]);
      expect(await store.get('run', 'b1')).toBeUndefined();
    });

    it('changes no state for access and note', async () => {
      await store.decide((journal) =>
        journal.record({ kind: 'access.read', subject: 'b1', actor: 'user:lan', data: {} }),
      );
      expect(await store.get('batch', 'b1')).toBeUndefined();
      expect(await store.verify()).toMatchObject({ intact: true, entries: 2 });
    });

    it('keeps time strictly rising, whatever the clock does (D06)', async () => {
      const at: string[] = [];
      for (const time of [noon, noon, new Date(noon.getTime() - 7_200_000), noon]) {
        now = time;
        at.push((await store.decide((journal) => journal.record(landed('b')))).at);
      }
      expect(at).toEqual([...new Set(at)].sort());
      expect(await store.verify()).toMatchObject({ intact: true });
    });

    it('records all of a decision or nothing (J20)', async () => {
      const failed = store.decide(async (journal) => {
        await journal.record(landed('lost'));
        await journal.define('lost');
        throw new Error('disk on fire');
      });
      await expect(failed).rejects.toThrow('disk on fire');
      expect(await store.get('batch', 'lost')).toBeUndefined();
      expect(await kinds()).toEqual(['home.created']);
      expect(await store.verify()).toMatchObject({ intact: true });
    });

    it('sees its own writes inside a decision, and hides them until it ends', async () => {
      await store.decide(async (journal) => {
        await journal.record(landed('b1'));
        expect(await journal.get('batch', 'b1')).toMatchObject({ status: 'landed' });
        expect((await journal.list('batch')).rows).toHaveLength(1);
        expect(await store.get('batch', 'b1')).toBeUndefined();
      });
      expect(await store.get('batch', 'b1')).toBeDefined();
    });

    it('runs decisions one after another', async () => {
      const add = (): Promise<unknown> =>
        store.decide(async (journal) => {
          const before = (await journal.get('run', 'r'))?.data['count'];
          const count = (typeof before === 'number' ? before : 0) + 1;
          await journal.record({
            kind: 'run.counted',
            subject: 'r',
            actor: 'system',
            data: { count },
          });
        });
      await Promise.all(Array.from({ length: 20 }, add));
      expect((await store.get('run', 'r'))?.data).toEqual({ count: 20 });
    });

    it.runIf(engine.shared)('runs decisions of two owners one after another', async () => {
      const other = await openControlStore({ database: choice, clock });
      const record = (on: HomeStore, n: number): Promise<unknown> =>
        on.decide((journal) => journal.record(landed(`b${n}`)));
      await Promise.all(Array.from({ length: 10 }, (_, n) => record(n % 2 ? store : other, n)));
      await other.close();
      const seqs = (await collect(store.journal({ kinds: ['batch.landed'] }))).map((e) => e.seq);
      expect(new Set(seqs).size).toBe(10);
    });

    it('refuses a decision inside a decision instead of waiting for ever', async () => {
      const nested = store.decide(() => store.decide(() => Promise.resolve(1)));
      await expect(nested).rejects.toMatchObject({ code: 'decide-nested' });
    });

    it('refuses entries that are none', async () => {
      const wrong: NewEntry[] = [
        { ...landed('x'), subject: '' },
        { ...landed('x'), subject: 'a\0b' },
        { ...landed('x'), kind: 'batch.' },
      ];
      for (const entry of wrong)
        await expect(store.decide((journal) => journal.record(entry))).rejects.toMatchObject({
          code: 'journal-entry-invalid',
        });
      await expect(
        store.decide((journal) => journal.record(landed('x', { rate: Number.NaN }))),
      ).rejects.toThrow();
      expect(await kinds()).toEqual(['home.created']);
    });

    it('keeps hostile text as it is (J21)', async () => {
      const hostile = `'; drop table journal; --\n\u001b[31m "\\ \ud83d\ude00 \u0000`;
      await store.decide((journal) =>
        journal.record(landed('b1', { note: hostile, __proto__x: 1 })),
      );
      expect((await store.get('batch', 'b1'))?.data['note']).toBe(hostile);
      expect(await store.verify()).toMatchObject({ intact: true });
    });

    it('lists by status and member, newest first, page by page', async () => {
      for (let n = 0; n < 25; n += 1)
        await store.decide((journal) =>
          journal.record(landed(`b${n}`, { source: n % 2 ? 'tax' : 'covid', file: `f${n % 3}` })),
        );
      await store.decide((journal) =>
        journal.record({ ...landed('b0'), kind: 'batch.held', data: { status: 'held' } }),
      );
      const ids: string[] = [];
      let after: string | undefined;
      do {
        const page = await store.list('batch', { limit: 7, ...(after ? { after } : {}) });
        ids.push(...page.rows.map((row) => row.id));
        after = page.next;
      } while (after !== undefined);
      expect(ids).toEqual(Array.from({ length: 25 }, (_, n) => `b${24 - n}`));
      const of = async (query: Parameters<HomeStore['list']>[1]): Promise<string[]> =>
        (await store.list('batch', query)).rows.map((row) => row.id);
      expect(await of({ status: ['held', 'failed'] })).toEqual(['b0']);
      expect(await of({ where: { source: 'tax' }, limit: 2, order: 'oldest' })).toEqual([
        'b1',
        'b3',
      ]);
      expect(await of({ where: { source: 'covid', file: 'f2' }, order: 'oldest' })).toEqual([
        'b2',
        'b8',
        'b14',
        'b20',
      ]);
      expect(await of({ where: { source: 'none' } })).toEqual([]);
    });

    it('streams the journal by kind, subject, range and time', async () => {
      const made = await store.decide(async (journal) => {
        const entries = [];
        for (let n = 0; n < 2_500; n += 1) entries.push(await journal.record(landed(`b${n % 5}`)));
        return entries;
      });
      expect(await collect(store.journal())).toHaveLength(2_501);
      expect(await collect(store.journal({ subject: 'b3' }))).toHaveLength(500);
      expect((await collect(store.journal({ from: 10, to: 12 }))).map((e) => e.seq)).toEqual([
        10, 11, 12,
      ]);
      const until = made[99]?.at ?? '';
      expect(await collect(store.journal({ kinds: ['batch.landed'], until }))).toHaveLength(100);
    });

    it('keeps definitions under their hash', async () => {
      const sha256 = await store.decide(async (journal) => {
        await journal.define('select 1');
        return journal.define('select 1');
      });
      expect(sha256).toBe('822ae07d4783158bc1912bb623e5107cc9002d519e1143a9c200ed6ee18b6d0f');
      expect(await store.definition(sha256)).toBe('select 1');
      expect(await store.definition('0'.repeat(64))).toBeUndefined();
    });

    it('answers health while open and throws once closed', async () => {
      await store.health();
      const other = await openControlStore({ database: choice, clock });
      await other.close();
      await expect(other.health()).rejects.toThrow();
    });

    it('forgets removable rows with the decision that says so', async () => {
      const row = { kind: 'sealed', id: 'x', owner: 'tax', version: 1, body: 'c' } as const;
      await store.decide(({ removable }) => removable.write({ ...row, expiresAt: undefined }));
      await store.decide(({ removable }) =>
        removable.write({ ...row, version: 2, expiresAt: undefined }),
      );
      expect(await store.removable.read('sealed', 'x')).toMatchObject({ version: 2 });
      await store.decide(({ removable }) => removable.removeOfOwner('sealed', 'tax'));
      expect(await store.removable.all('sealed')).toEqual([]);
    });

    it('decides quickly', async () => {
      const started = performance.now();
      for (let n = 0; n < 200; n += 1)
        await store.decide((journal) => journal.record(landed(`b${n}`)));
      expect((performance.now() - started) / 200).toBeLessThan(30);
    });

    async function kinds(): Promise<readonly string[]> {
      return (await collect(store.journal())).map((entry) => entry.kind);
    }
  });
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
