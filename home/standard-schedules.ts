import { systemClock } from '../core/clock.ts';
import { reports } from '../reports/registry.ts';
import { recordSchedule } from '../services/schedule-services.ts';
import { scheduleSchema } from '../workflows/schedule.ts';
import type { Home } from './open-home.ts';

/** Gives each report its own schedule, in its own calendar. Leaves what is there. */
export async function addReportSchedules(home: Home): Promise<void> {
  for (const { name, schedule } of reports) {
    await addOnce(home, {
      name: `report-${name}`,
      target: { kind: 'report', report: name },
      calendar: schedule,
    });
  }
}

/** Reads a source every night. Leaves what is there. */
export async function addSourceSchedule(home: Home, source: string): Promise<void> {
  const calendar = { kind: 'daily' as const, at: '02:00' };
  await addOnce(home, { name: `ingest-${source}`, target: { kind: 'ingest', source }, calendar });
}

async function addOnce(home: Home, schedule: NewSchedule): Promise<void> {
  if (await home.store.get('schedule', schedule.name)) return;
  await recordSchedule(
    { store: home.store, clock: systemClock },
    scheduleSchema.parse(schedule),
    'system',
  );
}

/** A schedule of ours before its defaults are filled in. */
interface NewSchedule {
  readonly name: string;
  readonly target: object;
  readonly calendar: object;
}
