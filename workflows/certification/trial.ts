import type { Connector, ReadBatch } from '../../connectors/port.ts';
import type { ControlStore } from '../../control/port.ts';
import { asJson } from '../../core/json-member.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Logger } from '../../core/logger.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import type { LandingStore } from '../../warehouse/landing/port.ts';
import type { Warehouse } from '../../warehouse/port.ts';
import { createIngestActivities, runResult } from '../activities/ingest-activities.ts';
import type { IngestDependencies, SourceState } from '../activities/ingest-dependencies.ts';
import { embeddedContext } from '../embedded/host.ts';
import { ingestSource } from '../ingest-source.ts';
import type { RunResult } from '../run-result.ts';

/** A home that is there for one trial only; closing it leaves nothing. */
export interface ScratchHome {
  readonly store: ControlStore;
  readonly warehouse: Warehouse;
  readonly landing: LandingStore;
  /** Everything it wrote lies under this. */
  readonly directory: string;
  close(): Promise<void>;
}

/** How one reading of a trial differs from a plain one. */
export interface Reading {
  readonly full?: boolean;
  /** Ends with this batch. */
  readonly until?: string | undefined;
  /** Ends after so many batches. */
  readonly most?: number;
  /** Looks at what a batch was decoded to. */
  readonly decoded?: (session: DecodeSession) => Promise<void>;
  /** Changes it: the rows that the source declared are not counted then. */
  readonly changed?: (session: DecodeSession) => Promise<void>;
}

/** What one reading came to. */
export interface Read {
  readonly result: RunResult;
  readonly keys: readonly string[];
  readonly cursors: readonly Json[];
  /** Whether more batches would have followed. */
  readonly cut: boolean;
}

/** A source in a home of its own, read by the same pipeline as in the real one. */
export interface Trial {
  read(reading?: Reading): Promise<Read>;
  /** Multiset hash of each stream. */
  hashes(): Promise<Readonly<Record<string, string>>>;
  rows(sql: string): Promise<readonly (readonly (string | boolean | null)[])[]>;
  readonly home: ScratchHome;
  /** Secrets that the source was given. */
  readonly secrets: ReadonlySet<string>;
  /** Log lines and errors, as text. */
  readonly said: readonly string[];
  close(): Promise<void>;
}

/** Opens a trial of a source. The clock stands still, so that two readings ask for the same windows. */
export async function openTrial(
  deps: IngestDependencies & { scratchHome(): Promise<ScratchHome> },
  source: SourceState,
): Promise<Trial> {
  const home = await deps.scratchHome();
  const secrets = new Set<string>();
  const said: string[] = [];
  const now = deps.clock.now();
  const own: IngestDependencies = {
    ...deps,
    store: home.store,
    warehouse: home.warehouse,
    landing: home.landing,
    secret: async (name, secret) => {
      const value = await deps.secret(name, secret);
      secrets.add(value);
      return value;
    },
    exclusive: (work) => work(),
    clock: { now: () => now },
    log: remembering(said),
  };
  const contracts = source.connector.streams(source.config);
  let version = 0;
  return {
    home,
    secrets,
    said,
    read: async (reading = {}) => {
      version += 1;
      await register(home.store, source, version);
      return await readOnce(own, source, reading, said);
    },
    hashes: async () => {
      const hashes: Record<string, string> = {};
      for (const { layer, stream } of contracts)
        hashes[stream] = await home.warehouse.contentHash(`${layer}.${stream}`);
      return hashes;
    },
    rows: async (sql) => (await home.warehouse.select(sql)).rows,
    close: () => home.close(),
  };
}

/** A new version with every reading: bytes that were read before are decoded again, not taken for equal. */
async function register(store: ControlStore, source: SourceState, version: number): Promise<void> {
  const { connector, config, owner } = source;
  const kept = { connector: connector.name, config, owner, version, status: 'active' };
  await store.decide(async (journal) => {
    const first = (await journal.get('source', source.name)) === undefined;
    await journal.record({
      kind: 'source.tried',
      subject: source.name,
      actor: 'system',
      data: { ...kept, ...(first ? { cursor: null } : {}) },
    });
  });
}

async function readOnce(
  deps: IngestDependencies,
  source: SourceState,
  reading: Reading,
  said: string[],
): Promise<Read> {
  await deps.warehouse.prepare(source.connector.streams(source.config));
  const seen: ReadBatch[] = [];
  const state = { cut: false };
  const connector = watched(source.connector, reading, seen, state);
  const activities = createIngestActivities({ ...deps, connector: () => connector });
  const context = embeddedContext(activities, { ...deps, progress: () => undefined });
  const input = { source: source.name, actor: 'system', full: reading.full === true };
  const { run } = await ingestSource(context, input);
  const result = await runResult(deps.store, run);
  const row = await deps.store.get('run', run);
  said.push(JSON.stringify([row?.data ?? null, asJson(result)]));
  const keys = seen.map(({ key }) => key);
  return { result, keys, cursors: seen.map(({ cursor }) => cursor), cut: state.cut };
}

/** The connector as it is, without checks against what is published, watched while it reads and decodes. */
function watched(
  connector: Connector,
  { until, most, decoded, changed }: Reading,
  seen: ReadBatch[],
  state: { cut: boolean },
): Connector {
  const alone = { ...connector };
  delete alone.decodesTogether;
  return {
    ...alone,
    checks: [],
    async *read(context, request) {
      for await (const batch of connector.read(context, request)) {
        if (state.cut) return;
        if (most !== undefined && seen.length >= most) {
          state.cut = true;
          return;
        }
        seen.push(batch);
        yield changed ? undeclared(batch) : batch;
        if (batch.key === until) {
          state.cut = true;
          return;
        }
      }
    },
    decode: async (session, config) => {
      await connector.decode(session, config);
      await decoded?.(session);
      await changed?.(session);
    },
  };
}

function undeclared(batch: ReadBatch): ReadBatch {
  const { proof, covers } = batch.completeness;
  return { ...batch, completeness: { proof, ...(covers ? { covers } : {}) } };
}

function remembering(said: string[]): Logger {
  const keep = (event: string, facts?: JsonObject): void => {
    said.push(JSON.stringify([event, facts ?? {}]));
  };
  return { debug: keep, info: keep, warn: keep, error: keep };
}
