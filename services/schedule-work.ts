import type { SlotDependencies } from '../workflows/activities/slot-activities.ts';

/** Does what a slot is for, until its signal. A report that waits for late sources gives `undefined`. */
export interface ScheduleWork {
  ingest(source: string, signal: AbortSignal): Promise<string>;
  report(
    report: string,
    period: string,
    patienceEnds: string,
    signal: AbortSignal,
  ): Promise<string | undefined>;
}

/** What running schedules works with. */
export interface ScheduleDependencies extends SlotDependencies {
  readonly work: ScheduleWork;
}
