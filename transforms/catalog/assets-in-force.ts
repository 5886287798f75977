import type { ControlStore } from '../../control/port.ts';
import { textList, textMember } from '../../core/json-member.ts';
import type { JsonObject } from '../../core/json.ts';
import type { AssetSql, Warehouse } from '../../warehouse/port.ts';

/** A derived asset as defined by its SQL file. */
export interface DefinedAsset extends AssetSql {
  readonly sha256: string;
  /** Tables its SQL reads. */
  readonly inputs: readonly string[];
}

/** Journals every asset whose SQL is new or changed, so that an as-of question finds the SQL then in force. */
export async function defineAssets(
  store: ControlStore,
  assets: readonly DefinedAsset[],
): Promise<readonly string[]> {
  const changed: DefinedAsset[] = [];
  for (const asset of assets) {
    const known = await store.get('asset', asset.key);
    if (known?.data['sqlSha256'] !== asset.sha256) changed.push(asset);
  }
  if (changed.length === 0) return [];
  await store.decide(async (journal) => {
    for (const { key, sql, sha256, inputs } of changed) {
      const definition = await journal.define(sql);
      await journal.record({
        kind: 'asset.defined',
        subject: key,
        actor: 'system',
        data: { status: 'defined', sqlSha256: sha256, definition, inputs },
      });
    }
  });
  return changed.map(({ key }) => key);
}

/** A derived asset as it was defined at some time. */
export interface AssetInForce extends AssetSql {
  readonly sqlSha256: string;
  /** Tables its SQL reads. */
  readonly inputs: readonly string[];
}

/** The SQL of all derived assets in force at an instant, each after those it reads. */
export async function assetsInForce(
  store: ControlStore,
  at: string,
): Promise<readonly AssetInForce[]> {
  const defined = new Map<string, JsonObject & { readonly inputs: readonly string[] }>();
  for await (const { subject, data } of store.journal({ kinds: ['asset.defined'], until: at })) {
    defined.set(subject, { ...data, inputs: textList(data, 'inputs') });
  }
  const assets: AssetInForce[] = [];
  for (const key of inOrder(defined)) {
    const data = defined.get(key) ?? {};
    const sql = await store.definition(textMember(data, 'definition'));
    if (sql === undefined) throw new TypeError(`the definition of ${key} is missing`);
    const inputs = textList(data, 'inputs');
    assets.push({ key, sql, sqlSha256: textMember(data, 'sqlSha256'), inputs });
  }
  return assets;
}

/** Depth-first order of a graph without cycles: what is read comes first. */
export function inOrder(
  graph: ReadonlyMap<string, { readonly inputs: readonly string[] }>,
): readonly string[] {
  const ordered = new Set<string>();
  const visit = (key: string) => {
    if (ordered.has(key)) return;
    for (const input of graph.get(key)?.inputs ?? []) if (graph.has(input)) visit(input);
    ordered.add(key);
  };
  for (const key of graph.keys()) visit(key);
  return [...ordered];
}

/**
 * The instant of the newest thing that figures depend on: the last published batch or the last definition of an asset.
 * Reading as of it gives what is known now, and for ever the same: whatever comes later is recorded later.
 */
export async function knownSince(
  store: ControlStore,
  warehouse: Pick<Warehouse, 'ledger'>,
): Promise<string> {
  const ledger = await warehouse.ledger();
  let newest = ledger.at(-1)?.recordedAt ?? '';
  for await (const { at } of store.journal({ kinds: ['asset.defined'] })) {
    if (at > newest) newest = at;
  }
  return newest;
}
