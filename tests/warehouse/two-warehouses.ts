import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLogger } from '../../core/logger.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import type { Asset } from '../../transforms/catalog/catalog.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import { openDuckdbWarehouse } from '../../warehouse/duckdb/open-duckdb-warehouse.ts';
import type { ResultTable, Warehouse } from '../../warehouse/port.ts';
import { openPostgresWarehouse } from '../../warehouse/postgres/open-postgres-warehouse.ts';
import { startPostgres } from '../harness/postgres.ts';
import { batchOf } from '../harness/simple-stream.ts';
import { postgresOptions } from './open-postgres-warehouse.ts';
import { warehouseOptions } from './open-test-warehouse.ts';

/** A table to load: its contract, and a SELECT of its rows out of files, columns left out being NULL. */
export interface GivenRows {
  readonly contract: StreamContract;
  readonly rows: string;
}

/** The two engines over one landing, behind the port. */
export interface TwoWarehouses {
  readonly duckdb: Warehouse;
  readonly postgres: Warehouse;
  /** Where files lie that both may read. */
  readonly landing: string;
  /** What PostgreSQL could not do in its own words, and did at the desk. */
  readonly atDesk: readonly string[];
  remove(): Promise<void>;
}

/** Opens both in directories of their own. */
export async function openTwoWarehouses(): Promise<TwoWarehouses> {
  const root = mkdtempSync(path.join(tmpdir(), 'phusa-engines-'));
  const landing = path.join(root, 'landing');
  mkdirSync(landing, { recursive: true });
  const server = await startPostgres();
  const atDesk: string[] = [];
  const note = (event: string, facts: unknown = {}): void => {
    if (event.includes('at-desk')) atDesk.push(`${event} ${JSON.stringify(facts)}`);
  };
  const log = { ...silentLogger, debug: note, info: note };
  const duckdb = await openDuckdbWarehouse({
    ...warehouseOptions(path.join(root, 'duckdb')),
    landing,
  });
  const own = postgresOptions(await server.database(), path.join(root, 'postgres'));
  const postgres = await openPostgresWarehouse({ ...own, landing, log });
  return {
    duckdb,
    postgres,
    landing,
    atDesk,
    remove: async () => {
      await duckdb.close();
      await postgres.close();
      await server.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Loads the same rows into a warehouse as one batch. */
export async function loadGiven(warehouse: Warehouse, given: readonly GivenRows[]): Promise<void> {
  const contracts = given.map(({ contract }) => contract);
  await warehouse.prepare(contracts);
  const decode = async (session: DecodeSession): Promise<void> => {
    for (const { contract, rows } of given) await decodeGiven(session, contract, rows);
  };
  const staged = await warehouse.stage(batchOf('given', contracts), decode, []);
  await warehouse.publish(staged, new Date('2026-11-01T00:00:00Z'));
}

async function decodeGiven(
  session: DecodeSession,
  { stream, columns, key }: StreamContract,
  rows: string,
): Promise<void> {
  const own = columns.map(({ name, type }) => `"${name}" ${type}`).join(', ');
  await session.run(`create temp table decoded_${stream} (${own}, _file integer, _row bigint,
    _published_at timestamptz, _status varchar, _reason varchar, _field varchar, _value varchar, _raw varchar)`);
  await session.run(`insert into decoded_${stream} by name
    select *, 0 as _file, row_number() over () as _row from (${rows})`);
  // A case may leave out a part of the key that does not matter to it: here it must be there.
  for (const { name, type } of columns.filter((column) => key.includes(column.name)))
    if (type === 'varchar')
      await session.run(`update decoded_${stream} set "${name}" = '-' where "${name}" is null`);
}

/** Builds an asset on a warehouse and gives the hash of its rows. */
export async function build(warehouse: Warehouse, asset: Asset): Promise<string> {
  const { key, sql, sha256 } = asset;
  const built = await warehouse.materialize({
    ...{ key, sql, sqlSha256: sha256, inputs: {} },
    checks: [],
  });
  return built.sha256;
}

/** The rows of an asset in one order, numbers by their value. */
export async function rowsOf(warehouse: Warehouse, asset: Asset): Promise<readonly string[]> {
  const columns = asset.columns.map(({ name }) => `"${name}"`).join(', ');
  const table = await warehouse.select(`select ${columns} from ${asset.key}`);
  return writtenRows(table);
}

/** Rows as texts in one order, numbers by their value. */
export function writtenRows({ columns, rows }: ResultTable): readonly string[] {
  return rows
    .map((row) => JSON.stringify(row.map((cell, i) => byValue(cell, columns[i]?.type ?? ''))))
    .sort();
}

function byValue(cell: string | boolean | null, type: string): string | boolean | null {
  const isFraction = typeof cell === 'string' && /^decimal/i.test(type) && cell.includes('.');
  return isFraction ? cell.replace(/\.?0+$/, '') : cell;
}
