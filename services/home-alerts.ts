import { allRows } from '../control/every-row.ts';
import type { ControlStore, StateRow } from '../control/port.ts';
import { isUnderWay } from '../control/slots.ts';
import { VIETNAM_ZONE } from '../core/calendar-zone.ts';
import type { Clock } from '../core/clock.ts';
import { objectMember, optionalText, textList, textMember } from '../core/json-member.ts';
import type { Localized } from '../core/localized.ts';
import { slotsBetween, type SlotCalendars } from '../core/slot-calendar.ts';
import { scheduleOf } from '../workflows/schedule.ts';

/** What looking for trouble works with. */
export interface AlertDependencies {
  readonly store: ControlStore;
  readonly clock: Clock;
  readonly calendars: SlotCalendars;
}

/** Something that stands still although it should not. */
export interface Alert {
  /** `silent`: a schedule whose times pass without a run (D33). `failing`: a source whose last runs all failed (D28). */
  readonly kind: 'silent' | 'failing';
  /** Name of the schedule or source. */
  readonly subject: string;
  readonly message: Localized;
  /** Who owns it and asked to be told. */
  readonly owners: readonly string[];
}

/** Nominal times that may pass without a run before a schedule counts as silent. */
const silentTimes = 2;

/** Runs that fail one after the other before a source counts as failing. */
const failedRuns = 3;

/** A run that is under way may still end well. */
const graceMs = 3 * 60_000;

/** All that stands still now. Removed and paused things are left out: somebody wanted them so. */
export async function homeAlerts(deps: AlertDependencies): Promise<readonly Alert[]> {
  const schedules = await allRows(deps.store, 'schedule', { status: ['active'], order: 'oldest' });
  const sources = await allRows(deps.store, 'source', { status: ['active'], order: 'oldest' });
  const found = [
    ...(await Promise.all(schedules.map((row) => silence(deps, row)))),
    ...(await Promise.all(sources.map((row) => failing(deps, row)))),
  ];
  return found.filter((alert) => alert !== undefined);
}

async function silence(
  { store, clock, calendars }: AlertDependencies,
  row: StateRow,
): Promise<Alert | undefined> {
  const { name, since, calendar, patienceHours, target } = scheduleOf(row);
  const ran = await store.list('slot', { where: { schedule: name }, status: ['ran'], limit: 1 });
  const [last] = ran.rows.map(({ data }) => new Date(textMember(data, 'nominal')));
  const from = last !== undefined && last > since ? last : since;
  const patienceMs = target.kind === 'report' ? patienceHours * 3_600_000 : 0;
  const until = new Date(clock.now().getTime() - graceMs - patienceMs);
  if (until <= from || (await isUnderWay(store, name))) return undefined;
  const passed = slotsBetween(calendar, from, until, calendars).length;
  if (passed < silentTimes) return undefined;
  const [vi, en] = last
    ? [`lần cuối ${timeOf(last)}`, `last at ${last.toISOString()}`]
    : ['chưa lần nào', 'never'];
  return {
    kind: 'silent',
    subject: name,
    message: {
      vi: `Lịch “${name}” đã qua ${passed} kỳ mà không chạy thành công (${vi}). Xem: phusa schedule why ${name}`,
      en: `Schedule “${name}” has passed ${passed} times without a run that succeeded (${en}). See: phusa schedule why ${name}`,
    },
    owners: [],
  };
}

async function failing({ store }: AlertDependencies, row: StateRow): Promise<Alert | undefined> {
  const { rows } = await store.list('run', { where: { source: row.id }, limit: failedRuns });
  const failed = rows.filter(({ status }) => status === 'failed');
  const [latest] = failed;
  if (latest === undefined || failed.length < failedRuns) return undefined;
  const code = optionalText(objectMember(latest.data, 'failure'), 'code') ?? '';
  return {
    kind: 'failing',
    subject: row.id,
    message: {
      vi: `Nguồn “${row.id}”: ${failedRuns} lượt nạp gần nhất đều không thành (${code}). Xem: phusa source show ${row.id}`,
      en: `Source “${row.id}”: its last ${failedRuns} runs all failed (${code}). See: phusa source show ${row.id}`,
    },
    owners: textList(row.data, 'notify'),
  };
}

function timeOf(at: Date): string {
  return at.toLocaleString('vi-VN', { timeZone: VIETNAM_ZONE, hour12: false });
}
