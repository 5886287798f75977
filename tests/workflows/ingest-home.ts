import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Connector, ReadBatch, ReadContext, ReadRequest } from '../../connectors/port.ts';
import { openControlStore, type HomeStore } from '../../control/store.ts';
import type { JsonObject } from '../../core/json.ts';
import { silentLogger } from '../../core/logger.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import { directoryTransport } from '../../net/directory-transport.ts';
import { openDuckdbWarehouse } from '../../warehouse/duckdb/open-duckdb-warehouse.ts';
import { openLandingStore } from '../../warehouse/landing/directory-store.ts';
import type { LandingStore } from '../../warehouse/landing/port.ts';
import type { Warehouse } from '../../warehouse/port.ts';
import { createIngestActivities, runResult } from '../../workflows/activities/ingest-activities.ts';
import type { IngestDependencies } from '../../workflows/activities/ingest-dependencies.ts';
import { embeddedContext } from '../../workflows/embedded/host.ts';
import { ingestSource, type IngestInput } from '../../workflows/ingest-source.ts';
import type { RunResult } from '../../workflows/run-result.ts';
import { testClient } from '../harness/test-client.ts';
import { warehouseOptions } from '../warehouse/open-test-warehouse.ts';

const label = { vi: 'lượt khám', en: 'visits' };

/** What the tests' source yields: key `code`, one amount, one personal name. */
export const visits: StreamContract = {
  stream: 'visit',
  layer: 'staging',
  label,
  key: ['code'],
  deletes: 'none',
  holdAbove: 0.2,
  columns: [
    { name: 'code', type: 'varchar', label, classification: 'public' },
    { name: 'amount', type: 'decimal(18,2)', label, classification: 'public', unit: 'VND' },
    { name: 'name', type: 'varchar', label, classification: 'personal' },
  ],
};

/** The source system of the tests: files by name, and what it does wrong. */
export interface World {
  readonly files: Map<string, string>;
  /** Reading breaks off before this file. */
  breaksAt?: string;
  /** Files at or before the cursor are read again (a source without modification times). */
  rereads: boolean;
  /** Called when a file is about to be read. */
  onRead?: (name: string) => void;
  /** How often decode was called. */
  decoded: number;
  /** Whether the connector takes several batches at once. */
  together?: true;
}

/** A control store, landing store and warehouse in one directory, and a source whose files the test writes. */
export interface IngestHome {
  readonly directory: string;
  readonly world: World;
  readonly store: HomeStore;
  readonly warehouse: Warehouse;
  readonly landing: LandingStore;
  readonly deps: IngestDependencies;
  register(source: string, owner?: string): Promise<void>;
  /** Ingests; into another warehouse where one is given. */
  ingest(
    source: string,
    options?: Partial<IngestInput>,
    signal?: AbortSignal,
    into?: Warehouse,
    own?: IngestDependencies,
  ): Promise<RunResult>;
  cells(sql: string): Promise<readonly (readonly (string | boolean | null)[])[]>;
  /** Closes the stores and opens them again on the same directory; `between` may harm it. */
  reopen(between?: () => void): Promise<IngestHome>;
  remove(): Promise<void>;
}

/** Opens an empty home. */
export async function openIngestHome(): Promise<IngestHome> {
  const directory = mkdtempSync(join(tmpdir(), 'phusa-ingest-'));
  return await openAt(directory, { files: new Map(), rereads: true, decoded: 0 });
}

async function openAt(directory: string, world: World): Promise<IngestHome> {
  const clock = { now: () => new Date() };
  const warehouse = await openDuckdbWarehouse(warehouseOptions(directory));
  const store = await openControlStore({
    database: { kind: 'sqlite', path: join(directory, 'control.db') },
    clock,
    anchorPath: join(directory, 'journal.anchor'),
  });
  const landing = await openLandingStore({ root: join(directory, 'landing'), clock });
  const deps: IngestDependencies = {
    store,
    warehouse,
    landing,
    connector: () => fileConnector(world),
    http: (allowed) => testClient(allowed),
    files: () => directoryTransport([]),
    secret: () => Promise.resolve(''),
    exclusive: inTurn(),
    clock,
    log: silentLogger,
    signal: new AbortController().signal,
  };
  const close = async () => {
    await warehouse.close();
    await store.close();
  };
  return {
    directory,
    world,
    store,
    warehouse,
    landing,
    deps,
    register: (source, owner = 'H31') => register(deps, source, owner),
    ingest: async (source, options = {}, signal = deps.signal, into = warehouse, own = deps) => {
      const context = embeddedContext(createIngestActivities({ ...own, signal, warehouse: into }), {
        clock,
        progress: () => undefined,
        signal,
      });
      const input = { source, actor: 'local', full: false, ...options };
      return await runResult(store, (await ingestSource(context, input)).run);
    },
    cells: async (sql) => (await warehouse.select(sql)).rows,
    reopen: async (between) => {
      await close();
      between?.();
      return await openAt(directory, world);
    },
    remove: async () => {
      await close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function register(deps: IngestDependencies, source: string, owner: string): Promise<void> {
  await deps.warehouse.prepare([visits]);
  await deps.store.decide((journal) =>
    journal.record({
      kind: 'source.added',
      subject: source,
      actor: 'local',
      data: { status: 'active', connector: 'files', config: {}, owner, version: 1, cursor: null },
    }),
  );
}

function inTurn(): IngestDependencies['exclusive'] {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** A connector over the test's files: CSV `code,amount,name`; an amount that is no number is quarantined. */
export function fileConnector(world: World): Connector {
  return {
    name: 'files',
    version: '1.0.0',
    label,
    description: label,
    config: z.record(z.string(), z.string()),
    secrets: {},
    capabilities: {
      cursor: 'file',
      deletes: 'none',
      completeness: 'end-marker',
      timeZone: 'Asia/Ho_Chi_Minh',
    },
    streams: () => [visits],
    allowed: () => [],
    check: () => Promise.resolve(label),
    read: (context, request) => readFiles(world, context, request),
    decode: async (session) => {
      world.decoded += 1;
      const texts = session.files.map(
        ({ path, n }) =>
          `select *, ${n} as _file from read_csv('${path}', header = true, all_varchar = true, null_padding = true)`,
      );
      await session.run(`create temp table decoded_visit as
        select code, try_cast(amount as decimal(18,2)) as amount, name, _file::integer as _file,
          row_number() over (partition by _file) as _row, null::timestamptz as _published_at,
          case when try_cast(amount as decimal(18,2)) is null then 'quarantined' end as _status,
          case when try_cast(amount as decimal(18,2)) is null then 'not-a-number' end as _reason,
          'amount' as _field, amount as _value, '{}' as _raw
        from (${texts.join(' union all ')})`);
    },
    checks: [],
    ...(world.together ? { decodesTogether: true } : {}),
  };
}

async function* readFiles(
  world: World,
  context: ReadContext<JsonObject>,
  { cursor, position }: ReadRequest,
): AsyncIterable<ReadBatch> {
  const after = typeof position === 'string' ? position : undefined;
  const since = typeof cursor === 'string' && !world.rereads ? cursor : undefined;
  for (const [name, text] of [...world.files].sort()) {
    if ((after !== undefined && name <= after) || (since !== undefined && name <= since)) continue;
    if (name === world.breaksAt) throw new Error('connection reset');
    world.onRead?.(name);
    const writer = await context.openBatch(name);
    await writer.land({ name, bytes: Buffer.from(text), request: { url: `files/${name}` } });
    yield {
      batch: writer.id,
      key: name,
      streams: ['visit'],
      cursor: name,
      position: name,
      completeness: { proof: 'end-marker' },
    };
  }
}

/** A file of the tests' source. */
export function fileOf(...rows: readonly (readonly [string, string, string?])[]): string {
  const lines = rows.map(([code, amount, name = 'Nguyễn Văn A']) => `${code},${amount},${name}`);
  return `code,amount,name\n${lines.join('\n')}\n`;
}
