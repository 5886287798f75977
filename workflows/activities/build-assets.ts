import { createHash } from 'node:crypto';
import type { ControlStore } from '../../control/port.ts';
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

/** What was built and what was already up to date. */
export interface BuildResult {
  readonly built: readonly { readonly key: string; readonly rows: number }[];
  readonly fresh: readonly string[];
}

/**
 * Builds the assets whose SQL or inputs have changed, each after those it reads. An input's version is its ledger
 * position (loaded tables) or its content hash (derived ones), so that an unchanged rewrite makes nothing stale.
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
  const built: { key: string; rows: number }[] = [];
  const fresh: string[] = [];
  for (const [index, key] of order.entries()) {
    const asset = byKey.get(key);
    if (!asset) continue;
    const rows = await buildIfStale(deps, byKey, asset);
    if (rows === undefined) fresh.push(key);
    else built.push({ key, rows });
    progress({
      step: { vi: `Dựng ${key}`, en: `Building ${key}` },
      done: index + 1,
      total: order.length,
    });
  }
  return { built, fresh };
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
    return undefined;
  }
  const { key, sql, checks, sha256 } = asset;
  const result = await deps.warehouse.materialize({ key, sql, sqlSha256: sha256, inputs, checks });
  await deps.store.decide((journal) =>
    journal.record({
      kind: 'asset.materialized',
      subject: key,
      actor: 'system',
      data: materializedData(inputs, result),
    }),
  );
  return result.rows;
}

function materializedData(
  inputs: Readonly<Record<string, string>>,
  { rows, sha256 }: { readonly rows: number; readonly sha256: string },
): JsonObject {
  const inputsSha256 = createHash('sha256').update(canonicalJson(inputs)).digest('hex');
  return { rows, contentSha256: sha256, inputVersions: inputs, inputsSha256 };
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
