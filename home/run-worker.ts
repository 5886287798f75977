import path from 'node:path';
import type { ExitCode, WorkerOptions } from '../cli/environment.ts';
import { openKeyFile } from '../control/key-file.ts';
import { openSecrets } from '../control/secrets.ts';
import { openControlStore, type HomeStore } from '../control/store.ts';
import { systemClock } from '../core/clock.ts';
import {
  readConfiguration,
  type Configuration,
  type EnvironmentVariables,
} from '../core/configuration.ts';
import { PhusaError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { EditionStore } from '../reports/edition-store.ts';
import { temporalConfiguration } from '../temporal.config.ts';
import { openLandingStore } from '../warehouse/landing/directory-store.ts';
import type { Warehouse } from '../warehouse/port.ts';
import { createIngestActivities } from '../workflows/activities/ingest-activities.ts';
import type { ActivityFactory } from '../workflows/embedded/host.ts';
import type { Activities } from '../workflows/pipelines.ts';
import { ownersQueues, workerQueues, type WorkerQueue } from '../workflows/temporal/task-queues.ts';
import { deliverIssued } from './home-activities.ts';
import { homeProfile } from './home-profile-state.ts';
import { requireHome } from './home-directory.ts';
import { ingestDependencies } from './ingest-effects.ts';
import { createLog } from './log.ts';
import { openTemporal } from './temporal-host.ts';

/**
 * `phusa worker`: serves task queues of a home that another process owns, until cancelled. Reading and delivery need the
 * control store in PostgreSQL and the home's directory shared; workflows need neither warehouse nor directory. Throws
 * fatal `worker-queue-unknown`, `worker-queue-owned`, `worker-needs-server`, `worker-needs-database`.
 */
export async function runWorker(
  { queues }: WorkerOptions,
  environment: EnvironmentVariables,
  cancelled: AbortSignal,
): Promise<ExitCode> {
  const configuration = readConfiguration(environment);
  const served = queues.map(queueNamed);
  requirePlaces(configuration, served);
  const directory = path.resolve(configuration.home);
  requireHome(directory);
  const log = createLog('info');
  const store = await openSharedStore(configuration);
  try {
    const key = openKeyFile(configuration.keyFile ?? path.join(directory, 'home.key'), {
      create: false,
    });
    const secrets = openSecrets(store, key);
    const activities = await remoteActivities({ configuration, directory, store, log, secrets });
    const variables = configuration.temporal;
    const host = await openTemporal({ store, key, log, activities, variables, queues: served });
    log.info('worker-started', { queues: served.join(',') });
    await Promise.race([untilAborted(cancelled), host.workers.ended]);
    await host.close();
    return 0;
  } finally {
    await store.close();
  }
}

function queueNamed(name: string): WorkerQueue {
  const queue = workerQueues.find((known) => known === name);
  if (queue === undefined)
    throw refusal('worker-queue-unknown', {
      vi: `Không có hàng đợi “${name}”. Có: ${workerQueues.join(', ')}.`,
      en: `There is no queue “${name}”. There are: ${workerQueues.join(', ')}.`,
    });
  return queue;
}

function requirePlaces(configuration: Configuration, queues: readonly WorkerQueue[]): void {
  const owned = queues.filter((queue) => ownersQueues.includes(queue));
  if (owned.length > 0)
    throw refusal('worker-queue-owned', {
      vi: `Kho DuckDB chỉ một tiến trình được mở: hàng đợi ${owned.join(', ')} do “phusa start” của kho phục vụ.`,
      en: `One process owns a DuckDB home: ${owned.join(', ')} is served by the home’s own “phusa start”.`,
    });
  if (!temporalConfiguration(configuration.temporal).server)
    throw refusal('worker-needs-server', {
      vi: 'Đặt TEMPORAL_ADDRESS: tiến trình này phải biết máy chủ Temporal của kho.',
      en: 'Set TEMPORAL_ADDRESS: this process has to know the home’s Temporal server.',
    });
  if (configuration.databaseUrl === undefined)
    throw refusal('worker-needs-database', {
      vi: 'Đặt DATABASE_URL: kho điều khiển SQLite chỉ một tiến trình được mở; nhiều tiến trình cần PostgreSQL.',
      en: 'Set DATABASE_URL: a SQLite control store has one owner; several processes need PostgreSQL.',
    });
}

function refusal(code: string, message: { readonly vi: string; readonly en: string }): PhusaError {
  return new PhusaError({ group: 'fatal', code, message });
}

/** Without an anchor: the process that owns the home keeps it. */
async function openSharedStore({ databaseUrl }: Configuration): Promise<HomeStore> {
  const url = databaseUrl ?? '';
  return await openControlStore({ database: { kind: 'postgres', url }, clock: systemClock });
}

/** The activities of queues that need no warehouse. Others are never asked of this process. */
async function remoteActivities(parts: {
  readonly configuration: Configuration;
  readonly directory: string;
  readonly store: HomeStore;
  readonly log: Logger;
  readonly secrets: ReturnType<typeof openSecrets>;
}): Promise<ActivityFactory> {
  const { configuration, directory, store, log, secrets } = parts;
  const clock = systemClock;
  const landing = await openLandingStore({ root: path.join(directory, 'landing'), clock });
  const { chunk } = temporalConfiguration(configuration.temporal);
  const warehouse = elsewhere();
  const ingest = ingestDependencies({
    store,
    warehouse,
    landing,
    secrets,
    clock,
    log,
    directory,
  });
  const editions = new EditionStore(path.join(directory, 'editions'));
  const profile = () => homeProfile(store);
  const deliverEdition: Activities['deliverEdition'] = ({ edition }) =>
    deliverIssued(configuration, { store, clock, editions, profile }, edition);
  return ({ progress, ...run }) => ({
    ...(warehouse satisfies Activities),
    ...createIngestActivities({ ...ingest, ...run }, progress, chunk),
    deliverEdition,
  });
}

/** Stands for what only the owner of the home has; asking it anything is a mistake of ours. */
function elsewhere(): Warehouse & Activities {
  return new Proxy({} as Warehouse & Activities, {
    get: (_target, name) => {
      throw new TypeError(`${String(name)} belongs to the process that owns the home`);
    },
  });
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}
