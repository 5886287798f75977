import { join } from 'node:path';
import type { AnyConnector } from '../connectors/registry.ts';
import { openKeyFile } from '../control/key-file.ts';
import { openSecrets } from '../control/secrets.ts';
import { openControlStore, type HomeStore } from '../control/store.ts';
import { systemClock } from '../core/clock.ts';
import type { JsonObject } from '../core/json.ts';
import { silentLogger } from '../core/logger.ts';
import { ingestDependencies } from '../home/ingest-effects.ts';
import { openWarehouse } from '../home/open-warehouse.ts';
import { openLandingStore } from '../warehouse/landing/directory-store.ts';
import { createIngestActivities } from '../workflows/activities/ingest-activities.ts';
import type { IngestDependencies } from '../workflows/activities/ingest-dependencies.ts';
import { embeddedContext } from '../workflows/embedded/host.ts';
import { ingestSource, type ChunkRead, type RunEnd } from '../workflows/ingest-source.ts';
import { timed, type Effort } from './effort.ts';

/** A source to read into a home of its own. */
export interface BenchSource {
  readonly directory: string;
  readonly connector: AnyConnector;
  readonly config: JsonObject;
  /** The last day that is read, where the source is read by time. */
  readonly to?: string;
}

const source = 'bench';
const actor = 'local';

/**
 * Reads the source with the product's own modules and settings, everything on: landing, journal, decoding, checks,
 * history, quarantine, publication in both stores. Timed from the first byte read until both stores are closed.
 */
export async function timedIngest(bench: BenchSource): Promise<Effort> {
  const { deps, close } = await openStores(bench);
  await register(deps, bench);
  return await timed(async () => {
    const context = embeddedContext(createIngestActivities(deps), {
      clock: systemClock,
      progress: () => undefined,
      signal: deps.signal,
    });
    const result = await ingestSource(context, { source, actor, full: false, ...upTo(bench) });
    await close();
    requireOk(result);
    return {};
  });
}

/** Reads and lands the source as {@link timedIngest} does, and loads nothing. */
export async function timedReading(bench: BenchSource): Promise<Effort> {
  const { deps, close } = await openStores(bench);
  await register(deps, bench);
  return await timed(async () => {
    const activities = createIngestActivities(deps);
    const input = { run: 'landing', source, actor, full: false, ...upTo(bench) };
    await activities.startRun(input);
    for (let position: ChunkRead['position']; ;) {
      const chunk = await activities.readChunk({ ...input, position });
      if (chunk.done) break;
      position = chunk.position;
    }
    await close();
    return {};
  });
}

function upTo({ to }: BenchSource): { readonly to?: string } {
  return to === undefined ? {} : { to };
}

async function openStores({ directory, connector }: BenchSource): Promise<{
  readonly deps: IngestDependencies;
  readonly close: () => Promise<void>;
}> {
  const warehouse = await openWarehouse(directory, systemClock, silentLogger);
  const store = await openStore(directory);
  const root = join(directory, 'landing');
  const landing = await openLandingStore({ root, clock: systemClock });
  const secrets = openSecrets(store, openKeyFile(join(directory, 'home.key')));
  const effects = {
    directory,
    store,
    warehouse,
    landing,
    secrets,
    clock: systemClock,
    log: silentLogger,
  };
  return {
    deps: { ...ingestDependencies(effects), connector: () => connector },
    close: async () => {
      await warehouse.close();
      await store.close();
    },
  };
}

async function openStore(directory: string): Promise<HomeStore> {
  return await openControlStore({
    database: { kind: 'sqlite', path: join(directory, 'control.db') },
    clock: systemClock,
    anchorPath: join(directory, 'journal.anchor'),
  });
}

async function register(deps: IngestDependencies, bench: BenchSource): Promise<void> {
  const { connector, config } = bench;
  await deps.warehouse.prepare(connector.streams(config));
  if (await deps.store.get('source', source)) return;
  const { name } = connector;
  await deps.store.decide((journal) =>
    journal.record({
      kind: 'source.added',
      subject: source,
      actor,
      data: { status: 'active', connector: name, config, owner: actor, version: 1, cursor: null },
    }),
  );
}

function requireOk({ run, status }: RunEnd): void {
  if (status !== 'ok') throw new Error(`ingest ${run} ended ${status}`);
}
