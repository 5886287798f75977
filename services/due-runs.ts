import { allRows } from '../control/every-row.ts';
import { PhusaError } from '../core/errors.ts';
import { createSlotActivities } from '../workflows/activities/slot-activities.ts';
import { embeddedContext } from '../workflows/embedded/host.ts';
import { runDue, type DueWork } from '../workflows/run-schedule.ts';
import type { ScheduleDependencies } from './schedule-work.ts';

/** What runs of schedules may take of this process. */
export interface DueLimits {
  /** Schedules that run at once; the others have their turn when one ends. */
  readonly atOnce: number;
  /** Milliseconds after which the work of one slot is asked to stop (D31). */
  readonly longestMs: number;
  /** Milliseconds it has to stop; then its slot fails and the next has its turn, whatever it still does (D14). */
  readonly stopMs: number;
}

/** Half a day, as on a durable host: longer than any honest run, short of a slot's own next day. */
const usualLimits: DueLimits = { atOnce: 4, longestMs: 12 * 3_600_000, stopMs: 60_000 };

/** Runs of schedules under way in this process. */
export interface DueRuns {
  /** One tick of the due-table: every schedule that is not under way joins the queue. Waits for none of them. */
  look(): Promise<void>;
  /** When nothing is under way any more: how many slots ended since the last time. */
  idle(): Promise<number>;
  /** Asks what is under way to stop and waits for it; its slots stay open and run again when the home opens next. */
  stop(): Promise<void>;
}

/**
 * Runs what is due, several schedules at once, each by itself: one that is stuck or long keeps no other from its time,
 * and a schedule that is under way is not looked at again. Each nominal time has exactly one row in the slot ledger.
 */
export function createDueRuns(
  deps: ScheduleDependencies,
  limits: DueLimits = usualLimits,
): DueRuns {
  const queue: string[] = [];
  const taken = new Set<string>();
  const lanes = new Set<Promise<void>>();
  const stopping = new AbortController();
  let ended = 0;
  const lane = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      try {
        if (stopping.signal.aborted) continue;
        const own = await runSchedule(deps, limits, name, stopping.signal);
        ended += own;
      } catch (error) {
        deps.log.error('schedule-failed', { schedule: name, message: String(error) });
      } finally {
        taken.delete(name);
      }
    }
  };
  const open = (): void => {
    const running = lane().finally(() => lanes.delete(running));
    lanes.add(running);
  };
  const idle = async (): Promise<number> => {
    while (lanes.size > 0) await Promise.all(lanes);
    const count = ended;
    ended = 0;
    return count;
  };
  return {
    look: async () => {
      for (const name of await scheduleNames(deps)) {
        if (taken.has(name)) continue;
        taken.add(name);
        queue.push(name);
      }
      while (lanes.size < Math.min(limits.atOnce, queue.length + lanes.size)) open();
    },
    idle,
    stop: async () => {
      stopping.abort();
      await idle();
    },
  };
}

/** Schedules that are not removed, paused ones with them: their times have rows too. */
async function scheduleNames({ store }: ScheduleDependencies): Promise<readonly string[]> {
  const rows = await allRows(store, 'schedule', { order: 'oldest' });
  return rows.filter(({ status }) => status !== 'removed').map(({ id }) => id);
}

async function runSchedule(
  deps: ScheduleDependencies,
  limits: DueLimits,
  schedule: string,
  stopping: AbortSignal,
): Promise<number> {
  const { clock, work } = deps;
  const context = embeddedContext(createSlotActivities(deps), {
    clock,
    progress: () => undefined,
    signal: stopping,
  });
  const limited: DueWork = {
    ingest: (source) => within(limits, schedule, stopping, (signal) => work.ingest(source, signal)),
    report: (report, period, patienceEnds) =>
      within(limits, schedule, stopping, (signal) =>
        work.report(report, period, patienceEnds, signal),
      ),
  };
  return (await runDue(context, { schedule, waitMs: null }, limited)).ended;
}

/**
 * The work of one slot within its limits. Undefined, which leaves the slot open, where the process stops. Throws retriable
 * `run-overran`.
 */
async function within(
  { longestMs, stopMs }: DueLimits,
  schedule: string,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<string | undefined>,
): Promise<string | undefined> {
  const stops = (): boolean => stopping.aborted;
  if (stops()) return undefined;
  const halt = new AbortController();
  const halted = (): void => halt.abort();
  const timer = setTimeout(halted, longestMs);
  stopping.addEventListener('abort', halted, { once: true });
  try {
    const result = await Promise.race([work(halt.signal), givenUp(halt.signal, stopMs)]);
    if (halt.signal.aborted && !stops()) throw runOverran(schedule, longestMs);
    return stops() ? undefined : result;
  } catch (error) {
    if (stops()) return undefined;
    throw halt.signal.aborted ? runOverran(schedule, longestMs) : error;
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', halted);
  }
}

/** Ends so many milliseconds after the signal; work that heeds it has ended before. */
function givenUp(signal: AbortSignal, stopMs: number): Promise<undefined> {
  return new Promise((resolve) => {
    const wait = (): void => {
      setTimeout(() => resolve(undefined), stopMs).unref();
    };
    signal.addEventListener('abort', wait, { once: true });
  });
}

function runOverran(schedule: string, longestMs: number): PhusaError {
  const minutes = Math.round(longestMs / 60_000);
  return new PhusaError({
    group: 'retriable',
    code: 'run-overran',
    message: {
      vi: `Việc của lịch “${schedule}” chạy quá ${minutes} phút nên bị dừng.`,
      en: `The work of schedule “${schedule}” ran longer than ${minutes} minutes and was stopped.`,
    },
    remedy: {
      vi: `Xem vì sao chậm: phusa schedule why ${schedule}; lần tới lịch vẫn chạy.`,
      en: `See why it is slow: phusa schedule why ${schedule}; its next time runs as usual.`,
    },
  });
}
