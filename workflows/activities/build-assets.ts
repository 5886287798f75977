import { createHash } from 'node:crypto';
import type { ControlStore } from '../../control/port.ts';
import { PhusaError } from '../../core/errors.ts';
import { canonicalJson, type JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import { inOrder, type DefinedAsset } from '../../transforms/catalog/assets-in-force.ts';
import type { BatchCheckSql } from '../../warehouse/staged-batch.ts';
import type { Warehouse } from '../../warehouse/port.ts';

/** A derived asset with the checks its rows must pass before consumers see them. */
export interface BuildableAsset extends DefinedAsset {
  readonly checks: readonly BatchCheckSql[];
}

/** What building works with. */
export interface BuildDependencies {
  readonly store: ControlStore;
  readonly warehouse: Warehouse;
  readonly assets: readonly BuildableAsset[];
}

/** What was built, what was already up to date, and what cannot be built for want of a source. */
export interface BuildResult {
  readonly built: readonly { readonly key: string; readonly rows: number }[];
  readonly fresh: readonly string[];
  readonly blocked: readonly BlockedAsset[];
}

/** An asset that reads tables which no source fills, itself or through what it reads. */
export interface BlockedAsset {
  readonly key: string;
  readonly missing: readonly string[];
}

/**
 * Builds the assets whose SQL or inputs have changed, each after those it reads. An input's version is its ledger
 * position (loaded tables) or its content hash (derived ones), so that an unchanged rewrite makes nothing stale. A home
 * with few sources builds what it can.
 */
export async function buildAssets(
  deps: BuildDependencies,
  wanted: readonly string[] | undefined,
  progress: Progress,
): Promise<BuildResult> {
  const byKey = new Map(deps.assets.map((asset) => [asset.key, asset]));
  const order = inOrder(byKey).filter(
    (key) => wanted === undefined || needed(byKey, wanted).has(key),
  );
  const blocked = blockedAssets(byKey, order, await existingTables(deps.warehouse));
  const built: { key: string; rows: number }[] = [];
  const fresh: string[] = [];
  for (const [index, key] of order.entries()) {
    const asset = byKey.get(key);
    if (!asset || blocked.some((one) => one.key === key)) continue;
    const rows = await buildIfStale(deps, byKey, asset);
    if (rows === undefined) fresh.push(key);
    else built.push({ key, rows });
    progress({
      step: { vi: `Dựng ${key}`, en: `Building ${key}` },
      done: index + 1,
      total: order.length,
    });
  }
  return { built, fresh, blocked };
}

/** Tables that the warehouse holds: those of every source that was ever registered, and the reference tables. */
async function existingTables(warehouse: Warehouse): Promise<ReadonlySet<string>> {
  const { rows } = await warehouse.select(
    `select table_schema || '.' || table_name from information_schema.tables where table_schema in ('staging', 'dim', 'mart')`,
  );
  return new Set(rows.map(([key]) => String(key)));
}

/** Throws data `facts-blocked` when one of these facts could not be built, naming the tables that are missing. */
export function requireBuilt({ blocked }: BuildResult, facts: readonly string[]): void {
  const lacking = blocked.filter(({ key }) => facts.includes(key));
  if (lacking.length === 0) return;
  const keys = lacking.map(({ key }) => key).join(', ');
  const missing = [...new Set(lacking.flatMap((asset) => asset.missing))].join(', ');
  throw new PhusaError({
    group: 'data',
    code: 'facts-blocked',
    message: {
      vi: `Chưa dựng được ${keys}: chưa có nguồn nào nạp bảng ${missing}.`,
      en: `Cannot build ${keys}: no source fills ${missing} yet.`,
    },
    remedy: {
      vi: 'Đăng ký và nạp nguồn còn thiếu: phusa source add, phusa ingest.',
      en: 'Register and read the missing source: phusa source add, phusa ingest.',
    },
  });
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
