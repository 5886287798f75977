import { openPasswords } from '../control/passwords.ts';
import type { HomeStore } from '../control/store.ts';
import { openUsers, type Users } from '../control/users.ts';
import type { Configuration } from '../core/configuration.ts';
import type { HomeProfile } from '../core/home-profile.ts';
import type { PeriodCalendar } from '../core/period-calendar.ts';
import { expireExtracts } from '../services/extract-services.ts';
import { resumeExtracts } from '../services/resume-extracts.ts';
import { runDueSchedules } from '../services/run-schedules.ts';
import type { Services } from '../services/port.ts';
import { settleHome, type SettleReport } from '../workflows/activities/settle-home.ts';
import { embeddedRunner } from '../workflows/embedded/host.ts';
import { openFoundations, type Foundations, type OpenOptions } from './foundations.ts';
import { recordProfile } from './home-profile-state.ts';
import { ingestDependencies } from './ingest-effects.ts';
import { systemCall } from './system-call.ts';
import { homeParts, wireServices } from './wire-services.ts';

/** A home that this process owns, with everything wired. */
export interface Home {
  readonly directory: string;
  readonly services: Services;
  readonly users: Users;
  readonly store: HomeStore;
  readonly settled: SettleReport;
  readonly periods: PeriodCalendar;
  readonly profile: () => Promise<HomeProfile>;
  configure(profile: HomeProfile): Promise<void>;
  /** Runs what is due: schedules, expiries. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a home exclusively: the warehouse's file lock decides between processes. Settles every unsettled batch and
 * makes every approved extract before it returns. Throws fatal `home-missing`, `home-in-use`.
 */
export async function openHome(configuration: Configuration, options: OpenOptions): Promise<Home> {
  const base = await openFoundations(configuration, options);
  try {
    return await openOver(base, options);
  } catch (error) {
    await closeBase(base);
    throw error;
  }
}

async function openOver(base: Foundations, options: OpenOptions): Promise<Home> {
  const ingest = ingestDependencies(base);
  const settled = await settleHome(ingest, options.progress);
  const users = openUsers(base.store, openPasswords());
  const parts = homeParts(base, ingest);
  await resumeExtracts(parts.extracts, systemCall({ progress: options.progress }), options.log);
  const runner = embeddedRunner(parts.activities, base.clock);
  const { services, schedules, extracts } = wireServices(base, parts, runner, users);
  return {
    directory: base.directory,
    services,
    users,
    store: base.store,
    settled,
    periods: base.calendars.periods,
    profile: base.profile,
    configure: (next) => recordProfile(base.store, next),
    tick: async () => {
      await runDueSchedules(schedules);
      await expireExtracts(extracts);
    },
    close: () => closeBase(base),
  };
}

async function closeBase({ warehouse, store }: Foundations): Promise<void> {
  await warehouse.close();
  await store.close();
}
