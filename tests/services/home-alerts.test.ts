import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimSlot, finishSlot } from '../../control/slots.ts';
import type { JournalKind } from '../../control/port.ts';
import { openControlStore, type HomeStore } from '../../control/store.ts';
import { WorkingDayCalendar } from '../../core/working-day-calendar.ts';
import { homeAlerts } from '../../services/home-alerts.ts';
import { recordSchedule } from '../../services/schedule-services.ts';
import { createAlertWatch, tellAlerts } from '../../services/tell-alerts.ts';
import type { Notice } from '../../services/tell-owners.ts';
import { periodCalendarOf } from '../../transforms/catalog/dimension-calendars.ts';
import { scheduleSchema } from '../../workflows/schedule.ts';

let directory = '';
let store: HomeStore;
let now = new Date();
const clock = { now: () => now };
const calendars = { workingDays: new WorkingDayCalendar([]), periods: periodCalendarOf([]) };
const at = (time: string): Date => (now = new Date(`${time}+07:00`));
const found = async () =>
  (await homeAlerts({ store, clock, calendars })).map(({ kind, subject }) => `${kind} ${subject}`);

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'phusa-alerts-'));
  at('2026-11-16T00:30:00');
  store = await openControlStore({
    database: { kind: 'sqlite', path: join(directory, 'control.db') },
    clock,
    anchorPath: join(directory, 'journal.anchor'),
  });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function hourly(target: object = { kind: 'ingest', source: 'kham' }): Promise<void> {
  const calendar = { kind: 'cron', text: '0 * * * *' };
  const schedule = scheduleSchema.parse({ name: 'gio', target, calendar });
  await recordSchedule({ store, clock }, schedule, 'local');
}

async function ran(time: string, status: 'ran' | 'failed' = 'ran'): Promise<void> {
  const nominal = new Date(`${time}+07:00`).toISOString();
  await claimSlot(store, 'gio', nominal);
  const outcome = status === 'ran' ? { status, result: 'run' } : { status, code: 'source-down' };
  await finishSlot(store, 'gio', nominal, outcome);
}

async function sourceWith(runs: readonly string[]): Promise<void> {
  const record = (kind: JournalKind, subject: string, data: Record<string, string | string[]>) =>
    store.decide((journal) => journal.record({ kind, subject, actor: 'local', data }));
  await record('source.added', 'y-te', { status: 'active', notify: ['phong@yte.vn'] });
  for (const [index, status] of runs.entries()) {
    await record('run.started', `run-${index}`, { source: 'y-te', status: 'running' });
    await record('run.finished', `run-${index}`, { status });
  }
}

describe('what stands still', () => {
  it('D33: a schedule whose times pass without a run that succeeded, until one does', async () => {
    await hourly();
    at('2026-11-16T02:02:59');
    expect(await found()).toEqual([]);
    at('2026-11-16T02:03:00');
    expect(await found()).toEqual(['silent gio']);
    await ran('2026-11-16T02:00:00', 'failed');
    expect(await found()).toEqual(['silent gio']);
    await ran('2026-11-16T01:00:00');
    expect(await found()).toEqual([]);
    at('2026-11-16T03:05:00');
    expect(await found()).toEqual(['silent gio']);
  });

  it('a schedule whose run is under way is not silent', async () => {
    await hourly();
    at('2026-11-16T05:00:00');
    await claimSlot(store, 'gio', at('2026-11-16T05:00:00').toISOString());
    at('2026-11-16T05:06:00');
    expect(await found()).toEqual([]);
  });

  it('a process that has just begun or slept lets its schedules catch up first', async () => {
    let told = 0;
    const watch = createAlertWatch(clock, () => Promise.resolve((told += 1)));
    const tick = async (time: string): Promise<number> => {
      at(time);
      await watch();
      return told;
    };
    expect(await tick('2026-11-16T05:00:00')).toBe(0);
    expect(await tick('2026-11-16T05:04:00')).toBe(0);
    expect(await tick('2026-11-16T05:05:00')).toBe(1);
    expect(await tick('2026-11-16T09:00:00')).toBe(1);
    expect(await tick('2026-11-16T09:04:59')).toBe(1);
    expect(await tick('2026-11-16T09:05:01')).toBe(2);
  });

  it('a report that waits for late sources is not silent before its patience ends', async () => {
    await hourly({ kind: 'report', report: 'dich' });
    at('2026-11-16T20:00:00');
    expect(await found()).toEqual([]);
    at('2026-11-17T03:00:00');
    expect(await found()).toEqual(['silent gio']);
  });

  it('D28: a source whose last three runs failed; a good one among them ends it', async () => {
    await sourceWith(['ok', 'failed', 'failed']);
    expect(await found()).toEqual([]);
    await sourceWith(['failed', 'failed', 'failed', 'failed']);
    expect(await found()).toEqual(['failing y-te']);
  });

  it('D28: owners and operators are told in their own words, each named once a day', async () => {
    await sourceWith(['failed', 'failed', 'failed']);
    const notices: Notice[] = [];
    const tell = async (time: string): Promise<void> => {
      at(time);
      await tellAlerts({
        ...{ store, clock, calendars },
        operators: () => Promise.resolve(['van-hanh@ioc.vn', 'phong@yte.vn']),
        deliver: (notice) => {
          notices.push(notice);
          return Promise.resolve([]);
        },
      });
    };
    await tell('2026-11-16T23:58:00');
    await tell('2026-11-17T00:02:00');
    expect(notices.map(({ reference }) => reference)).toEqual([
      'alert:failing:y-te:2026-11-16',
      'alert:failing:y-te:2026-11-17',
    ]);
    expect(notices[0]).toMatchObject({ to: ['van-hanh@ioc.vn', 'phong@yte.vn'] });
    expect(notices[0]?.body).toContain('3 lượt nạp gần nhất đều không thành');
  });
});
