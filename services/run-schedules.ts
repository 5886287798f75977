import type { ControlStore } from '../control/port.ts';
import { finishSlot, tick, unfinishedSlots, type SlotOutcome } from '../control/slots.ts';
import type { Clock } from '../core/clock.ts';
import { failureOf } from '../core/errors.ts';
import { optionalText, textMember } from '../core/json-member.ts';
import type { Logger } from '../core/logger.ts';
import { slotsBetween, type SlotCalendars } from '../core/slot-calendar.ts';
import { scheduleOf, type KeptSchedule } from './schedule.ts';

/** What the due-table does when a time has come. */
export interface DueWork {
  /** Ingests a source; returns the run. */
  ingest(source: string): Promise<string>;
  /** Issues a report for a period; `undefined` while it waits for late sources. */
  report(report: string, period: string, evenIncomplete: boolean): Promise<string | undefined>;
}

/** What running schedules works with. */
export interface ScheduleDependencies {
  readonly store: ControlStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly calendars: SlotCalendars;
  readonly work: DueWork;
}

/** Late starts within this are on time: two ticks of a minute. */
const graceMs = 120_000;

/**
 * One tick of the due-table: every nominal time of every schedule since the last row gets exactly one row; what is due
 * runs. Slots that a crash or a wait left open are run again under their own time. Returns how many slots ended.
 */
export async function runDueSchedules(deps: ScheduleDependencies): Promise<number> {
  const page = await deps.store.list('schedule', { order: 'oldest', limit: 1000 });
  const schedules = page.rows.filter(({ status }) => status !== 'removed').map(scheduleOf);
  let ended = 0;
  for (const slot of await unfinishedSlots(deps.store)) {
    const schedule = schedules.find(({ name }) => name === optionalText(slot.data, 'schedule'));
    if (schedule && (await runSlot(deps, schedule, textMember(slot.data, 'nominal')))) ended += 1;
  }
  for (const schedule of schedules) ended += await runSchedule(deps, schedule);
  return ended;
}

async function runSchedule(deps: ScheduleDependencies, schedule: KeptSchedule): Promise<number> {
  const nominals = await tick(deps.store, deps.clock, {
    schedule: schedule.name,
    since: schedule.since,
    slotsBetween: (from, to) =>
      slotsBetween(schedule.calendar, from, to, deps.calendars).map(({ at }) => at),
    catchUp: schedule.catchUp,
    overlap: schedule.overlap,
    graceMs,
    paused: schedule.status === 'paused',
  });
  let ended = 0;
  for (const nominal of nominals) if (await runSlot(deps, schedule, nominal)) ended += 1;
  return ended;
}

/** Runs one claimed slot; false while it goes on waiting. */
async function runSlot(
  deps: ScheduleDependencies,
  schedule: KeptSchedule,
  nominal: string,
): Promise<boolean> {
  const outcome = await outcomeOf(deps, schedule, nominal);
  if (!outcome) return false;
  return await finishSlot(deps.store, schedule.name, nominal, outcome);
}

async function outcomeOf(
  deps: ScheduleDependencies,
  schedule: KeptSchedule,
  nominal: string,
): Promise<SlotOutcome | undefined> {
  try {
    const result = await runTarget(deps, schedule, nominal);
    return result === undefined ? undefined : { status: 'ran', result };
  } catch (error) {
    const { code, message } = failureOf(error);
    deps.log.error('slot-failed', { schedule: schedule.name, nominal, code, message: message.en });
    return { status: 'failed', code };
  }
}

async function runTarget(
  deps: ScheduleDependencies,
  { target, calendar, patienceHours }: KeptSchedule,
  nominal: string,
): Promise<string | undefined> {
  if (target.kind === 'ingest') return await deps.work.ingest(target.source);
  const at = new Date(nominal);
  const [slot] = slotsBetween(calendar, new Date(at.getTime() - 1), at, deps.calendars);
  if (!slot) throw new TypeError(`no slot at ${nominal}`);
  const waited = deps.clock.now().getTime() - at.getTime();
  return await deps.work.report(target.report, slot.period, waited > patienceHours * 3_600_000);
}
