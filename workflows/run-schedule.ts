import { failureOf, PhusaError, type Failure } from '../core/errors.ts';
import type { BuildActivities } from './build-stale.ts';
import { ingestSource, type IngestActivities, type RunEnd } from './ingest-source.ts';
import { issueReport, type IssueActivities } from './issue-report.ts';
import type { PipelineContext } from './pipeline.ts';

/** Which schedule to look at. */
export interface ScheduleInput {
  readonly schedule: string;
  /** Wait inside the run for late sources and approval, looking again so often; null leaves the slot open. */
  readonly waitMs: number | null;
}

/** A claimed nominal time and what it is for. */
export interface DueSlot {
  readonly nominal: string;
  readonly target:
    | { readonly kind: 'ingest'; readonly source: string }
    | { readonly kind: 'report'; readonly report: string; readonly period: string };
  /** ISO instant until which a report waits for late sources. */
  readonly patienceEnds: string;
}

/** How a slot ended. */
export type SlotEnd =
  | { readonly status: 'ran'; readonly result: string }
  | { readonly status: 'failed'; readonly failure: Failure };

/** What running a schedule needs done for it. */
export interface SlotActivities {
  /**
   * `open`: slots that a crash or a wait left running. `due`: gives every nominal time since the last row its row in the
   * slot ledger, and returns those claimed.
   */
  takeSlots(input: {
    readonly schedule: string;
    readonly which: 'open' | 'due';
  }): Promise<{ readonly slots: readonly DueSlot[] }>;
  finishSlot(input: {
    readonly schedule: string;
    readonly nominal: string;
    readonly end: SlotEnd;
  }): Promise<void>;
}

/** Does what a slot is for. `undefined` leaves the slot open: a report waits, or the process stops. */
export interface DueWork {
  ingest(source: string): Promise<string | undefined>;
  report(report: string, period: string, patienceEnds: string): Promise<string | undefined>;
}

/** How many slots ended. */
export interface ScheduleEnd {
  readonly ended: number;
}

type ScheduleActivities = SlotActivities & IngestActivities & IssueActivities & BuildActivities;

/** Nominal times that one run does at most; the rest have their turn with the next. */
const mostRounds = 100;

/**
 * Runs what is due of one schedule by the slot ledger, whoever woke it: every nominal time has exactly one row. What a
 * crash left open is run again first, under its own time.
 */
export async function runSchedule(
  context: PipelineContext<ScheduleActivities>,
  input: ScheduleInput,
): Promise<ScheduleEnd> {
  return await runDue(context, input, workOf(context, input));
}

/** {@link runSchedule} with the work handed in. */
export async function runDue(
  context: PipelineContext<SlotActivities>,
  { schedule, waitMs }: ScheduleInput,
  work: DueWork,
): Promise<ScheduleEnd> {
  const run = async (which: 'open' | 'due'): Promise<RoundEnd> => {
    const { slots } = await context.activities.takeSlots({ schedule, which });
    let ended = 0;
    for (const slot of slots) if (await runSlot(context, schedule, slot, work)) ended += 1;
    return { ended, waits: ended < slots.length };
  };
  let { ended } = await run('open');
  for (let round = 0; round < mostRounds && !context.cancelled(); round += 1) {
    const due = await run('due');
    // A claim whose answer was lost on its way is an open slot, unless slots stay open to wait.
    const lost = waitMs === null ? { ended: 0, waits: false } : await run('open');
    ended += due.ended + lost.ended;
    if (due.ended + lost.ended === 0 || due.waits || lost.waits) break;
  }
  return { ended };
}

/** What one look at the ledger came to. */
interface RoundEnd {
  readonly ended: number;
  /** Whether a slot goes on waiting. */
  readonly waits: boolean;
}

/** Runs one claimed slot; false while it goes on waiting. */
async function runSlot(
  context: PipelineContext<SlotActivities>,
  schedule: string,
  slot: DueSlot,
  work: DueWork,
): Promise<boolean> {
  const end = await endOf(work, slot);
  if (!end) return false;
  await context.activities.finishSlot({ schedule, nominal: slot.nominal, end });
  return true;
}

async function endOf(
  work: DueWork,
  { target, patienceEnds }: DueSlot,
): Promise<SlotEnd | undefined> {
  try {
    const result =
      target.kind === 'ingest'
        ? await work.ingest(target.source)
        : await work.report(target.report, target.period, patienceEnds);
    return result === undefined ? undefined : { status: 'ran', result };
  } catch (error) {
    return { status: 'failed', failure: failureOf(error) };
  }
}

function workOf(context: PipelineContext<ScheduleActivities>, { waitMs }: ScheduleInput): DueWork {
  const actor = 'system';
  return {
    ingest: async (source) => ranOf(await ingestSource(context, { source, actor, full: false })),
    report: async (report, period, patienceEnds) => {
      const evenIncomplete = context.now().getTime() > Date.parse(patienceEnds);
      const wait = waitMs === null ? {} : { wait: { everyMs: waitMs, patienceEnds } };
      const end = await issueReport(context, { report, period, actor, evenIncomplete, ...wait });
      return end.edition ?? undefined;
    },
  };
}

/** The run of a slot. A slot whose run failed has not run (D34). Throws retriable `run-failed`. */
export function ranOf({ source, run, status }: Pick<RunEnd, 'source' | 'run' | 'status'>): string {
  if (status !== 'failed' && status !== 'cancelled') return run;
  throw new PhusaError({
    group: 'retriable',
    code: `run-${status}`,
    message: {
      vi: `Lượt nạp ${run} của nguồn “${source}” không thành.`,
      en: `Run ${run} of source “${source}” ended ${status}.`,
    },
    remedy: { vi: `Xem: phusa source show ${source}`, en: `See: phusa source show ${source}` },
    place: { source },
  });
}
