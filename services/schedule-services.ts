import type { StateRow } from '../control/port.ts';
import { PhusaError } from '../core/errors.ts';
import { asJson } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import { slotsBetween } from '../core/slot-calendar.ts';
import type { Call, ScheduleServices } from './port.ts';
import { notFound } from './batch-services.ts';
import type { ScheduleDependencies } from './schedule-work.ts';
import { scheduleOf, scheduleSchema, type Schedule } from '../workflows/schedule.ts';

/** Schedules: data, pause with reason, and why each nominal time ran or did not. */
export function createScheduleServices(deps: ScheduleDependencies): ScheduleServices {
  return {
    list: async () => {
      const page = await deps.store.list('schedule', { order: 'oldest', limit: 1000 });
      return page.rows.filter(({ status }) => status !== 'removed').map((row) => view(deps, row));
    },
    add: async (call, schedule) => await add(deps, call, parse(schedule)),
    run: (call, name) => runNow(deps, call, name),
    pause: (call, name, reason) => change(deps, call, name, 'paused', { reason }),
    resume: (call, name) =>
      change(deps, call, name, 'active', { since: deps.clock.now().toISOString() }),
    why: async (_call, name) => {
      await find(deps, name);
      const page = await deps.store.list('slot', { where: { schedule: name }, limit: 200 });
      return {
        slots: page.rows.map((row) => ({
          id: row.id,
          status: row.status,
          ...row.data,
          at: row.updatedAt,
        })),
      };
    },
  };
}

function parse(input: JsonObject): Schedule {
  const parsed = scheduleSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .map(({ path, message }) => `${path.join('.')}: ${message}`)
    .join('; ');
  throw new PhusaError({
    group: 'fatal',
    code: 'schedule-invalid',
    message: { vi: `Lịch chưa đúng: ${problems}`, en: `The schedule is not right: ${problems}` },
  });
}

async function add(
  deps: ScheduleDependencies,
  call: Call,
  schedule: Schedule,
): Promise<JsonObject> {
  await recordSchedule(deps, schedule, call.person.actor);
  return view(deps, await find(deps, schedule.name));
}

/** Journals a schedule as active from now on. */
export async function recordSchedule(
  deps: Pick<ScheduleDependencies, 'store' | 'clock'>,
  schedule: Schedule,
  actor: string,
): Promise<void> {
  const data = {
    status: 'active',
    since: deps.clock.now().toISOString(),
    schedule: asJson(schedule),
  };
  await deps.store.decide((journal) =>
    journal.record({ kind: 'schedule.added', subject: schedule.name, actor, data }),
  );
}

/** Who runs a schedule by hand waits for nobody. */
const noPatience = new Date(0).toISOString();

async function runNow(deps: ScheduleDependencies, call: Call, name: string): Promise<JsonObject> {
  const schedule = scheduleOf(await find(deps, name));
  const now = deps.clock.now();
  const month = 31 * 86_400_000;
  const last = slotsBetween(
    schedule.calendar,
    new Date(now.getTime() - 13 * month),
    now,
    deps.calendars,
  ).at(-1);
  const { target } = schedule;
  const result =
    target.kind === 'ingest'
      ? await deps.work.ingest(target.source, call.signal)
      : await deps.work.report(target.report, last?.period ?? '', noPatience, call.signal);
  await deps.store.decide((journal) =>
    journal.record({
      kind: 'schedule.run-by-hand',
      subject: name,
      actor: call.person.actor,
      data: { lastByHand: { at: now.toISOString(), result: result ?? null } },
    }),
  );
  return { schedule: name, result: result ?? null };
}

async function change(
  deps: ScheduleDependencies,
  call: Call,
  name: string,
  status: string,
  data: JsonObject,
): Promise<JsonObject> {
  await find(deps, name);
  await deps.store.decide((journal) =>
    journal.record({
      kind: `schedule.${status}`,
      subject: name,
      actor: call.person.actor,
      data: { ...data, status },
    }),
  );
  return view(deps, await find(deps, name));
}

async function find(deps: ScheduleDependencies, name: string): Promise<StateRow> {
  const row = await deps.store.get('schedule', name);
  if (!row || row.status === 'removed') throw notFound('lịch', 'schedule', name);
  return row;
}

/** Far enough ahead that even a yearly schedule has a next time. */
const aheadMs = 400 * 86_400_000;

function view(deps: ScheduleDependencies, row: StateRow): JsonObject {
  const { since, ...schedule } = scheduleOf(row);
  const now = deps.clock.now();
  const [next] = slotsBetween(
    schedule.calendar,
    now,
    new Date(now.getTime() + aheadMs),
    deps.calendars,
  );
  return {
    ...asJson(schedule),
    since: since.toISOString(),
    next: next ? { at: next.at.toISOString(), period: next.period } : null,
  };
}
