import { ScheduleNotFoundError, type Client } from '@temporalio/client';
import type { StateRow } from '../../control/port.ts';
import { allRows } from '../../control/every-row.ts';
import { isUnderWay, lastSlot } from '../../control/slots.ts';
import { optionalText } from '../../core/json-member.ts';
import { slotsBetween } from '../../core/slot-calendar.ts';
import { createSlotActivities, type SlotDependencies } from '../activities/slot-activities.ts';
import { scheduleOf, type KeptSchedule } from '../schedule.ts';
import type { HostSettings } from './host-settings.ts';
import { scheduleId, wantedSchedule, type WantedSchedule } from './schedule-spec.ts';

/** What keeping the server's schedules equal to ours works with. */
export interface ReconcileDependencies extends SlotDependencies {
  readonly client: Client;
  readonly settings: HostSettings;
}

/** What a look at the server changed. */
export interface Reconciled {
  readonly created: number;
  readonly updated: number;
  readonly removed: number;
  /** Schedules woken because a time was due and nobody had taken it. */
  readonly woken: number;
}

/** A time that nobody took for so long is woken by us: the server was down, or its schedule was lost. */
const overdueMs = 60_000;

/**
 * Makes the server's Schedules equal to ours, which are the truth: what it lost is made again (D11), what is no longer
 * ours is removed. A time that is due and has no row in the ledger wakes its schedule (D01, D02). A paused schedule
 * gives its times their rows, as skipped.
 */
export async function reconcileSchedules(deps: ReconcileDependencies): Promise<Reconciled> {
  const rows = await allRows(deps.store, 'schedule', {});
  const ours = rows.filter(({ status }) => status !== 'removed');
  const count = { created: 0, updated: 0, removed: 0, woken: 0 };
  for (const row of ours) {
    const schedule = scheduleOf(row);
    const change = await bring(deps, wantedOf(deps, row, schedule));
    if (change) count[change] += 1;
    if (schedule.status === 'paused') await skipPaused(deps, schedule.name);
    else if (await isOverdue(deps, schedule)) count.woken += await wake(deps, schedule.name);
  }
  count.removed = await removeOthers(
    deps,
    ours.map(({ id }) => scheduleId(deps.settings, id)),
  );
  return count;
}

function wantedOf(
  { settings, calendars, clock }: ReconcileDependencies,
  row: StateRow,
  schedule: KeptSchedule,
): WantedSchedule {
  const note = schedule.status === 'paused' ? (optionalText(row.data, 'reason') ?? '') : '';
  return wantedSchedule(settings, schedule, note, calendars, clock.now());
}

async function bring(
  { client }: ReconcileDependencies,
  wanted: WantedSchedule,
): Promise<'created' | 'updated' | undefined> {
  const handle = client.schedule.getHandle(wanted.id);
  try {
    const { memo } = await handle.describe();
    if (memo?.['sha256'] === wanted.sha256) return undefined;
    // A memo is given once, when a schedule is made.
    await handle.delete();
    await client.schedule.create(wanted.options);
    return 'updated';
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    await client.schedule.create(wanted.options);
    return 'created';
  }
}

async function skipPaused(deps: ReconcileDependencies, schedule: string): Promise<void> {
  await createSlotActivities(deps).takeSlots({ schedule, which: 'due' });
}

/** Whether a time is due that has no row, or a row is open that no run holds. */
async function isOverdue(deps: ReconcileDependencies, schedule: KeptSchedule): Promise<boolean> {
  const last = await lastSlot(deps.store, schedule.name, schedule.since);
  const until = new Date(deps.clock.now().getTime() - overdueMs);
  if (until > last) {
    if (slotsBetween(schedule.calendar, last, until, deps.calendars).length > 0) return true;
  }
  return await isUnderWay(deps.store, schedule.name);
}

/** The server skips it while a run of the schedule is under way. */
async function wake({ client, settings }: ReconcileDependencies, name: string): Promise<1> {
  await client.schedule.getHandle(scheduleId(settings, name)).trigger('SKIP');
  return 1;
}

async function removeOthers(
  { client, settings }: ReconcileDependencies,
  ours: readonly string[],
): Promise<number> {
  const known = new Set(ours);
  const own = scheduleId(settings, '');
  let removed = 0;
  for await (const { scheduleId: id } of client.schedule.list()) {
    if (!id.startsWith(own) || known.has(id)) continue;
    await client.schedule.getHandle(id).delete();
    removed += 1;
  }
  return removed;
}
