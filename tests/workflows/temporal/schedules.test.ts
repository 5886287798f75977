import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../core/logger.ts';
import { WorkingDayCalendar } from '../../../core/working-day-calendar.ts';
import { periodCalendarOf } from '../../../transforms/catalog/dimension-calendars.ts';
import { reconcileSchedules } from '../../../workflows/temporal/reconcile-schedules.ts';
import { scheduleId } from '../../../workflows/temporal/schedule-spec.ts';
import { addDailySchedule } from '../../harness/pipeline-cases.ts';
import { openPipelineHome, type PipelineHome } from '../../harness/pipeline-home.ts';
import { openTemporalHost, type TestTemporalHost } from '../../harness/temporal-host.ts';
import {
  startTemporal,
  temporalMissing,
  type TestTemporal,
} from '../../harness/temporal-server.ts';

let server: TestTemporal;
let made: PipelineHome;
let host: TestTemporalHost;

const reconcile = () =>
  reconcileSchedules({
    client: host.client,
    settings: host.settings,
    store: made.home.store,
    clock: { now: () => made.now },
    log: silentLogger,
    calendars: { workingDays: new WorkingDayCalendar([]), periods: periodCalendarOf([]) },
  });
const slots = async () => (await made.home.store.list('slot', { order: 'oldest' })).rows;

describe.skipIf(temporalMissing())('schedules on a real server', () => {
  beforeAll(async () => {
    server = await startTemporal();
    made = await openPipelineHome();
    const { activities, home } = made;
    await addDailySchedule(made, 'dem');
    host = await openTemporalHost({ address: server.address, activities, store: home.store });
  });
  afterAll(async () => {
    await host.close();
    await server.close();
    await made.home.remove();
  });

  it('are made, with their overlap, catch-up, jitter and zone, and left alone while nothing changed', async () => {
    made.now = new Date('2026-11-16T06:59:00+07:00');
    expect(await reconcile()).toEqual({ created: 1, updated: 0, removed: 0, woken: 0 });
    const described = await host.client.schedule
      .getHandle(scheduleId(host.settings, 'dem'))
      .describe();
    expect(described.policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 600_000 });
    expect(described.spec).toMatchObject({ timezone: 'Asia/Ho_Chi_Minh', jitter: 5_000 });
    expect(await reconcile()).toEqual({ created: 0, updated: 0, removed: 0, woken: 0 });
  });

  it('D02 D33: a day that the server slept through gives one current run, and the ledger every time', async () => {
    made.now = new Date('2026-11-19T09:00:00+07:00');
    expect(await reconcile()).toMatchObject({ woken: 1 });
    await expect
      .poll(async () => (await slots()).map(({ status }) => status), { timeout: 30_000 })
      .toEqual(['skipped', 'skipped', 'skipped', 'ran']);
    expect((await slots()).slice(0, 3).map(({ data }) => data['reason'])).toEqual([
      'superseded',
      'superseded',
      'superseded',
    ]);
  });

  it('D11: what the server lost is made again, what is not ours any more is removed', async () => {
    await host.client.schedule.getHandle(scheduleId(host.settings, 'dem')).delete();
    expect(await reconcile()).toMatchObject({ created: 1 });
    await made.home.store.decide((journal) =>
      journal.record({
        kind: 'schedule.removed',
        subject: 'dem',
        actor: 'local',
        data: { status: 'removed' },
      }),
    );
    await expect.poll(async () => (await reconcile()).removed, { timeout: 30_000 }).toBe(1);
  });

  it('D10: a pause is the server’s too, with its reason; its times have their rows', async () => {
    await addDailySchedule(made, 'tuan');
    await made.home.store.decide((journal) =>
      journal.record({
        kind: 'schedule.paused',
        subject: 'tuan',
        actor: 'local',
        data: { status: 'paused', reason: 'bảo trì' },
      }),
    );
    made.now = new Date('2026-11-20T09:00:00+07:00');
    await reconcile();
    const handle = host.client.schedule.getHandle(scheduleId(host.settings, 'tuan'));
    expect((await handle.describe()).state).toMatchObject({ paused: true, note: 'bảo trì' });
    const own = (await slots()).filter(({ id }) => id.startsWith('tuan@'));
    expect(own.map(({ data }) => data['reason'])).toEqual(['paused']);
  });

  it('D12: two who ask for the same thing at once get the one run', async () => {
    const options = { progress: () => undefined, signal: new AbortController().signal };
    const ask = () =>
      host.runner.run('ingestSource', { source: 'kham', actor: 'local', full: false }, options);
    const [first, second] = await Promise.all([ask(), ask()]);
    expect(second.run).toBe(first.run);
  });
});
