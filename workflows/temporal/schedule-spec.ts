import { createHash } from 'node:crypto';
import type { ScheduleOptions, ScheduleSpec } from '@temporalio/client';
import { assertNever } from '../../core/assert-never.ts';
import { canonicalJson } from '../../core/json.ts';
import { asJson } from '../../core/json-member.ts';
import { slotsBetween, type SlotCalendars } from '../../core/slot-calendar.ts';
import type { KeptSchedule } from '../schedule.ts';
import type { HostSettings } from './host-settings.ts';
import { queueName } from './task-queues.ts';

/** A Temporal Schedule as our schedule wants it, and a hash to see whether it has changed. */
export interface WantedSchedule {
  readonly id: string;
  readonly sha256: string;
  readonly options: ScheduleOptions;
}

/** How often a report looks again for late sources and for approval. */
const waitMs = 600_000;

/** Nominal times that are told ahead where only our calendars can compute them (Tết, working days, 15→14 months). */
const toldAhead = 40;
const aheadMs = 400 * 86_400_000;

/** Spreads starts, well within the ledger's grace. */
const jitter = '5 seconds';

/** How late the server still wakes a time by itself. What it misses, the ledger finds, and decides by its own catch-up. */
const catchupWindow = '10 minutes';

/** What a schedule's home hands to its Temporal Schedule. It only wakes the run: the slot ledger decides what is due. */
export function wantedSchedule(
  host: HostSettings,
  schedule: KeptSchedule,
  note: string,
  calendars: SlotCalendars,
  now: Date,
): WantedSchedule {
  const spec = specOf(schedule, calendars, now);
  const paused = schedule.status === 'paused';
  const sha256 = createHash('sha256')
    .update(canonicalJson(asJson({ host, spec, paused, note, jitter, catchupWindow, waitMs })))
    .digest('hex');
  const id = scheduleId(host, schedule.name);
  const options: ScheduleOptions = {
    scheduleId: id,
    spec,
    action: {
      type: 'startWorkflow',
      workflowType: 'runSchedule',
      workflowId: `${host.prefix}/runSchedule/${schedule.name}`,
      taskQueue: queueName(host.prefix, 'workflows'),
      args: [{ host, input: { schedule: schedule.name, waitMs } }],
    },
    policies: { overlap: 'SKIP', catchupWindow },
    state: { paused, note },
    memo: { sha256 },
  };
  return { id, sha256, options };
}

/** Name of a schedule on the server. */
export function scheduleId({ prefix }: HostSettings, name: string): string {
  return `${prefix}/schedule/${name}`;
}

const weekdays = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
] as const;

const months = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const;

function specOf({ calendar }: KeptSchedule, calendars: SlotCalendars, now: Date): ScheduleSpec {
  const timezone = calendars.zone ?? 'Asia/Ho_Chi_Minh';
  switch (calendar.kind) {
    case 'daily':
      return { calendars: [timeOf(calendar.at)], timezone, jitter };
    case 'weekly': {
      const dayOfWeek = weekdays[calendar.weekday - 1] ?? 'MONDAY';
      return { calendars: [{ ...timeOf(calendar.at), dayOfWeek }], timezone, jitter };
    }
    case 'monthly':
    case 'last-working-day':
    case 'after-period':
    case 'cron': {
      const until = new Date(now.getTime() + aheadMs);
      const slots = slotsBetween(calendar, now, until, calendars).slice(0, toldAhead);
      return { calendars: slots.map(({ at }) => instantSpec(at)), timezone: 'UTC', jitter };
    }
    default:
      return assertNever(calendar);
  }
}

function timeOf(at: string): { readonly hour: number; readonly minute: number } {
  const [hour = '0', minute = '0'] = at.split(':');
  return { hour: Number(hour), minute: Number(minute) };
}

function instantSpec(at: Date) {
  return {
    year: at.getUTCFullYear(),
    month: months[at.getUTCMonth()] ?? 'JANUARY',
    dayOfMonth: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
  };
}
