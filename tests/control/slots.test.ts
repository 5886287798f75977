import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  claimSlot,
  dueSlots,
  finishSlot,
  skipSlot,
  tick,
  unfinishedSlots,
  type DueSchedule,
  type SlotQuestion,
} from '../../control/slots.ts';
import type { JsonObject } from '../../core/json.ts';
import { openControlStore, type HomeStore } from '../../control/store.ts';

const minute = 60_000;
const midnight = Date.parse('2026-07-01T00:00:00Z');
const at = (minutes: number): Date => new Date(midnight + minutes * minute);
const iso = (minutes: number): string => at(minutes).toISOString();

/** Every five minutes. */
function everyFive(from: Date, to: Date): Date[] {
  const step = 5 * minute;
  const slots: Date[] = [];
  for (
    let time = Math.floor(from.getTime() / step) * step + step;
    time <= to.getTime();
    time += step
  )
    slots.push(new Date(time));
  return slots;
}

const reasonOf = ({ reason }: JsonObject): string => (typeof reason === 'string' ? reason : '');

const question = (more: Partial<SlotQuestion>): SlotQuestion => ({
  schedule: 'weekly',
  last: at(0),
  now: at(15),
  slotsBetween: everyFive,
  catchUp: 'latest',
  overlap: 'skip',
  running: false,
  graceMs: minute,
  ...more,
});

const said = (more: Partial<SlotQuestion>): string[] =>
  dueSlots(question(more)).map((d) => (d.action === 'skip' ? d.reason : d.action));

describe('which slots run', () => {
  it('D01 D03 catches up with the latest and says why the others did not run', () => {
    expect(said({})).toEqual(['superseded', 'superseded', 'run']);
    const thirtyHours = said({ now: at(30 * 60) });
    expect(thirtyHours).toHaveLength(360);
    expect(thirtyHours.filter((action) => action === 'run')).toHaveLength(1);
  });

  it('D01 catches up with all, one at a time', () => {
    expect(said({ catchUp: 'all' })).toEqual(['run', 'wait', 'wait']);
    expect(said({ catchUp: 'all', running: true })).toEqual(['wait', 'wait', 'wait']);
  });

  it('D01 catches up with none but runs what is on time', () => {
    expect(said({ catchUp: 'none', now: at(15) })).toEqual([
      'not-caught-up',
      'not-caught-up',
      'run',
    ]);
    expect(said({ catchUp: 'none', now: at(18) })).toEqual([
      'not-caught-up',
      'not-caught-up',
      'not-caught-up',
    ]);
  });

  it('D04 skips or queues while an earlier one runs', () => {
    expect(said({ now: at(5), running: true })).toEqual(['overlap']);
    expect(said({ now: at(5), running: true, overlap: 'queue' })).toEqual(['wait']);
  });

  it('D10 skips what passed while paused', () => {
    expect(said({ paused: true })).toEqual(['paused', 'paused', 'paused']);
  });

  it('D06 decides nothing when the clock jumps back', () => {
    expect(said({ last: at(60), now: at(5) })).toEqual([]);
  });

  it('decides each nominal time once, whatever the rules', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 600 }),
        fc.constantFrom('latest', 'all', 'none'),
        fc.constantFrom('skip', 'queue'),
        fc.boolean(),
        fc.boolean(),
        (minutes, catchUp, overlap, running, paused) => {
          const decisions = dueSlots(
            question({ now: at(minutes), catchUp, overlap, running, paused }),
          );
          expect(decisions.map(({ nominal }) => nominal)).toEqual(
            everyFive(at(0), at(minutes)).map((time) => time.toISOString()),
          );
          const runs = decisions.filter(({ action }) => action === 'run').length;
          expect(runs).toBeLessThanOrEqual(running || paused ? 0 : 1);
        },
      ),
    );
  });
});

describe('the slot ledger', () => {
  let root = '';
  let store: HomeStore;
  let now = at(0);
  const clock = { now: (): Date => now };
  const due = (more: Partial<DueSchedule> = {}): DueSchedule => ({
    schedule: 'weekly',
    since: at(0),
    slotsBetween: everyFive,
    catchUp: 'latest',
    overlap: 'skip',
    graceMs: minute,
    ...more,
  });
  const ledger = async (): Promise<string[]> => {
    const { rows } = await store.list('slot', { where: { schedule: 'weekly' }, order: 'oldest' });
    return rows.map(({ id, status, data }) =>
      `${id.slice(18, 23)} ${status} ${reasonOf(data)}`.trim(),
    );
  };

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'phusa-slots-'));
    now = at(0);
    store = await openControlStore({
      database: { kind: 'sqlite', path: join(root, 'control.sqlite') },
      clock,
    });
  });
  afterEach(async () => {
    await store.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('D05 gives a slot to exactly one of many', async () => {
    const claims = await Promise.all(
      Array.from({ length: 10 }, () => claimSlot(store, 'weekly', iso(5))),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await skipSlot(store, 'weekly', iso(5), 'overlap')).toBe(false);
  });

  it('D17 finishes once', async () => {
    expect(await finishSlot(store, 'weekly', iso(5), { status: 'ran', result: 'r1' })).toBe(false);
    await claimSlot(store, 'weekly', iso(5));
    expect(await unfinishedSlots(store, 'weekly')).toMatchObject([{ data: { nominal: iso(5) } }]);
    expect(await finishSlot(store, 'weekly', iso(5), { status: 'ran', result: 'r1' })).toBe(true);
    expect(await finishSlot(store, 'weekly', iso(5), { status: 'failed', code: 'late' })).toBe(
      false,
    );
    expect(await unfinishedSlots(store, 'weekly')).toEqual([]);
    expect(await claimSlot(store, 'weekly', iso(5))).toBe(false);
  });

  it('D03 D06 writes one row per nominal time through stops and clock jumps', async () => {
    now = at(16);
    expect(await tick(store, clock, due())).toEqual([iso(15)]);
    expect(await tick(store, clock, due())).toEqual([]);
    now = at(21);
    expect(await tick(store, clock, due())).toEqual([]);
    await finishSlot(store, 'weekly', iso(15), { status: 'ran', result: 'edition' });
    now = at(0);
    expect(await tick(store, clock, due())).toEqual([]);
    now = at(25);
    expect(await tick(store, clock, due())).toEqual([iso(25)]);
    expect(await ledger()).toEqual([
      '00:05 skipped superseded',
      '00:10 skipped superseded',
      '00:15 ran',
      '00:20 skipped overlap',
      '00:25 running',
    ]);
    expect(await store.verify()).toMatchObject({ intact: true });
  });

  it('D01 works off a queue in order', async () => {
    const all = due({ catchUp: 'all', overlap: 'queue' });
    now = at(15);
    for (const minutes of [5, 10, 15]) {
      expect(await tick(store, clock, all)).toEqual([iso(minutes)]);
      expect(await tick(store, clock, all)).toEqual([]);
      await finishSlot(store, 'weekly', iso(minutes), { status: 'ran', result: 'r' });
    }
    expect(await ledger()).toEqual(['00:05 ran', '00:10 ran', '00:15 ran']);
  });
});
