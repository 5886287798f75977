import type { Clock } from '../../core/clock.ts';
import { PhusaError } from '../../core/errors.ts';
import { contentOf } from '../duckdb/content-hash.ts';
import { HeadStarts } from '../duckdb/head-starts.ts';
import { selectLineages } from '../duckdb/lineage/select-lineage.ts';
import { parseSelect, tableKeys } from '../duckdb/select-tree.ts';
import { stagedLost } from '../duckdb/staged-lost.ts';
import { Turnstile } from '../duckdb/turnstile.ts';
import type { Warehouse } from '../port.ts';
import { baseSchema, createQuarantineView } from './catalog-tables.ts';
import { prepareContracts } from './contract-tables.ts';
import { Desk, type DeskOptions } from './desk.ts';
import { exportFile } from './export-file.ts';
import { installFunctions } from './functions/install-functions.ts';
import { allPublished, loadedVersion, materializationOf, publishedBatch } from './ledger.ts';
import { materializeAsset } from './materialize-asset.ts';
import { mirrorTable } from './mirror-table.ts';
import { personQuery, prepareReaderRole } from './person-query.ts';
import { Presence, whileLoading } from './presence.ts';
import { publishBatch } from './publish-batch.ts';
import { keepHeld } from './quarantine-rows.ts';
import { Replicas } from './replicas.ts';
import { atDesk } from './running-select.ts';
import { Server } from './server.ts';
import { decodeAtDesk, releaseBatch, stageBatch, type Loader, type Staged } from './stage-batch.ts';
import { openTranspiler } from './transpile/transpiler.ts';
import { passing, readAtOnce, selectTable, streamTables, type Reading } from './trusted-select.ts';

/** How the PostgreSQL warehouse is opened. */
export interface PostgresWarehouseOptions extends DeskOptions {
  /** `postgres://…` of a database of the home's own. */
  readonly url: string;
  readonly clock: Clock;
}

/**
 * Opens the warehouse in a PostgreSQL database and creates its schemas where they are missing. Any number of processes
 * may open it at once. Throws retriable `warehouse-connection-gone` without a server.
 */
export async function openPostgresWarehouse(options: PostgresWarehouseOptions): Promise<Warehouse> {
  const { url, clock, ...deskOptions } = options;
  const server = await Server.open(url, options.log);
  try {
    await server.transaction(async (client) => {
      await client.query(baseSchema);
      await createQuarantineView(client);
      await installFunctions((sql) => client.query(sql));
    });
    const role = await prepareReaderRole(server);
    const desk = await Desk.open(deskOptions, server);
    const presence = await Presence.enter(server, options.log);
    const loader = { server, desk, replicas: new Replicas(desk) };
    const reading = { server, desk, transpiler: await openTranspiler() };
    return {
      ...beside(server, presence),
      ...loading(loader, presence),
      ...together,
      ...asking(reading, role),
      ...building(reading, clock),
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

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

function beside(server: Server, presence: Presence): Pick<Warehouse, 'whenAlone' | 'loading'> {
  return {
    whenAlone: (work) => presence.whenAlone(work),
    loading: (streams, work) => whileLoading(server, streams, work),
  };
}

function loading(loader: Loader, presence: Presence): Loading {
  const { server, desk } = loader;
  const shelf = new Map<string, Staged>();
  const headStarts = new HeadStarts(desk.engine);
  // Recorded times rise in the order of asking.
  const turns = new Turnstile();
  const drop = async (batch: string): Promise<void> => {
    headStarts.forget(batch);
    const staged = shelf.get(batch);
    shelf.delete(batch);
    if (staged) await releaseBatch(desk, staged);
  };
  const own = (batch: string): Staged | undefined => {
    const staged = shelf.get(batch);
    return staged && desk.engine.holds(staged.connection) ? staged : undefined;
  };
  return {
    engine: 'postgres',
    prepare: preparing(loader),
    decode: (batch, decode) =>
      headStarts.keep(batch.batch, () => decodeAtDesk(loader, batch, decode)),
    stage: async (batch, decode, checks) => {
      const dropped = drop(batch.batch);
      const decoded = await headStarts.take(batch.batch, () => decodeAtDesk(loader, batch, decode));
      await dropped;
      const staged = await stageBatch(loader, decoded, checks);
      shelf.set(batch.batch, staged);
      return staged.staged;
    },
    publish: (staged, recordedAt) =>
      turns.pass(async () => {
        try {
          const mine = own(staged.batch);
          if (mine) return await server.guard(() => publishBatch(loader, mine, recordedAt));
          const before = await server.use((client) => publishedBatch(client, staged.batch));
          if (before) return before;
          throw stagedLost(staged);
        } finally {
          await drop(staged.batch);
        }
      }),
    hold: async (staged) => {
      try {
        const mine = own(staged.batch);
        if (!mine) throw stagedLost(staged);
        await keepHeld(loader, mine);
      } finally {
        await drop(staged.batch);
      }
    },
    discard: (staged) => drop(staged.batch),
    published: (batch) => server.use((client) => publishedBatch(client, batch)),
    ledger: () => server.use(allPublished),
    close: async () => {
      for (const batch of [...shelf.keys()]) await drop(batch);
      await headStarts.end();
      await leave(loader, presence);
    },
  };
}

async function leave({ server, desk }: Loader, presence: Presence): Promise<void> {
  desk.close();
  presence.leave();
  await server.close();
}

/** Creates the tables of contracts that this process has not seen yet. */
function preparing({ server, desk }: Loader): Warehouse['prepare'] {
  const prepared = new Set<string>();
  return async (contracts) => {
    const fresh = contracts.filter((contract) => !prepared.has(JSON.stringify(contract)));
    if (fresh.length === 0) return;
    await prepareContracts(server, desk, fresh);
    for (const contract of fresh) prepared.add(JSON.stringify(contract));
  };
}

/** Each batch is staged alone. */
const together: Pick<Warehouse, 'decodeTogether' | 'stageTogether' | 'publishTogether'> = {
  decodeTogether: () => Promise.resolve(),
  stageTogether: () => Promise.resolve(undefined),
  publishTogether: () => Promise.resolve(undefined),
};

type Asking = Pick<
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

function asking(reading: Reading, role: string | undefined): Asking {
  const { server, desk } = reading;
  return {
    select: (sql, options = {}) => selectTable(reading, sql, options),
    reading: (options, work) => readAtOnce(reading, options, work),
    stream: (sql, options = {}) => streamTables(reading, sql, options),
    query: (sql, options) => personQuery(reading, role, sql, options),
    tablesOf: (sql) =>
      desk.engine.use(async (connection) => tableKeys(await parseSelect(connection, sql))),
    columnLineage: (selects, tables) =>
      desk.engine.use((connection) => selectLineages(connection, selects, tables)),
    export: (sql, target, options = {}) => exportFile(reading, sql, target, options),
    contentHash: (key) => hashOf(reading, key),
    version: (key) =>
      server.use(async (client) => {
        const built = await materializationOf(client, key);
        return built?.contentSha256 ?? (await loadedVersion(client, key));
      }),
    health: () =>
      server.use(async (client) => {
        await client.query('select count(*) from ledger.layout');
      }),
  };
}

/** The hash is DuckDB's, over rows that are fetched: a table has the same one on both engines. */
async function hashOf({ server, desk }: Reading, key: string): Promise<string> {
  const shape = await server.use((client) => desk.shapeOf(client, key));
  if (!shape) throw noTable(key);
  return await passing(server, (client) =>
    atDesk(desk, client, { relations: [{ key, shape }] }, async (connection) => {
      return (await contentOf(connection, key)).sha256;
    }),
  );
}

function noTable(key: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'sql-failed',
    message: { vi: `Không có bảng ${key}`, en: `There is no table ${key}` },
  });
}

function building(
  reading: Reading,
  clock: Clock,
): Pick<Warehouse, 'materialize' | 'materialization' | 'mirror'> {
  const { server, desk } = reading;
  return {
    materialize: (asset) => materializeAsset(reading, asset, clock),
    materialization: (key) => server.use((client) => materializationOf(client, key)),
    mirror: (name, columns, rows) => mirrorTable(server, desk, name, columns, rows),
  };
}
