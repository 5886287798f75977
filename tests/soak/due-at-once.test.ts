import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openControlStore } from '../../control/store.ts';
import { silentLogger } from '../../core/logger.ts';
import { WorkingDayCalendar } from '../../core/working-day-calendar.ts';
import { createDueRuns } from '../../services/due-runs.ts';
import { recordSchedule } from '../../services/schedule-services.ts';
import { periodCalendarOf } from '../../transforms/catalog/dimension-calendars.ts';
import { scheduleSchema } from '../../workflows/schedule.ts';

const count = 10_000;
const midnight = Date.parse('2026-11-16T00:00:00+07:00');

it('D15: 10,000 due at midnight: each starts within 60 seconds, once, four at a time', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'phusa-due-'));
  let now = new Date(midnight - 3_600_000);
  const clock = { now: () => now };
  const store = await openControlStore({
    database: { kind: 'sqlite', path: join(directory, 'control.db') },
    clock,
    anchorPath: join(directory, 'journal.anchor'),
  });
  try {
    for (let at = 0; at < count; at += 1) {
      const target = { kind: 'ingest', source: `nguon-${at}` };
      const calendar = { kind: 'daily', at: '00:00' };
      const schedule = scheduleSchema.parse({ name: `n-${at}`, target, calendar });
      await recordSchedule({ store, clock }, schedule, 'local');
    }
    const started = new Map<string, number>();
    let running = 0;
    let most = 0;
    now = new Date(midnight + 1_000);
    const begin = performance.now();
    const due = createDueRuns({
      ...{ store, clock, log: silentLogger },
      calendars: { workingDays: new WorkingDayCalendar([]), periods: periodCalendarOf([]) },
      work: {
        ingest: async (source) => {
          expect(started.has(source)).toBe(false);
          started.set(source, performance.now() - begin);
          most = Math.max(most, (running += 1));
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          return source;
        },
        report: () => Promise.resolve(undefined),
      },
    });
    await due.look();
    expect(await due.idle()).toBe(count);
    const last = Math.max(...started.values());
    process.stdout.write(`${JSON.stringify({ count, most, lastStartMs: Math.round(last) })}\n`);
    expect(started.size).toBe(count);
    expect(most).toBeLessThanOrEqual(4);
    expect(last).toBeLessThan(60_000);
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
