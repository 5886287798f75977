import { openPasswords } from '../control/passwords.ts';
import type { HomeStore } from '../control/store.ts';
import { openUsers, type Users } from '../control/users.ts';
import type { Configuration } from '../core/configuration.ts';
import type { HomeProfile } from '../core/home-profile.ts';
import type { PeriodCalendar } from '../core/period-calendar.ts';
import type { Progress } from '../core/progress.ts';
import { expireExtracts } from '../services/extract-services.ts';
import { resumeExtracts } from '../services/resume-extracts.ts';
import { createDueRuns, type DueRuns } from '../services/due-runs.ts';
import type { ScheduleDependencies } from '../services/schedule-work.ts';
import type { Services } from '../services/port.ts';
import { settleHome, type SettleReport } from '../workflows/activities/settle-home.ts';
import type { ChunkLimits } from '../workflows/activities/read-chunk.ts';
import { embeddedRunner, type ActivityFactory } from '../workflows/embedded/host.ts';
import { runMetrics } from '../workflows/run-metrics.ts';
import type { Runner } from '../workflows/runner.ts';
import type { IngestDependencies } from '../workflows/activities/ingest-dependencies.ts';
import { openFoundations, type Foundations, type OpenOptions } from './foundations.ts';
import { recordProfile } from './home-profile-state.ts';
import { ingestDependencies } from './ingest-effects.ts';
import { systemCall } from './system-call.ts';
import { alertWatchOf, homeParts, tellOwnersOf, wireServices } from './wire-services.ts';

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
  /** Starts what is due: schedules, expiries, notices. Does not wait for what schedules run. */
  tick(): Promise<void>;
  /** When nothing that schedules started runs any more. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a home: where the warehouse is a file, for this process alone. Settles every unsettled batch, unless another
 * process works on the home, and makes every approved extract before it returns. Throws fatal `home-missing`,
 * `home-in-use`.
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
  const durable = base.configuration.runner === 'temporal';
  const settled = await settleAlone(base, ingest, options.progress, durable);
  const users = openUsers(base.store, openPasswords());
  const metrics = runMetrics(base.configuration.runner);
  const parts = homeParts(base, ingest, await chunkOf(base.configuration));
  await resumeExtracts(parts.extracts, systemCall({ progress: options.progress }), options.log);
  const activities = metrics.activities(parts.activities);
  const host = durable ? await openDurable(base, activities) : openEmbedded(base, activities);
  const runner = metrics.runner(host.runner);
  const { services, schedules, extracts } = wireServices(base, parts, runner, users, metrics);
  const due = host.due(schedules);
  const watch = alertWatchOf(base);
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
      await due.look();
      await expireExtracts(extracts);
      await tellOwnersOf(base, parts.ingest);
      await watch();
    },
    idle: async () => {
      await due.idle();
    },
    close: async () => {
      await due.stop();
      await host.close();
      await closeBase(base);
    },
  };
}

/** What stands unsettled beside another process may be that one's work: then it is left to it. */
async function settleAlone(
  { warehouse }: Foundations,
  ingest: IngestDependencies,
  progress: Progress,
  durable: boolean,
): Promise<SettleReport> {
  const settled = await warehouse.whenAlone(() => settleHome(ingest, progress, durable));
  return settled ?? { settled: 0, reapplied: 0, abandoned: 0 };
}

/** What runs a home's pipelines and its schedules. */
interface HomeHost {
  readonly runner: Runner;
  due(schedules: ScheduleDependencies): DueRuns;
  close(): Promise<void>;
}

function openEmbedded({ clock }: Foundations, activities: ActivityFactory): HomeHost {
  return {
    runner: embeddedRunner(activities, clock),
    due: createDueRuns,
    close: () => Promise.resolve(),
  };
}

/** Loaded only where a home asks for it: the SDK is large. */
async function openDurable(base: Foundations, activities: ActivityFactory): Promise<HomeHost> {
  const { openDurableHost } = await import('./durable-host.ts');
  return await openDurableHost(base, activities);
}

async function chunkOf({ runner, temporal }: Configuration): Promise<ChunkLimits | undefined> {
  if (runner === 'embedded') return undefined;
  const { temporalConfiguration } = await import('../temporal.config.ts');
  return temporalConfiguration(temporal).chunk;
}

async function closeBase({ warehouse, store }: Foundations): Promise<void> {
  await warehouse.close();
  await store.close();
}
