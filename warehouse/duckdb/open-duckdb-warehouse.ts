import { rmSync } from 'node:fs';
import type { Clock } from '../../core/clock.ts';
import type { Warehouse } from '../port.ts';
import type { DecodedBatch } from '../staged-batch.ts';
import { contentOf } from './content-hash.ts';
import { prepareContracts } from './contract-tables.ts';
import { scratchDirectory } from './duckdb-decode-session.ts';
import { Engine, type EngineOptions } from './engine.ts';
import {
  allPublished,
  ledgerSchema,
  loadedVersion,
  materializationOf,
  publishedBatch,
} from './ledger.ts';
import { HeadStarts } from './head-starts.ts';
import { materializeAsset } from './materialize-asset.ts';
import { mirrorTable } from './mirror-table.ts';
import { personQuery } from './person-query.ts';
import { publishBatch } from './publish-batch.ts';
import { publishTogether } from './publish-together.ts';
import { keepHeld } from './quarantine-rows.ts';
import { selectLineages } from './lineage/select-lineage.ts';
import { parseSelect, tableKeys } from './select-tree.ts';
import { decodeBatch, release, stageBatch, type Staged } from './stage-batch.ts';
import { stagedLost } from './staged-lost.ts';
import { asOne, stageTogether, type Together } from './stage-together.ts';
import { exportFile, readAtOnce, selectTable, streamTables } from './trusted-select.ts';

/** How the DuckDB warehouse is opened. */
export interface DuckdbWarehouseOptions extends EngineOptions {
  readonly clock: Clock;
}

/**
 * Opens the warehouse file, hardened, and creates its ledger. This process then owns the file.
 * Throws fatal `home-in-use` when another process does.
 */
export async function openDuckdbWarehouse(options: DuckdbWarehouseOptions): Promise<Warehouse> {
  const engine = await Engine.start(options);
  rmSync(scratchDirectory(options.spool), { recursive: true, force: true });
  await engine.write((connection) => connection.run(ledgerSchema));
  const shelf = new Map<string, Staged>();
  const headStarts = new HeadStarts(engine);
  return {
    ...alone,
    ...loading(engine, shelf, headStarts),
    ...loadingTogether(engine, headStarts),
    ...reading(engine),
    ...building(engine, options.clock),
  };
}

/** The lock of the file lets no other process in. */
const alone: Pick<Warehouse, 'whenAlone' | 'loading'> = {
  whenAlone: (work) => work(),
  loading: (_streams, work) => work(),
};

type Loading = Pick<
  Warehouse,
  | 'engine'
  | 'prepare'
  | 'decode'
  | 'stage'
  | 'publish'
  | 'hold'
  | 'discard'
  | 'published'
  | 'ledger'
  | 'close'
>;
type LoadingTogether = Pick<Warehouse, 'decodeTogether' | 'stageTogether' | 'publishTogether'>;
type Reading = Pick<
  Warehouse,
  | 'select'
  | 'reading'
  | 'stream'
  | 'query'
  | 'tablesOf'
  | 'columnLineage'
  | 'export'
  | 'contentHash'
  | 'version'
  | 'health'
>;
type Building = Pick<Warehouse, 'materialize' | 'materialization' | 'mirror'>;

function loading(engine: Engine, shelf: Map<string, Staged>, headStarts: HeadStarts): Loading {
  const drop = (batch: string): void => {
    headStarts.forget(batch);
    const staged = shelf.get(batch);
    shelf.delete(batch);
    if (staged !== undefined) release(engine, staged);
  };
  return {
    engine: 'duckdb',
    prepare: preparing(engine),
    decode: (batch, decode) =>
      headStarts.keep(batch.batch, () => decodeBatch(engine, batch, decode)),
    stage: async (batch, decode, checks) => {
      drop(batch.batch);
      const decoded = await headStarts.take(batch.batch, () => decodeBatch(engine, batch, decode));
      const staged = await stageBatch(engine, decoded, checks);
      shelf.set(batch.batch, staged);
      return staged.staged;
    },
    publish: (staged, recordedAt) =>
      engine
        .inTurn(async () => {
          const own = shelf.get(staged.batch);
          if (own && engine.holds(own.connection))
            return await engine.guard(() => publishBatch(engine, own, recordedAt));
          const before = await engine.use((connection) => publishedBatch(connection, staged.batch));
          if (before !== undefined) return before;
          throw stagedLost(staged);
        })
        .finally(() => drop(staged.batch)),
    hold: (staged) =>
      engine
        .inTurn(async () => {
          const own = shelf.get(staged.batch);
          if (!own || !engine.holds(own.connection)) throw stagedLost(staged);
          await engine.guard(() => keepHeld(own));
        })
        .finally(() => drop(staged.batch)),
    discard: (staged) => {
      drop(staged.batch);
      return Promise.resolve();
    },
    published: (batch) => engine.use((connection) => publishedBatch(connection, batch)),
    ledger: () => engine.use(allPublished),
    close: async () => {
      for (const batch of [...shelf.keys()]) drop(batch);
      await headStarts.end();
      engine.close();
    },
  };
}

/** Creates the tables of contracts that this process has not seen yet. */
function preparing(engine: Engine): Warehouse['prepare'] {
  const prepared = new Set<string>();
  return async (contracts) => {
    const fresh = contracts.filter((contract) => !prepared.has(JSON.stringify(contract)));
    if (fresh.length === 0) return;
    await engine.write(async (connection) => {
      await prepareContracts(connection, fresh);
      engine.forgetColumns();
    });
    for (const contract of fresh) prepared.add(JSON.stringify(contract));
  };
}

/** Loads several batches as one; at most one such group waits to be published. */
function loadingTogether(engine: Engine, headStarts: HeadStarts): LoadingTogether {
  let kept: Together | undefined;
  const drop = (): void => {
    if (kept) release(engine, kept.decoded);
    kept = undefined;
  };
  return {
    decodeTogether: async (batches, decode) => {
      const whole = asOne(batches);
      if (!whole) return;
      await headStarts.keep(groupOf(batches), () => decodeBatch(engine, whole, decode, false));
    },
    stageTogether: async (batches, decode, checks) => {
      drop();
      const group = groupOf(batches);
      const decodeWhole = (whole: DecodedBatch) =>
        headStarts.take(group, () => decodeBatch(engine, whole, decode, false));
      try {
        kept = await stageTogether(engine, batches, decodeWhole, checks);
        return kept?.staged;
      } finally {
        headStarts.forget(group);
      }
    },
    publishTogether: (staged, recordedAt) =>
      engine
        .inTurn(async () => {
          const own = kept;
          if (own?.staged !== staged || !engine.holds(own.decoded.connection)) return undefined;
          return await engine.guard(() => publishTogether(engine, own, recordedAt));
        })
        .finally(drop),
  };
}

/** Names a group of batches among head starts. */
function groupOf(batches: readonly DecodedBatch[]): string {
  return JSON.stringify(batches.map(({ batch }) => batch));
}

function reading(engine: Engine): Reading {
  return {
    select: (sql, options = {}) =>
      engine.use((connection) => selectTable(engine, connection, sql, options)),
    reading: (options, work) =>
      engine.use((connection) => readAtOnce(engine, connection, options, work)),
    stream: (sql, options = {}) => streamTables(engine, sql, options),
    query: (sql, options) =>
      engine.use((connection) => personQuery(engine, connection, sql, options)),
    tablesOf: (sql) =>
      engine.use(async (connection) => tableKeys(await parseSelect(connection, sql))),
    columnLineage: (selects, tables) =>
      engine.use((connection) => selectLineages(connection, selects, tables)),
    export: (sql, target, options = {}) =>
      engine.use((connection) => exportFile(engine, connection, sql, target, options)),
    contentHash: (key) =>
      engine.use(async (connection) => (await contentOf(connection, key)).sha256),
    version: (key) =>
      engine.use(async (connection) => {
        const built = await materializationOf(connection, key);
        return built?.contentSha256 ?? (await loadedVersion(connection, key));
      }),
    health: () =>
      engine.use(async (connection) => {
        await connection.run('select count(*) from ledger.batch');
      }),
  };
}

function building(engine: Engine, clock: Clock): Building {
  return {
    materialize: (asset) => engine.use((connection) => materializeAsset(connection, asset, clock)),
    materialization: (key) => engine.use((connection) => materializationOf(connection, key)),
    mirror: (name, columns, rows) =>
      engine.write((connection) => mirrorTable(connection, name, columns, rows)),
  };
}
