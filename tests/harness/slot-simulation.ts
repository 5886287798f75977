import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allRows } from '../../control/every-row.ts';
import { openControlStore } from '../../control/store.ts';
import { asJson } from '../../core/json-member.ts';
import { silentLogger } from '../../core/logger.ts';
import { slotsBetween, type SlotCalendars } from '../../core/slot-calendar.ts';
import { loadCalendars } from '../../home/load-calendars.ts';
import { createDueRuns } from '../../services/due-runs.ts';
import type { ScheduleDependencies } from '../../services/schedule-work.ts';
import { loadDimensions } from '../../transforms/catalog/load-dimensions.ts';
import { scheduleSchema, type Schedule } from '../../workflows/schedule.ts';
import { seededRandom } from '../kill/seeded-random.ts';

/** How long and how wide a simulation is. */
export interface SimulationSize {
  readonly days: number;
  readonly schedules: number;
  readonly seed: number;
}

/** What the ledger came to, against what our calendars say. */
export interface SimulationResult {
  readonly nominal: number;
  readonly missed: readonly string[];
  readonly unexpected: readonly string[];
  /** Nominal times claimed or skipped more than once, by the journal's own entries. */
  readonly doubled: readonly string[];
  readonly restarts: number;
  readonly jumps: number;
  readonly byStatus: Readonly<Record<string, number>>;
}

const day = 86_400_000;
const begin = Date.parse('2026-01-01T00:00:00+07:00');
const dimensions = fileURLToPath(new URL('../../transforms/catalog/dimensions', import.meta.url));
const calendars: SlotCalendars = await loadCalendars(await loadDimensions(dimensions));

/**
 * Lets schedules live under a clock that stands still, leaps, and runs backwards, in a process that dies in the middle of
 * its work; the ledger must have each nominal time once.
 */
export async function simulateSlots(size: SimulationSize): Promise<SimulationResult> {
  const random = seededRandom(size.seed);
  const directory = mkdtempSync(join(tmpdir(), 'phusa-slots-'));
  let now = begin;
  const clock = { now: () => new Date(now) };
  const store = await openControlStore({
    database: { kind: 'sqlite', path: join(directory, 'control.db') },
    clock,
    anchorPath: join(directory, 'journal.anchor'),
  });
  const schedules = Array.from({ length: size.schedules }, (_, at) => scheduleAt(at));
  for (const schedule of schedules) await add(store, schedule);
  let dead = false;
  let restarts = 0;
  let jumps = 0;
  const dying: ScheduleDependencies['store'] = Object.create(store, {
    decide: {
      value: async (decision: Parameters<typeof store.decide>[0]) => {
        if (dead) throw new Error('the process is gone');
        return await store.decide(decision);
      },
    },
  }) as typeof store;
  const perform = (): Promise<string> => {
    if (random() < 0.01) dead = true;
    return Promise.resolve('run');
  };
  const deps: ScheduleDependencies = {
    store: dying,
    clock,
    log: silentLogger,
    calendars,
    work: {
      ingest: perform,
      // One in three reports goes on waiting: its slot stays open, and the next ones overlap it.
      report: async () => (random() < 0.33 ? undefined : await perform()),
    },
  };
  const end = begin + size.days * day;
  while (now < end + 2 * day) {
    const chance = random();
    if (chance < 0.03) {
      now += (random() < 0.5 ? 2 : -2) * 3_600_000;
      jumps += 1;
    } else now += Math.round(chance < 0.1 ? 30 * 3_600_000 * random() : 3 * 3_600_000 * random());
    await tick(deps);
    restarts += Number(dead);
    dead = false;
  }
  const last = now;
  now = last + 60_000;
  deps.work.report = perform;
  for (let settle = 0; settle < 20; settle += 1) {
    dead = false;
    await tick(deps);
  }
  try {
    return { ...(await judge(store, schedules, new Date(now))), restarts, jumps };
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A process that lives for one tick. */
async function tick(deps: ScheduleDependencies): Promise<void> {
  const due = createDueRuns(deps);
  await due.look();
  await due.idle();
}

type Store = Awaited<ReturnType<typeof openControlStore>>;

async function judge(store: Store, schedules: readonly Schedule[], until: Date) {
  const wanted = new Set(
    schedules.flatMap(({ name, calendar }) =>
      slotsBetween(calendar, new Date(begin), until, calendars).map(
        ({ at }) => `${name}@${at.toISOString()}`,
      ),
    ),
  );
  const rows = await allRows(store, 'slot', {});
  const found = new Set(rows.map(({ id }) => id));
  const begun = new Map<string, number>();
  for await (const { subject } of store.journal({ kinds: ['slot.claimed', 'slot.skipped'] }))
    begun.set(subject, (begun.get(subject) ?? 0) + 1);
  const byStatus: Record<string, number> = {};
  for (const { status } of rows) byStatus[status] = (byStatus[status] ?? 0) + 1;
  return {
    nominal: wanted.size,
    missed: [...wanted].filter((id) => !found.has(id)),
    unexpected: [...found].filter((id) => !wanted.has(id)),
    doubled: [...begun].filter(([, times]) => times !== 1).map(([id]) => id),
    byStatus,
  };
}

async function add(store: Store, schedule: Schedule): Promise<void> {
  const data = {
    status: 'active',
    since: new Date(begin).toISOString(),
    schedule: asJson(schedule),
  };
  await store.decide((journal) =>
    journal.record({ kind: 'schedule.added', subject: schedule.name, actor: 'local', data }),
  );
}

/** Every kind of calendar, catch-up and overlap in turn. */
function scheduleAt(at: number): Schedule {
  const time = `${String(at % 24).padStart(2, '0')}:${String((at * 7) % 60).padStart(2, '0')}`;
  const kinds = [
    { kind: 'daily', at: time },
    { kind: 'weekly', weekday: (at % 7) + 1, at: time },
    { kind: 'monthly', day: (at % 31) + 1, at: time },
    { kind: 'last-working-day', at: time },
    { kind: 'after-period', period: 'month@nd09', workingDays: at % 10, at: time },
    { kind: 'cron', text: `${(at * 7) % 60} */6 * * *` },
    { kind: 'daily', at: time },
  ];
  return scheduleSchema.parse({
    name: `s-${at}`,
    target:
      at % 3 === 0 ? { kind: 'report', report: 'dich' } : { kind: 'ingest', source: `nguon-${at}` },
    calendar: kinds[at % kinds.length],
    catchUp: (['latest', 'all', 'none'] as const)[at % 3],
    overlap: (['skip', 'queue'] as const)[at % 2],
  });
}
