import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findConnector } from '../connectors/registry.ts';
import type { Secrets } from '../control/secrets.ts';
import type { HomeStore } from '../control/store.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { fileLimits } from '../net/file-transport.ts';
import type { HttpLimits } from '../net/http-client.ts';
import { fileHolds } from '../net/origin-holds.ts';
import { lateClient } from '../net/late-client.ts';
import { sourceFiles } from '../net/source-files.ts';
import { notFound } from '../services/batch-services.ts';
import type { LandingStore } from '../warehouse/landing/port.ts';
import type { Warehouse } from '../warehouse/port.ts';
import type { IngestDependencies } from '../workflows/activities/ingest-dependencies.ts';

/** Generous for a city's sources; none can hold a run for ever. */
const httpLimits: Omit<HttpLimits, 'allowed'> = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 60_000,
  idleTimeoutMs: 60_000,
  totalTimeoutMs: 600_000,
  maxBytes: 1_000_000_000,
  maxRequests: 100_000,
  retries: 4,
  retryBudget: 100,
  maxRetryAfterMs: 120_000,
};

/** Binds what ingesting needs to real effects. */
export function ingestDependencies(deps: {
  readonly store: HomeStore;
  readonly warehouse: Warehouse;
  readonly landing: LandingStore;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Logger;
  /** The home: what sources asked for (`Retry-After`) is remembered in it. */
  readonly directory: string;
}): IngestDependencies {
  const { store, warehouse, landing, secrets, clock, log } = deps;
  const holds = fileHolds(join(deps.directory, 'origin-holds.json'));
  return {
    store,
    warehouse,
    landing,
    connector: (name) => {
      const found = findConnector(name);
      if (!found) throw notFound('bộ kết nối', 'connector', name);
      return found;
    },
    http: (allowed, signal) =>
      lateClient(async () => {
        const { createHttpClient } = await import('../net/undici-client.ts');
        return createHttpClient(
          { ...httpLimits, allowed },
          {
            signal,
            sleep,
            random: Math.random,
            log,
            now: () => clock.now(),
            holds,
          },
        );
      }),
    files: (access, http) =>
      sourceFiles({
        access: { ...access, sleep, random: Math.random, log, now: () => clock.now() },
        limits: fileLimits,
        http,
        inbox: join(deps.directory, 'inbox', access.source),
      }),
    secret: (source, name) => secrets.open(source, name),
    exclusive: oneAtATime(warehouse),
    clock,
    log,
    signal: new AbortController().signal,
  };
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}

/**
 * A queue of one: each piece of work begins when the one before has ended, however it ended, and when no other process
 * loads the same streams.
 */
function oneAtATime(warehouse: Warehouse): IngestDependencies['exclusive'] {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>, streams: readonly string[]): Promise<T> => {
    const alone = () => warehouse.loading(streams, work);
    const mine = last.then(alone, alone);
    last = mine.catch(() => undefined);
    return mine;
  };
}
