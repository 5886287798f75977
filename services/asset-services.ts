import type { ControlStore } from '../control/port.ts';
import { asJson } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { StreamContract } from '../core/stream-contract.ts';
import type { AssetServices, Call, QueryResult } from './port.ts';
import type { Asset, Catalog } from '../transforms/catalog/catalog.ts';
import { assetsInForce } from '../transforms/catalog/assets-in-force.ts';
import type { Warehouse } from '../warehouse/port.ts';
import type { Runner } from '../workflows/runner.ts';
import { notFound } from './batch-services.ts';
import { readAsOf } from './as-of.ts';
import { assetVersions, changesSinceBuilt, tableDifference } from './asset-changes.ts';
import { hiddenColumns, tableOf, type ClassifiedTables } from './hidden-columns.ts';
import { lineageGraph, lineageJobs, type LineageDependencies } from './lineage-services.ts';
import { mirrorMeta } from './mirror-meta.ts';

/** What showing, building and querying assets works with. */
export interface AssetServiceDependencies extends ClassifiedTables {
  readonly store: ControlStore;
  readonly warehouse: Warehouse;
  readonly catalog: Catalog;
  /** The host that builds. */
  readonly runner: Runner;
}

/** Longest a person's query may run, in milliseconds (goal S4: every user query ends within 30 s). */
const queryTimeoutMs = 30_000;

/** Assets: loaded tables and derived ones; building; ad-hoc queries; lineage. */
export function createAssetServices(deps: AssetServiceDependencies): AssetServices {
  return {
    list: async () => [
      ...deps.catalog.assets.map(assetView),
      ...(await deps.contracts()).map(({ contract, source }) => loadedView(contract, source)),
    ],
    show: (_call, key) => showAsset(deps, key),
    build: async ({ progress, signal }, { keys }) => {
      const wanted = keys === undefined ? {} : { keys };
      const result = await deps.runner.run('buildStale', wanted, { progress, signal });
      return {
        built: result.built.map(asJson),
        fresh: result.fresh,
        blocked: result.blocked.map(asJson),
      };
    },
    query: (call, sql, options) => query(deps, call, sql, options),
    diff: (call, key) => difference(deps, call, key),
    lineage: (_call, ref, direction) => lineageGraph(lineageFrom(deps), ref, direction),
    openLineage: (_call, ref, direction) =>
      lineageJobs(lineageFrom(deps), ref, direction, new Date().toISOString()),
  };
}

function assetView({
  key,
  label,
  description,
  owner,
  grain,
  subject,
  dependsOn,
  sha256,
}: Asset): JsonObject {
  return asJson({
    key,
    kind: 'derived',
    label,
    description,
    owner,
    grain,
    subject,
    dependsOn,
    sqlSha256: sha256,
  });
}

function loadedView(contract: StreamContract, source: string): JsonObject {
  const { label, key, subject } = contract;
  return asJson({
    key: tableOf(contract),
    kind: 'loaded',
    label,
    source,
    keyColumns: key,
    subject,
  });
}

async function showAsset(deps: AssetServiceDependencies, key: string): Promise<JsonObject> {
  const asset = deps.catalog.asset(key);
  if (asset) {
    const consumers = deps.catalog.assets
      .filter(({ dependsOn }) => dependsOn.includes(key))
      .map((a) => a.key);
    const last = await deps.warehouse.materialization(key);
    const { columns, checks, sql, provenance } = asset;
    return asJson({
      ...assetView(asset),
      columns,
      checks,
      sql,
      provenance,
      consumers,
      materialization: last ?? null,
      versions: await assetVersions(deps.store, key),
    });
  }
  const loaded = (await deps.contracts()).find(({ contract }) => tableOf(contract) === key);
  if (!loaded) throw notFound('bảng', 'asset', key);
  const version = await deps.warehouse.version(key);
  return asJson({
    ...loadedView(loaded.contract, loaded.source),
    columns: loaded.contract.columns,
    version,
  });
}

/** What building an asset now would change: its contract, and its rows by key. */
async function difference(
  deps: AssetServiceDependencies,
  call: Call,
  key: string,
): Promise<JsonObject> {
  const asset = deps.catalog.asset(key);
  if (!asset) throw notFound('bảng', 'asset', key);
  const built = await deps.warehouse.materialization(key);
  const hidden = await hiddenColumns(deps, call.person);
  return asJson({
    key,
    builtAt: built?.builtAt ?? null,
    contract: await changesSinceBuilt(deps.store, asset, built?.sqlSha256),
    rows: built ? await tableDifference(deps.warehouse, asset, hidden) : null,
  });
}

async function query(
  deps: AssetServiceDependencies,
  call: Call,
  sql: string,
  options: { readonly asOf?: string; readonly maxRows?: number },
): Promise<QueryResult> {
  if (/\bmeta\b/i.test(sql)) await mirrorMeta(deps.store, deps.warehouse);
  const asOf = options.asOf === undefined ? undefined : readAsOf(options.asOf);
  const table = await deps.warehouse.query(sql, {
    maxRows: Math.min(options.maxRows ?? 10_000, 100_000),
    timeoutMs: queryTimeoutMs,
    masked: await hiddenColumns(deps, call.person),
    ...(asOf === undefined ? {} : { asOf, assets: await assetsInForce(deps.store, asOf) }),
  });
  await deps.store.decide((journal) =>
    journal.record({
      kind: 'access.queried',
      subject: 'warehouse',
      actor: call.person.actor,
      data: { sql, asOf: asOf ?? null, rows: table.rows.length },
    }),
  );
  return { columns: table.columns, rows: table.rows, truncated: table.truncated ?? false };
}

function lineageFrom(deps: AssetServiceDependencies): LineageDependencies {
  return { ...deps, namespace: `phusa://${deps.store.homeId}` };
}
