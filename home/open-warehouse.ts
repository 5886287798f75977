import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { Configuration } from '../core/configuration.ts';
import type { Logger } from '../core/logger.ts';
import { openDuckdbWarehouse } from '../warehouse/duckdb/open-duckdb-warehouse.ts';
import type { Warehouse } from '../warehouse/port.ts';

/** Name of the warehouse's file in a home. */
export const warehouseFile = 'warehouse.duckdb';

/** What says which warehouse a home has. */
export type WarehouseChoice = Pick<Configuration, 'home' | 'warehouse' | 'databaseUrl'>;

/** Opens the warehouse that the configuration names. Throws fatal `home-in-use`. */
export async function openHomeWarehouse(
  choice: WarehouseChoice,
  clock: Clock,
  log: Logger,
): Promise<Warehouse> {
  return await engines[choice.warehouse](choice, clock, log);
}

const engines = {
  duckdb: ({ home }, clock, log) => openWarehouse(path.resolve(home), clock, log),
  postgres: openPostgres,
} satisfies Readonly<
  Record<
    Configuration['warehouse'],
    (choice: WarehouseChoice, clock: Clock, log: Logger) => Promise<Warehouse>
  >
>;

/**
 * Opens a home's DuckDB file; this process then owns it. Another `file` is a warehouse beside it, over the same
 * landing. Throws fatal `home-in-use`.
 */
export async function openWarehouse(
  home: string,
  clock: Clock,
  log: Logger,
  file = path.join(home, warehouseFile),
): Promise<Warehouse> {
  return await openDuckdbWarehouse({
    ...places(home),
    file,
    spool: path.join(home, 'tmp'),
    clock,
    log,
  });
}

/** Opens a home's PostgreSQL database, with a spool of this process's own. Loaded only where a home asks for it. */
async function openPostgres(
  { home, databaseUrl = '' }: WarehouseChoice,
  clock: Clock,
  log: Logger,
): Promise<Warehouse> {
  const { openPostgresWarehouse } =
    await import('../warehouse/postgres/open-postgres-warehouse.ts');
  const directory = path.resolve(home);
  const spool = path.join(directory, 'tmp', `${deskPrefix}${process.pid}`);
  sweepDesks(path.join(directory, 'tmp'));
  return await openPostgresWarehouse({ ...places(directory), url: databaseUrl, spool, clock, log });
}

function places(home: string) {
  return {
    landing: path.join(home, 'landing'),
    out: path.join(home, 'out'),
    temp: path.join(home, 'spill'),
    timeZone: 'Asia/Ho_Chi_Minh' as const,
  };
}

const deskPrefix = 'desk-';

/** Removes what processes of this machine that are no more left in the spool. */
function sweepDesks(spool: string): void {
  mkdirSync(spool, { recursive: true });
  for (const name of readdirSync(spool)) {
    const pid = Number(name.startsWith(deskPrefix) ? name.slice(deskPrefix.length) : NaN);
    if (Number.isInteger(pid) && !isAlive(pid))
      rmSync(path.join(spool, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
