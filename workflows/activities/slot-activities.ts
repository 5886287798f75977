import type { ControlStore } from '../../control/port.ts';
import { finishSlot, tick, unfinishedSlots } from '../../control/slots.ts';
import type { Clock } from '../../core/clock.ts';
import { textMember } from '../../core/json-member.ts';
import type { Logger } from '../../core/logger.ts';
import { slotsBetween, type SlotCalendars } from '../../core/slot-calendar.ts';
import type { DueSlot, SlotActivities } from '../run-schedule.ts';
import { scheduleOf, type KeptSchedule } from '../schedule.ts';

/** What the slot ledger works with. */
export interface SlotDependencies {
  readonly store: ControlStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly calendars: SlotCalendars;
}

/** Late starts within this are on time: two ticks of a minute. */
const graceMs = 120_000;

/** The slot ledger as activities; each may be run again after its effect. */
export function createSlotActivities(deps: SlotDependencies): SlotActivities {
  return {
    takeSlots: async ({ schedule: name, which }) => {
      const row = await deps.store.get('schedule', name);
      if (!row || row.status === 'removed') return { slots: [] };
      const schedule = scheduleOf(row);
      const nominals =
        which === 'open' ? await openSlots(deps, name) : await claimDue(deps, schedule);
      return { slots: nominals.map((nominal) => dueSlot(deps, schedule, nominal)) };
    },
    finishSlot: async ({ schedule, nominal, end }) => {
      if (end.status === 'ran') {
        await finishSlot(deps.store, schedule, nominal, end);
        return;
      }
      const { code, message } = end.failure;
      deps.log.error('slot-failed', { schedule, nominal, code, message: message.en });
      await finishSlot(deps.store, schedule, nominal, { status: 'failed', code });
    },
  };
}

async function openSlots(deps: SlotDependencies, schedule: string): Promise<readonly string[]> {
  const open = await unfinishedSlots(deps.store, schedule);
  return open.map(({ data }) => textMember(data, 'nominal'));
}

async function claimDue(
  { store, clock, calendars }: SlotDependencies,
  { name, since, calendar, catchUp, overlap, status }: KeptSchedule,
): Promise<readonly string[]> {
  return await tick(store, clock, {
    schedule: name,
    since,
    slotsBetween: (from, to) => slotsBetween(calendar, from, to, calendars).map(({ at }) => at),
    catchUp,
    overlap,
    graceMs,
    paused: status === 'paused',
  });
}

function dueSlot(
  { calendars }: SlotDependencies,
  { target, calendar, patienceHours }: KeptSchedule,
  nominal: string,
): DueSlot {
  const at = new Date(nominal);
  const patienceEnds = new Date(at.getTime() + patienceHours * 3_600_000).toISOString();
  if (target.kind === 'ingest') return { nominal, target, patienceEnds };
  const [slot] = slotsBetween(calendar, new Date(at.getTime() - 1), at, calendars);
  if (!slot) throw new TypeError(`no slot at ${nominal}`);
  return { nominal, target: { ...target, period: slot.period }, patienceEnds };
}
