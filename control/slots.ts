import type { Clock } from '../core/clock.ts';
import { assertNever } from '../core/assert-never.ts';
import { allRows } from './every-row.ts';
import type { ControlStore, JournalWriter, StateRow } from './port.ts';

/** What happens to nominal times that passed while nobody ran them. */
export type CatchUp = 'latest' | 'all' | 'none';

/** What happens to a nominal time that comes while the last one still runs. */
export type Overlap = 'skip' | 'queue';

/** Why a nominal time was not run. */
export type SkipReason = 'superseded' | 'not-caught-up' | 'overlap' | 'paused';

/** The nominal times of a schedule after one instant, up to and including another, ascending. */
export type SlotsBetween = (fromExclusive: Date, toInclusive: Date) => readonly Date[];

/** What decides about nominal times. */
export interface SlotQuestion {
  readonly schedule: string;
  /** The last nominal time that has a row, or when the schedule began. */
  readonly last: Date;
  readonly now: Date;
  readonly slotsBetween: SlotsBetween;
  readonly catchUp: CatchUp;
  readonly overlap: Overlap;
  /** Whether an earlier slot of the schedule still runs. */
  readonly running: boolean;
  /** How late a slot may start and still count as on time, in milliseconds; one tick of the host, at least. */
  readonly graceMs: number;
  readonly paused?: boolean;
}

/** A nominal time and what is to be done about it. */
export type SlotDecision =
  | { readonly nominal: string; readonly action: 'run' }
  | { readonly nominal: string; readonly action: 'wait' }
  | { readonly nominal: string; readonly action: 'skip'; readonly reason: SkipReason };

/**
 * Decides, for every nominal time since the last row, whether it runs, waits for the one that runs, or is skipped and
 * why (D01, D03, D10). Each gets exactly one decision. A clock that jumps back yields none (D06).
 */
export function dueSlots(question: SlotQuestion): readonly SlotDecision[] {
  const { last, now, slotsBetween } = question;
  if (now <= last) return [];
  const nominals = slotsBetween(last, now).map((time) => time.toISOString());
  return overlapping(question, caughtUp(question, nominals));
}

function caughtUp(question: SlotQuestion, nominals: readonly string[]): readonly SlotDecision[] {
  if (question.paused === true) return nominals.map((nominal) => skip(nominal, 'paused'));
  switch (question.catchUp) {
    case 'all':
      return nominals.map(run);
    case 'latest':
      return nominals.map((nominal, at) =>
        at === nominals.length - 1 ? run(nominal) : skip(nominal, 'superseded'),
      );
    case 'none':
      return nominals.map((nominal) =>
        isOnTime(question, nominal) ? run(nominal) : skip(nominal, 'not-caught-up'),
      );
    default:
      return assertNever(question.catchUp);
  }
}

/** One of a schedule runs at a time: later ones wait in the queue, or are skipped. */
function overlapping(
  question: SlotQuestion,
  decisions: readonly SlotDecision[],
): readonly SlotDecision[] {
  let busy = question.running;
  return decisions.map((decision) => {
    if (decision.action !== 'run') return decision;
    const wasBusy = busy;
    busy = true;
    if (!wasBusy) return decision;
    const { nominal } = decision;
    return question.overlap === 'queue' || question.catchUp === 'all'
      ? { nominal, action: 'wait' }
      : skip(nominal, 'overlap');
  });
}

function isOnTime({ now, graceMs }: SlotQuestion, nominal: string): boolean {
  return now.getTime() - Date.parse(nominal) <= graceMs;
}

function run(nominal: string): SlotDecision {
  return { nominal, action: 'run' };
}

function skip(nominal: string, reason: SkipReason): SlotDecision {
  return { nominal, action: 'skip', reason };
}

/** Name of a slot: its schedule and nominal time. */
export function slotId(schedule: string, nominal: string): string {
  return `${schedule}@${nominal}`;
}

/**
 * Takes a slot to run it. True for exactly one caller, however many schedulers live (D05); false where it was taken,
 * ran, or was skipped. The state goes `running → ran | failed`, or is `skipped` at once.
 */
export function claimSlot(
  store: ControlStore,
  schedule: string,
  nominal: string,
): Promise<boolean> {
  return store.decide(async (journal) => {
    if (await journal.get('slot', slotId(schedule, nominal))) return false;
    await recordSlot(journal, schedule, nominal, 'claimed', { status: 'running' });
    return true;
  });
}

/** Journals that a nominal time is not run, and why; once. False where the slot already has a row. */
export function skipSlot(
  store: ControlStore,
  schedule: string,
  nominal: string,
  reason: SkipReason,
): Promise<boolean> {
  return store.decide(async (journal) => {
    if (await journal.get('slot', slotId(schedule, nominal))) return false;
    await recordSlot(journal, schedule, nominal, 'skipped', { status: 'skipped', reason });
    return true;
  });
}

/** How a claimed slot ended: with the run or edition it made, or the code of its failure. */
export type SlotOutcome =
  | { readonly status: 'ran'; readonly result: string }
  | { readonly status: 'failed'; readonly code: string };

/** Journals how a claimed slot ended; once. A second finish is no operation (D17) and returns false. */
export function finishSlot(
  store: ControlStore,
  schedule: string,
  nominal: string,
  outcome: SlotOutcome,
): Promise<boolean> {
  return store.decide(async (journal) => {
    const slot = await journal.get('slot', slotId(schedule, nominal));
    if (slot?.status !== 'running') return false;
    await recordSlot(journal, schedule, nominal, outcome.status, { ...outcome });
    return true;
  });
}

/** Slots of a schedule claimed and never finished: after a crash they are run again, under their own nominal time. */
export async function unfinishedSlots(
  store: ControlStore,
  schedule: string,
): Promise<readonly StateRow[]> {
  return await allRows(store, 'slot', {
    where: { schedule },
    status: ['running'],
    order: 'oldest',
  });
}

/** Whether a slot of the schedule is claimed and has not ended. */
export async function isUnderWay(store: ControlStore, schedule: string): Promise<boolean> {
  const running = await store.list('slot', { where: { schedule }, status: ['running'], limit: 1 });
  return running.rows.length > 0;
}

/** The last nominal time of a schedule that has a row; `since` (when the schedule began) where there is none. */
export async function lastSlot(store: ControlStore, schedule: string, since: Date): Promise<Date> {
  const { rows } = await store.list('slot', { where: { schedule }, limit: 50 });
  const nominals = rows.map(({ id }) => Date.parse(id.slice(schedule.length + 1)));
  return new Date(Math.max(since.getTime(), ...nominals));
}

/** A schedule as the due-table sees it. */
export interface DueSchedule {
  readonly schedule: string;
  readonly since: Date;
  readonly slotsBetween: SlotsBetween;
  readonly catchUp: CatchUp;
  readonly overlap: Overlap;
  readonly graceMs: number;
  readonly paused?: boolean;
}

/**
 * One tick of the due-table for one schedule: journals what is skipped, claims what runs, and returns the nominal
 * times the caller now has to run. Waiting ones get their row at a later tick.
 */
export async function tick(
  store: ControlStore,
  clock: Clock,
  due: DueSchedule,
): Promise<readonly string[]> {
  const { schedule } = due;
  const running = await isUnderWay(store, schedule);
  const last = await lastSlot(store, schedule, due.since);
  const question = { ...due, last, now: clock.now(), running };
  const claimed: string[] = [];
  for (const decision of dueSlots(question)) {
    if (decision.action === 'wait') break;
    const { nominal } = decision;
    if (decision.action === 'skip') await skipSlot(store, schedule, nominal, decision.reason);
    else if (await claimSlot(store, schedule, nominal)) claimed.push(nominal);
  }
  return claimed;
}

async function recordSlot(
  journal: JournalWriter,
  schedule: string,
  nominal: string,
  verb: 'claimed' | 'skipped' | 'ran' | 'failed',
  data: Readonly<Record<string, string>>,
): Promise<void> {
  await journal.record({
    kind: `slot.${verb}`,
    subject: slotId(schedule, nominal),
    actor: 'system',
    data: { schedule, nominal, ...data },
  });
}
