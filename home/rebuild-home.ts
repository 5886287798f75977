import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Configuration } from '../core/configuration.ts';
import { PhusaError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Progress } from '../core/progress.ts';
import { quoted } from '../core/sql-text.ts';
import type { Warehouse } from '../warehouse/port.ts';
import { createColumnCheck } from '../transforms/catalog/asset-lineage.ts';
import { buildAssets } from '../workflows/activities/build-assets.ts';
import { settleHome } from '../workflows/activities/settle-home.ts';
import { requireIntact } from './backup-home.ts';
import { buildable } from './catalog-views.ts';
import { openFoundations, prepareTables, type Foundations } from './foundations.ts';
import { ingestDependencies } from './ingest-effects.ts';
import { createLog } from './log.ts';
import { openWarehouse, warehouseFile } from './open-warehouse.ts';

/** A table in which the rebuilt warehouse and the present one are not equal. */
interface TableDifference {
  readonly table: string;
  readonly live: JsonObject;
  readonly rebuilt: JsonObject;
}

/**
 * Builds the warehouse anew from landed bytes and journal, beside the present one, with the recorded times of the
 * journal. With `verify` the two are compared, table by table: columns, rows, values, batches and recorded times; nothing
 * is changed. Without, the new one takes the place of the present one. Throws fatal `home-in-use`, `journal-broken`, data
 * `landed-object-altered`.
 */
export async function rebuildHome(
  options: { readonly verify: boolean },
  configuration: Configuration,
  progress: Progress,
): Promise<JsonObject> {
  requireFile(configuration);
  const base = await openFoundations(configuration, { log: createLog('warn'), progress });
  const scratch = path.join(base.directory, 'tmp', 'rebuild');
  try {
    requireIntact(await base.store.verify());
    await bringUpToDate(base, progress);
    await rm(scratch, { recursive: true, force: true });
    await mkdir(scratch, { recursive: true });
    const rebuilt = await rebuildBeside(base, path.join(scratch, warehouseFile), progress);
    const { batches, tables, differences } = rebuilt;
    await base.warehouse.close();
    if (!options.verify) await exchange(base.directory, scratch);
    const told = differences.map((one) => ({ ...one }));
    return { home: base.directory, batches, tables, equal: told.length === 0, differences: told };
  } finally {
    await base.warehouse.close();
    await base.store.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Throws fatal `warehouse-elsewhere` where the warehouse is no file of the home. */
function requireFile({ warehouse }: Configuration): void {
  if (warehouse === 'duckdb') return;
  throw new PhusaError({
    group: 'fatal',
    code: 'warehouse-elsewhere',
    message: {
      vi: 'Kho dữ liệu nằm trong PostgreSQL, không phải một tệp để thay.',
      en: 'The warehouse is in PostgreSQL, not a file that could be exchanged.',
    },
    remedy: {
      vi: 'Xoá các schema staging, dim, history, mart, meta, ledger, quarantine: lần mở sau dựng lại kho từ dữ liệu gốc đã lưu.',
      en: 'Drop the schemas staging, dim, history, mart, meta, ledger, quarantine: the next opening builds the warehouse again from landed bytes.',
    },
  });
}

/** The present warehouse as its journal says it is: what was unsettled is settled, what is stale is built. */
async function bringUpToDate(base: Foundations, progress: Progress): Promise<void> {
  const { store, warehouse, catalog } = base;
  await settleHome(ingestDependencies(base), progress);
  const requireColumns = createColumnCheck(warehouse, catalog.assets);
  const assets = buildable(catalog);
  await buildAssets({ store, warehouse, assets, requireColumns }, undefined, progress);
}

async function rebuildBeside(base: Foundations, file: string, progress: Progress) {
  const fresh = await openWarehouse(base.directory, base.clock, base.log, file);
  try {
    await prepareTables(fresh, base.store, base.packs);
    const { reapplied } = await settleHome(
      ingestDependencies({ ...base, warehouse: fresh }),
      progress,
    );
    for (const { key, sql, sha256 } of buildable(base.catalog)) {
      const live = await base.warehouse.materialization(key);
      if (!live) continue;
      await fresh.materialize({ key, sql, sqlSha256: sha256, inputs: live.inputs, checks: [] });
    }
    const tables = await tablesOf(base.warehouse);
    const differences = await compare(base.warehouse, fresh, tables);
    return { batches: reapplied, tables: tables.length, differences };
  } finally {
    await fresh.close();
  }
}

async function tablesOf(warehouse: Warehouse): Promise<readonly string[]> {
  const { rows } = await warehouse.select(
    `select table_schema || '.' || table_name from information_schema.tables
     where table_schema in ('staging', 'history', 'dim', 'mart') and table_type = 'BASE TABLE' order by 1`,
  );
  return rows.map(([table]) => String(table));
}

async function compare(
  live: Warehouse,
  rebuilt: Warehouse,
  tables: readonly string[],
): Promise<readonly TableDifference[]> {
  const present = new Set(await tablesOf(rebuilt));
  const differences: TableDifference[] = [];
  for (const table of tables) {
    const [one, other] = [
      await fingerprint(live, table),
      present.has(table) ? await fingerprint(rebuilt, table) : {},
    ];
    if (JSON.stringify(one) !== JSON.stringify(other))
      differences.push({ table, live: one, rebuilt: other });
  }
  return differences;
}

/** Rows, and a multiset hash over every column: keys, values, batches, places in files and recorded times. */
async function fingerprint(warehouse: Warehouse, table: string): Promise<JsonObject> {
  const name = table.split('.').map(quoted).join('.');
  const { rows } = await warehouse.select(
    `select count(*)::varchar, coalesce(sum(hash(t)::hugeint), 0)::varchar, coalesce(bit_xor(hash(t)), 0)::varchar from ${name} t`,
  );
  const [count = '', sum = '', xor = ''] = (rows[0] ?? []).map(String);
  return { rows: count, hash: `${sum}/${xor}` };
}

/** Both are closed, so neither has a log beside it; the rename is at once there or not. */
async function exchange(home: string, scratch: string): Promise<void> {
  const target = path.join(home, warehouseFile);
  if (existsSync(`${target}.wal`)) await rm(`${target}.wal`);
  await rename(path.join(scratch, warehouseFile), target);
}
