import type { ControlStore } from '../control/port.ts';
import {
  createSlotActivities,
  type SlotDependencies,
} from '../workflows/activities/slot-activities.ts';
import { embeddedContext } from '../workflows/embedded/host.ts';
import { runDue, type DueWork } from '../workflows/run-schedule.ts';

/** What running schedules works with. */
export interface ScheduleDependencies extends SlotDependencies {
  readonly work: DueWork;
}

/**
 * One tick of the due-table: every nominal time of every schedule since the last row gets exactly one row; what is due
 * runs. Slots that a crash or a wait left open are run again under their own time. Returns how many slots ended.
 */
export async function runDueSchedules(deps: ScheduleDependencies): Promise<number> {
  const context = embeddedContext(createSlotActivities(deps), {
    clock: deps.clock,
    progress: () => undefined,
  });
  let ended = 0;
  for (const schedule of await scheduleNames(deps.store))
    ended += (await runDue(context, { schedule, waitMs: null }, deps.work)).ended;
  return ended;
}

/** Schedules that are not removed, paused ones with them. */
export async function scheduleNames(store: ControlStore): Promise<readonly string[]> {
  const page = await store.list('schedule', { order: 'oldest', limit: 1000 });
  return page.rows.filter(({ status }) => status !== 'removed').map(({ id }) => id);
}
