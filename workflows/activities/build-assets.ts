import { createHash } from 'node:crypto';
import type { ControlStore } from '../../control/port.ts';
import { systemClock } from '../../core/clock.ts';
import { canonicalJson, type JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import { inOrder, type DefinedAsset } from '../../transforms/catalog/assets-in-force.ts';
import type { RequireColumns } from '../../transforms/catalog/asset-lineage.ts';
import type { TableColumns } from '../../warehouse/column-lineage.ts';
import type { BatchCheckSql } from '../../warehouse/staged-batch.ts';
import type { Warehouse } from '../../warehouse/port.ts';
import {
  buildStale,
  type BlockedAsset,
  type BuildActivities,
  type BuildResult,
} from '../build-stale.ts';
import { embeddedContext } from '../embedded/host.ts';

/** A derived asset with the checks its rows must pass before consumers see them. */
export interface BuildableAsset extends DefinedAsset {
  readonly checks: readonly BatchCheckSql[];
}

/** What building works with. */
export interface BuildDependencies {
  readonly store: ControlStore;
  readonly warehouse: Warehouse;
  readonly assets: readonly BuildableAsset[];
  /** Refuses SQL that names columns which the loaded tables do not have, before anything is built. */
  readonly requireColumns: RequireColumns;
}

/** The activities of the build pipeline over their dependencies; each may be run again after its effect. */
export function createBuildActivities(deps: BuildDependencies): BuildActivities {
  const byKey = new Map(deps.assets.map((asset) => [asset.key, asset]));
  return {
    planBuild: async ({ keys }) => {
      const wanted = keys && needed(byKey, keys);
      const order = inOrder(byKey).filter((key) => wanted === undefined || wanted.has(key));
      const tables = await existingTables(deps.warehouse);
      await deps.requireColumns(new Map([...tables].filter(([key]) => !byKey.has(key))));
      const blocked = blockedAssets(byKey, order, new Set(tables.keys()));
      return { order: order.filter((key) => !blocked.some((one) => one.key === key)), blocked };
    },
    buildAsset: async ({ key }) => {
      const asset = byKey.get(key);
      if (!asset) throw new TypeError(`there is no asset ${key}`);
      return { rows: (await buildIfStale(deps, byKey, asset)) ?? null };
    },
  };
}

/**
 * Builds the assets whose SQL or inputs have changed, each after those it reads, in this process. An input's version is
 * its ledger position (loaded tables) or its content hash (derived ones), so that an unchanged rewrite makes nothing stale.
 */
export async function buildAssets(
  deps: BuildDependencies,
  keys: readonly string[] | undefined,
  progress: Progress,
): Promise<BuildResult> {
  const context = embeddedContext(createBuildActivities(deps), { clock: systemClock, progress });
  return await buildStale(context, keys === undefined ? {} : { keys });
}

/** Tables that the warehouse holds, with their columns: those of every source ever registered, and reference tables. */
async function existingTables(warehouse: Warehouse): Promise<TableColumns> {
  const { rows } = await warehouse.select(
    `select table_schema || '.' || table_name, string_agg(column_name, ' ' order by ordinal_position)
     from information_schema.columns where table_schema in ('staging', 'dim', 'mart') group by 1 order by 1`,
  );
  return new Map(rows.map(([key, columns]) => [String(key), String(columns).split(' ')]));
}

/** Assets that lack a loaded table, in build order: what a blocked one lacks, its readers lack too. */
function blockedAssets(
  byKey: ReadonlyMap<string, BuildableAsset>,
  order: readonly string[],
  loaded: ReadonlySet<string>,
): readonly BlockedAsset[] {
  const lacking = new Map<string, readonly string[]>();
  for (const key of order) {
    const inputs = byKey.get(key)?.inputs ?? [];
    const absent = inputs.filter((input) => !byKey.has(input) && !loaded.has(input));
    const missing = new Set([...absent, ...inputs.flatMap((input) => lacking.get(input) ?? [])]);
    if (missing.size > 0) lacking.set(key, [...missing].sort());
  }
  return [...lacking].map(([key, missing]) => ({ key, missing }));
}

async function buildIfStale(
  deps: BuildDependencies,
  byKey: ReadonlyMap<string, BuildableAsset>,
  asset: BuildableAsset,
): Promise<number | undefined> {
  const inputs = await inputVersions(deps.warehouse, byKey, asset);
  const last = await deps.warehouse.materialization(asset.key);
  if (
    last &&
    last.sqlSha256 === asset.sha256 &&
    canonicalJson(last.inputs) === canonicalJson(inputs)
  ) {
    await journalLost(deps.store, asset.key, materialized(inputs, last.rows, last.contentSha256));
    return undefined;
  }
  const { key, sql, checks, sha256 } = asset;
  const result = await deps.warehouse.materialize({ key, sql, sqlSha256: sha256, inputs, checks });
  await journalBuilt(deps.store, key, materialized(inputs, result.rows, result.sha256));
  return result.rows;
}

/** A process killed right after a build was committed did not come to journalling it. */
async function journalLost(store: ControlStore, key: string, data: Materialized): Promise<void> {
  const known = (await store.get('asset', key))?.data;
  const same =
    known?.['inputsSha256'] === data.inputsSha256 && known['contentSha256'] === data.contentSha256;
  if (!same) await journalBuilt(store, key, data);
}

async function journalBuilt(store: ControlStore, key: string, data: Materialized): Promise<void> {
  await store.decide((journal) =>
    journal.record({ kind: 'asset.materialized', subject: key, actor: 'system', data }),
  );
}

/** What the journal keeps of a build. */
type Materialized = ReturnType<typeof materialized>;

function materialized(
  inputs: Readonly<Record<string, string>>,
  rows: number,
  contentSha256: string,
) {
  const inputsSha256 = createHash('sha256').update(canonicalJson(inputs)).digest('hex');
  return { rows, contentSha256, inputVersions: inputs, inputsSha256 } satisfies JsonObject;
}

async function inputVersions(
  warehouse: Warehouse,
  byKey: ReadonlyMap<string, BuildableAsset>,
  asset: BuildableAsset,
): Promise<Readonly<Record<string, string>>> {
  const versions: Record<string, string> = {};
  for (const input of [...asset.inputs].sort()) {
    versions[input] = byKey.has(input)
      ? ((await warehouse.materialization(input))?.contentSha256 ?? 'absent')
      : await warehouse.version(input);
  }
  return versions;
}

/** The wanted assets and everything derived that they read. */
function needed(
  byKey: ReadonlyMap<string, BuildableAsset>,
  wanted: readonly string[],
): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (key: string) => {
    if (found.has(key)) return;
    found.add(key);
    for (const input of byKey.get(key)?.inputs ?? []) visit(input);
  };
  wanted.forEach(visit);
  return found;
}
