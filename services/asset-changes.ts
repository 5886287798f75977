import type { ControlStore } from '../control/port.ts';
import { asJson, textMember } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import { quoted } from '../core/sql-text.ts';
import { readHeader } from '../transforms/catalog/asset-header.ts';
import type { Asset } from '../transforms/catalog/catalog.ts';
import {
  contractChanges,
  type AssetContract,
  type ContractChange,
} from '../transforms/catalog/contract-change.ts';
import type { Warehouse } from '../warehouse/port.ts';

/** Every version of an asset's definition, oldest first, with what its contract changed against the one before. */
export async function assetVersions(
  store: ControlStore,
  key: string,
): Promise<readonly JsonObject[]> {
  const versions: JsonObject[] = [];
  let before: AssetContract | undefined;
  for await (const { at, data } of store.journal({ kinds: ['asset.defined'], subject: key })) {
    const contract = await contractOf(store, textMember(data, 'definition'));
    const changes = before && contract ? contractChanges(before, contract) : [];
    versions.push(
      asJson({
        at,
        sqlSha256: textMember(data, 'sqlSha256'),
        breaking: changes.some((one) => one.breaking),
        changes,
      }),
    );
    before = contract ?? before;
  }
  return versions;
}

async function contractOf(
  store: ControlStore,
  definition: string,
): Promise<AssetContract | undefined> {
  const header = readHeader((await store.definition(definition)) ?? '');
  return header.ok ? header.header : undefined;
}

/** What the contract that was built last and the one in force now differ in; empty where nothing was built. */
export async function changesSinceBuilt(
  store: ControlStore,
  { key, sql }: Asset,
  builtSha256: string | undefined,
): Promise<readonly ContractChange[]> {
  const now = readHeader(sql);
  for await (const { data } of store.journal({ kinds: ['asset.defined'], subject: key })) {
    if (textMember(data, 'sqlSha256') !== builtSha256) continue;
    const built = await contractOf(store, textMember(data, 'definition'));
    return built && now.ok ? contractChanges(built, now.header) : [];
  }
  return [];
}

/** Rows that a build would bring, beside those that consumers see now. */
export interface TableDifference {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly same: number;
  /** The first of them by key: what happens to the row, and in which columns. */
  readonly sample: readonly JsonObject[];
}

/** Most rows of a sample. */
const sampleRows = 20;

/**
 * Compares what an asset's SQL gives now with the table that was built last, row by row over its key, before it is built.
 * Columns that only one of them has are left to the contract's changes.
 */
export async function tableDifference(
  warehouse: Pick<Warehouse, 'select'>,
  asset: Asset,
  hidden: ReadonlySet<string>,
): Promise<TableDifference> {
  const shared = await sharedColumns(warehouse, asset);
  const compared = comparison(asset, shared);
  const { rows } = await warehouse.select(
    `with ${compared} select
       count(*) filter (where what = 'added'), count(*) filter (where what = 'removed'),
       count(*) filter (where what = 'changed'), count(*) filter (where what = 'same') from compared`,
  );
  const [added = 0, removed = 0, changed = 0, same = 0] = (rows[0] ?? []).map(Number);
  const keys = asset.keyColumns.map(quoted).join(', ');
  const listed = await warehouse.select(
    `with ${compared} select what, differing, ${keys} from compared where what <> 'same'
     order by ${keys} limit ${sampleRows}`,
  );
  const sample = listed.rows.map(([what, differing, ...key]) => ({
    what: String(what),
    key: asset.keyColumns.map((name, at) =>
      hidden.has(`${asset.key}.${name}`) ? '***' : String(key[at]),
    ),
    columns: String(differing)
      .split(' ')
      .filter((name) => name !== ''),
  }));
  return { added, removed, changed, same, sample };
}

async function sharedColumns(
  warehouse: Pick<Warehouse, 'select'>,
  { key, columns, keyColumns }: Asset,
): Promise<readonly string[]> {
  const [schema = '', table = ''] = key.split('.');
  const { rows } = await warehouse.select(
    'select column_name from information_schema.columns where table_schema = $1 and table_name = $2',
    { values: [schema, table] },
  );
  const present = new Set(rows.map(([name]) => String(name)));
  return columns
    .map(({ name }) => name)
    .filter((name) => present.has(name) && !keyColumns.includes(name));
}

function comparison({ key, sql, keyColumns }: Asset, shared: readonly string[]): string {
  const differs = (name: string) => `n.${quoted(name)} is distinct from o.${quoted(name)}`;
  const join = keyColumns
    .map((name) => `n.${quoted(name)} is not distinct from o.${quoted(name)}`)
    .join(' and ');
  const keys = keyColumns
    .map((name) => `coalesce(n.${quoted(name)}, o.${quoted(name)}) as ${quoted(name)}`)
    .join(', ');
  const changed = shared.map((name) => `case when ${differs(name)} then '${name} ' else '' end`);
  return `next as (select *, true as is_next from (${sql}\n)),
    present as (select *, true as is_present from ${key}),
    compared as (select ${keys},
      case when o.is_present is null then 'added' when n.is_next is null then 'removed'
        when ${shared.length === 0 ? 'false' : shared.map(differs).join(' or ')} then 'changed' else 'same' end as what,
      case when o.is_present and n.is_next then ${changed.length === 0 ? "''" : changed.join(' || ')} else '' end as differing
      from next n full join present o on ${join})`;
}
