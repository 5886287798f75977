import { join } from 'node:path';
import type { AllowedOrigin } from '../../core/allowed-origin.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { silentLogger, type Logger } from '../../core/logger.ts';
import { failureOf, type Failure } from '../../core/errors.ts';
import type { LoadCounts } from '../../core/load-counts.ts';
import type { Connector, ReadBatch, ReadContext, ReadRequest } from '../../connectors/port.ts';
import type { FileTransport } from '../../net/file-transport.ts';
import type { HttpClient, HttpLimits } from '../../net/http-client.ts';
import { directoryTransport } from '../../net/directory-transport.ts';
import { openLandingStore } from '../../warehouse/landing/directory-store.ts';
import type { LandingStore } from '../../warehouse/landing/port.ts';
import { openTestWarehouse, type TestWarehouse } from '../warehouse/open-test-warehouse.ts';
import { driftChecks, heldReasons, seenColumns } from '../../workflows/activities/column-drift.ts';
import { testClient } from './test-client.ts';

/** What became of one batch of a test ingest. */
export interface BatchOutcome {
  readonly key: string;
  readonly batch: string;
  readonly status: 'published' | 'held' | 'failed';
  readonly counts: Readonly<Record<string, LoadCounts>>;
  /** First violations of each finding. */
  readonly samples: readonly string[];
  /** Codes of what held or failed it, and of warnings. */
  readonly findings: readonly string[];
  readonly failure?: Failure;
}

/** One test ingest: its batches and, where reading ended early, why. */
export interface IngestOutcome {
  readonly batches: readonly BatchOutcome[];
  readonly failure?: Failure;
  readonly cursor: Json | undefined;
}

/** A landing store and a warehouse in a temporary directory, and the shortest way through both. */
export interface SourceHome {
  readonly landing: LandingStore;
  readonly landingRoot: string;
  readonly warehouse: TestWarehouse['warehouse'];
  ingest<C extends JsonObject>(
    connector: Connector<C>,
    config: unknown,
    options?: IngestOptions,
  ): Promise<IngestOutcome>;
  /** Rows of a SELECT over current tables, as text. */
  rows(sql: string): Promise<readonly (readonly (string | boolean | null)[])[]>;
  remove(): Promise<void>;
}

/** What a test ingest is given. */
export interface IngestOptions extends Partial<ReadRequest> {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly http?: HttpClient;
  readonly files?: FileTransport;
  readonly limits?: Partial<HttpLimits>;
  readonly log?: Logger;
  readonly now?: Date;
  /** Sees each batch as it is read. */
  readonly onBatch?: (batch: ReadBatch) => void;
}

let homes = 0;

/** Opens an empty home. */
export async function openSourceHome(): Promise<SourceHome> {
  const test = await openTestWarehouse();
  const landingRoot = join(test.directory, 'landing');
  const clock = { now: () => new Date() };
  const landing = await openLandingStore({ root: landingRoot, clock });
  homes += 1;
  let batches = 0;
  const nextId = () => `t${homes}-${++batches}`;
  return {
    landing,
    landingRoot,
    warehouse: test.warehouse,
    ingest: (connector, config, options = {}) =>
      ingest({ landing, test, nextId }, connector, config, options),
    rows: async (sql) => (await test.warehouse.select(sql)).rows,
    remove: () => test.remove(),
  };
}

/** A read context as the ingest pipeline would make it. */
export function readContext<C extends JsonObject>(
  connector: Connector<C>,
  config: C,
  options: IngestOptions,
  openBatch: ReadContext<C>['openBatch'],
): ReadContext<C> {
  const allowed = connector.allowed(config);
  return {
    source: 'test',
    config,
    secret: (name) => {
      const secret = options.secrets?.[name];
      return secret === undefined
        ? Promise.reject(new Error(`no secret ${name}`))
        : Promise.resolve(secret);
    },
    http:
      options.http ??
      testClient(allowed, {
        maxBytes: 50_000_000,
        totalTimeoutMs: 20_000,
        maxRequests: 5_000,
        ...options.limits,
      }),
    files: options.files ?? directoryTransport(rootsOf(allowed)),
    openBatch,
    now: () => options.now ?? new Date('2026-11-22T23:59:59+07:00'),
    log: options.log ?? silentLogger,
    signal: new AbortController().signal,
  };
}

function rootsOf(allowed: readonly AllowedOrigin[]): readonly string[] {
  return allowed.filter(({ scheme }) => scheme === 'file').map(({ host }) => host);
}

interface Rooms {
  readonly landing: LandingStore;
  readonly test: TestWarehouse;
  readonly nextId: () => string;
}

async function ingest<C extends JsonObject>(
  rooms: Rooms,
  connector: Connector<C>,
  given: unknown,
  options: IngestOptions,
): Promise<IngestOutcome> {
  const config = connector.config.parse(given);
  await rooms.test.warehouse.prepare(connector.streams(config));
  const context = readContext(connector, config, options, (key) =>
    rooms.landing.open({
      batch: rooms.nextId(),
      key,
      source: 'test',
      connector: connector.name,
      connectorVersion: connector.version,
    }),
  );
  const request: ReadRequest = { cursor: undefined, position: undefined, full: false, ...options };
  const batches: BatchOutcome[] = [];
  let cursor = request.cursor;
  try {
    for await (const read of connector.read(context, request)) {
      options.onBatch?.(read);
      const outcome = await load(rooms, connector, config, read);
      batches.push(outcome);
      if (outcome.status === 'published') cursor = read.cursor;
    }
    return { batches, cursor };
  } catch (error) {
    return { batches, cursor, failure: failureOf(error) };
  }
}

/** A connector with its one configuration, whatever that is. */
function anyOf<C extends JsonObject>(connector: Connector<C>, config: C) {
  return {
    connector: { ...connector, streams: () => connector.streams(config) } as unknown as Connector,
    config,
  };
}

async function load<C extends JsonObject>(
  { landing, test: { warehouse } }: Rooms,
  connector: Connector<C>,
  config: C,
  read: ReadBatch,
): Promise<BatchOutcome> {
  const files = await landing.seal(read.batch);
  const batch = {
    batch: read.batch,
    source: 'test',
    key: read.key,
    contracts: connector.streams(config).filter(({ stream }) => read.streams.includes(stream)),
    files,
    cursor: read.cursor,
    declared: read.completeness.declared ?? {},
    covers: read.completeness.covers ?? [],
  };
  const checks = connector.checks
    .filter(({ stream }) => read.streams.includes(stream))
    .map(({ stream, ...check }) => ({ ...check, on: stream }));
  const told = { key: read.key, batch: read.batch };
  try {
    const staged = await warehouse.stage(batch, (session) => connector.decode(session, config), [
      ...checks,
      ...driftChecks(anyOf(connector, config), read.streams),
    ]);
    const { seen, findings: raised } = seenColumns(staged.findings);
    const samples = raised.flatMap(({ sample }) => sample.map(({ value }) => value));
    const reasons = [...heldReasons(staged.held, seen), ...raised];
    const findings = [...new Set(reasons.map(({ code }) => code))];
    if (staged.held.length > 0) {
      await warehouse.hold(staged);
      return { ...told, status: 'held', counts: staged.counts, findings, samples };
    }
    const { counts } = await warehouse.publish(staged, new Date());
    return { ...told, status: 'published', counts, findings, samples };
  } catch (error) {
    const failure = failureOf(error);
    return {
      ...told,
      status: 'failed',
      counts: {},
      findings: [failure.code],
      samples: [],
      failure,
    };
  }
}
