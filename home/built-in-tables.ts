import path from 'node:path';
import { asJson, objectMember } from '../core/json-member.ts';
import { canonicalJson, type JsonObject } from '../core/json.ts';
import { dimensionRows, loadDimensions } from '../transforms/catalog/load-dimensions.ts';
import type { Home } from './open-home.ts';
import { packageRoot } from './package-root.ts';
import { systemCall } from './system-call.ts';

/** Name of the source that brings the built-in reference tables. */
export const builtInSource = 'reference';

/**
 * Registers the built-in reference tables (areas, periods, calendars, rules) as a source like any other; again when a
 * release changes them. Tables that are empty in the release are forms: each home fills them from a source of its own.
 */
export async function addBuiltInTables(home: Home): Promise<void> {
  const config = await builtInConfig();
  const call = systemCall();
  const row = await home.store.get('source', builtInSource);
  if (row && row.status !== 'removed') {
    const kept = withoutDefaults(objectMember(row.data, 'config'));
    if (canonicalJson(kept) === canonicalJson(config)) {
      await activate(home, call);
      return;
    }
    await home.services.sources.remove(call, builtInSource);
  }
  await home.services.sources.add(call, {
    name: builtInSource,
    connector: 'reference-tables',
    config,
    owner: 'local',
  });
  await activate(home, call);
}

/** A registration that was killed half-way left a draft. */
async function activate(home: Home, call: ReturnType<typeof systemCall>): Promise<void> {
  const { sources } = home.services;
  const added = await sources.show(call, builtInSource);
  if (added.status === 'draft') await sources.certify(call, builtInSource, { batches: 2 });
  if (['draft', 'certified'].includes(added.status))
    await sources.approve(approver(call), builtInSource);
}

async function builtInConfig(): Promise<JsonObject> {
  const directory = path.join(packageRoot(), 'transforms/catalog/dimensions');
  const packs = await loadDimensions(directory);
  const filled: (typeof packs)[number][] = [];
  for (const pack of packs) if ((await dimensionRows(pack)).length > 0) filled.push(pack);
  const tables = filled.map(({ contract, path: file }) => {
    const { stream, label, columns, key } = contract;
    return { stream, file: path.basename(file), label, columns, key };
  });
  return asJson({ base: directory, tables });
}

function withoutDefaults({ base, tables }: JsonObject): JsonObject {
  return { base: base ?? null, tables: tables ?? null };
}

/** The built-in tables come with the release: no second person is asked. */
function approver(call: ReturnType<typeof systemCall>): ReturnType<typeof systemCall> {
  return { ...call, person: { ...call.person, actor: 'release' } };
}
