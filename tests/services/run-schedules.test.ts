import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openControlStore, type HomeStore } from '../../control/store.ts';
import type { JsonObject } from '../../core/json.ts';
import { silentLogger } from '../../core/logger.ts';
import { WorkingDayCalendar } from '../../core/working-day-calendar.ts';
import { runDueSchedules } from '../../services/run-schedules.ts';
import { createScheduleServices, recordSchedule } from '../../services/schedule-services.ts';
import type { DueWork } from '../../workflows/run-schedule.ts';
import { scheduleSchema } from '../../workflows/schedule.ts';
import { periodCalendarOf } from '../../transforms/catalog/dimension-calendars.ts';
import { callOf } from '../extracts/extract-home.ts';

let directory = '';
let store: HomeStore;
let now = new Date('2026-11-16T00:30:00+07:00');
const clock = { now: () => now };
const done: string[] = [];
let work: DueWork;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'phusa-schedules-'));
  now = new Date('2026-11-16T00:30:00+07:00');
  store = await openControlStore({
    database: { kind: 'sqlite', path: join(directory, 'control.db') },
    clock,
    anchorPath: join(directory, 'journal.anchor'),
  });
  done.length = 0;
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
  return await runDueSchedules(deps());
}
const slots = async (name = 'dem') => (await createScheduleServices(deps()).why(me, name)).slots;
const me = callOf('van-hanh', ['operator']);

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

  it('refuses a calendar that is none', async () => {
    const services = createScheduleServices(deps());
    const wrong = { ...daily, calendar: { kind: 'daily', at: '25:00' } };
    await expect(services.add(me, wrong)).rejects.toMatchObject({ code: 'schedule-invalid' });
  });
});
