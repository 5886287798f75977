import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openControlStore, type HomeStore } from '../../control/store.ts';
import type { JsonObject } from '../../core/json.ts';
import { silentLogger } from '../../core/logger.ts';
import { WorkingDayCalendar } from '../../core/working-day-calendar.ts';
import { createDueRuns, type DueLimits } from '../../services/due-runs.ts';
import type { ScheduleWork } from '../../services/schedule-work.ts';
import { createScheduleServices, recordSchedule } from '../../services/schedule-services.ts';
import { scheduleSchema } from '../../workflows/schedule.ts';
import { periodCalendarOf } from '../../transforms/catalog/dimension-calendars.ts';
import { callOf } from '../extracts/extract-home.ts';

let directory = '';
let store: HomeStore;
let now = new Date('2026-11-16T00:30:00+07:00');
const clock = { now: () => now };
const done: string[] = [];
let work: ScheduleWork;
let limits: DueLimits | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'phusa-schedules-'));
  now = new Date('2026-11-16T00:30:00+07:00');
  store = await openControlStore({
    database: { kind: 'sqlite', path: join(directory, 'control.db') },
    clock,
    anchorPath: join(directory, 'journal.anchor'),
  });
  done.length = 0;
  limits = undefined;
  work = {
    ingest: (source) => {
      done.push(source);
      return Promise.resolve(`run-${done.length}`);
    },
    report: (report, period, patienceEnds) => {
      const evenIncomplete = now.getTime() > Date.parse(patienceEnds);
      done.push(`${report} ${period}${evenIncomplete ? ' even incomplete' : ''}`);
      return Promise.resolve(evenIncomplete ? 'edition' : undefined);
    },
  };
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

const deps = () => ({
  store,
  clock,
  log: silentLogger,
  calendars: { workingDays: new WorkingDayCalendar([]), periods: periodCalendarOf([]) },
  work,
});
const daily: JsonObject = {
  name: 'dem',
  target: { kind: 'ingest', source: 'kham' },
  calendar: { kind: 'daily', at: '02:00' },
};
const add = (schedule: JsonObject) =>
  recordSchedule({ store, clock }, scheduleSchema.parse(schedule), 'local');
async function tickAt(time: string): Promise<number> {
  now = new Date(time);
  const due = createDueRuns(deps(), limits);
  await due.look();
  return await due.idle();
}
const slots = async (name = 'dem') => (await createScheduleServices(deps()).why(me, name)).slots;
const me = callOf('van-hanh', ['operator']);

const untilAborted = (signal: AbortSignal): Promise<string> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('dừng')), { once: true });
  });

describe('schedules', () => {
  it('run once at their time, however often they are ticked', async () => {
    await add(daily);
    expect(await tickAt('2026-11-16T01:59:59+07:00')).toBe(0);
    expect(await tickAt('2026-11-16T02:00:30+07:00')).toBe(1);
    expect(await tickAt('2026-11-16T02:01:30+07:00')).toBe(0);
    expect(done).toEqual(['kham']);
    expect(await slots()).toMatchObject([{ status: 'ran', result: 'run-1' }]);
  });

  it('after days off the latest time runs and the others say why not', async () => {
    await add(daily);
    await tickAt('2026-11-19T09:00:00+07:00');
    expect(done).toEqual(['kham']);
    const states = (await slots()).map(({ status }) => status);
    expect(states.filter((status) => status === 'ran')).toHaveLength(1);
    expect(states.filter((status) => status === 'skipped')).toHaveLength(3);
  });

  it('a failure has its code in the slot and does not stop the next time', async () => {
    await add(daily);
    const good = work;
    work = { ...good, ingest: () => Promise.reject(new Error('mất mạng')) };
    await tickAt('2026-11-16T02:00:30+07:00');
    expect(await slots()).toMatchObject([{ status: 'failed', code: 'unexpected' }]);
    work = good;
    await tickAt('2026-11-17T02:00:30+07:00');
    expect(done).toEqual(['kham']);
  });

  it('a report waits for late sources, and is issued provisional when patience ends', async () => {
    await add({
      name: 'tuan',
      target: { kind: 'report', report: 'dich' },
      calendar: { kind: 'daily', at: '07:00' },
      patienceHours: 2,
      catchUp: 'all',
    });
    await tickAt('2026-11-16T07:00:10+07:00');
    await tickAt('2026-11-16T08:00:00+07:00');
    expect(done).toEqual(['dich 2026-11-15', 'dich 2026-11-15']);
    expect(await tickAt('2026-11-16T09:00:10+07:00')).toBe(1);
    expect(done.at(-1)).toBe('dich 2026-11-15 even incomplete');
    expect(await slots('tuan')).toMatchObject([{ status: 'ran', result: 'edition' }]);
  });

  it('a paused schedule runs nothing and says that it was paused', async () => {
    await add(daily);
    const services = createScheduleServices(deps());
    await services.pause(me, 'dem', 'bảo trì');
    await tickAt('2026-11-17T03:00:00+07:00');
    expect(done).toEqual([]);
    expect(await slots()).toMatchObject([{ reason: 'paused' }, { reason: 'paused' }]);
  });

  it('D14 D31: work that is stuck is given up at its limit; other schedules run meanwhile, and its own next time runs', async () => {
    const good = work;
    await add(daily);
    await add({ ...daily, name: 'khac', target: { kind: 'ingest', source: 'khac' } });
    limits = { atOnce: 2, longestMs: 20, stopMs: 20 };
    const stuck = new Promise<string>(() => undefined);
    work = {
      ...good,
      ingest: (source, signal) => (source === 'kham' ? stuck : good.ingest(source, signal)),
    };
    expect(await tickAt('2026-11-16T02:00:30+07:00')).toBe(2);
    expect(await slots()).toMatchObject([{ status: 'failed', code: 'run-overran' }]);
    expect(await slots('khac')).toMatchObject([{ status: 'ran' }]);
    work = good;
    await tickAt('2026-11-17T02:00:30+07:00');
    expect((await slots()).map(({ status }) => status)).toContain('ran');
  });

  it('D31: work that heeds its signal ends when its limit is over', async () => {
    await add(daily);
    limits = { atOnce: 1, longestMs: 20, stopMs: 600_000 };
    work = { ...work, ingest: (_source, signal) => untilAborted(signal) };
    expect(await tickAt('2026-11-16T02:00:30+07:00')).toBe(1);
    expect(await slots()).toMatchObject([{ status: 'failed', code: 'run-overran' }]);
  });

  it('a long run is not begun again by the next tick, and keeps no other schedule waiting', async () => {
    await add(daily);
    await add({ ...daily, name: 'khac', target: { kind: 'ingest', source: 'khac' } });
    let ended = false;
    let end = (): void => undefined;
    work = {
      ...work,
      ingest: (source) => {
        done.push(source);
        if (source !== 'kham' || ended) return Promise.resolve('run');
        return new Promise((resolve) => (end = () => resolve('run')));
      },
    };
    const due = createDueRuns(deps());
    now = new Date('2026-11-16T02:00:30+07:00');
    await due.look();
    await vi.waitUntil(() => done.length === 2, 20_000);
    now = new Date('2026-11-17T02:00:30+07:00');
    // What has just ended may still be in hand when the next look comes: the one after it takes it.
    await vi.waitUntil(async () => {
      await due.look();
      return (await slots('khac')).filter(({ status }) => status === 'ran').length === 2;
    }, 20_000);
    expect(done).toEqual(['kham', 'khac', 'khac']);
    ended = true;
    end();
    expect(await due.idle()).toBeGreaterThan(0);
    expect(done.filter((source) => source === 'kham')).toHaveLength(2);
    expect((await slots()).map(({ status }) => status)).toEqual(['ran', 'ran']);
  });

  it('a process that stops leaves its slots open; the next one runs them under their own time', async () => {
    await add(daily);
    const good = work;
    work = { ...good, ingest: (_source, signal) => untilAborted(signal) };
    const due = createDueRuns(deps());
    now = new Date('2026-11-16T02:00:30+07:00');
    await due.look();
    await vi.waitUntil(async () => (await slots()).length === 1);
    await due.stop();
    expect(await slots()).toMatchObject([{ status: 'running' }]);
    work = good;
    await tickAt('2026-11-16T02:05:00+07:00');
    expect(await slots()).toMatchObject([{ status: 'ran', nominal: '2026-11-15T19:00:00.000Z' }]);
  });

  it('D15: 400 due at midnight each run once, four at a time', async () => {
    const count = 400;
    for (let at = 0; at < count; at += 1)
      await add({ ...daily, name: `n-${at}`, target: { kind: 'ingest', source: `n-${at}` } });
    let running = 0;
    let most = 0;
    work = {
      ...work,
      ingest: async (source) => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
        done.push(source);
        return source;
      },
    };
    expect(await tickAt('2026-11-16T02:00:10+07:00')).toBe(count);
    expect(new Set(done).size).toBe(count);
    expect(done).toHaveLength(count);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('refuses a calendar that is none', async () => {
    const services = createScheduleServices(deps());
    const wrong = { ...daily, calendar: { kind: 'daily', at: '25:00' } };
    await expect(services.add(me, wrong)).rejects.toMatchObject({ code: 'schedule-invalid' });
  });
});
