import { objectMember } from '../core/json-member.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { SelectOptions, Warehouse } from '../warehouse/port.ts';

/** Rows by condition, with a hash over all of them and the first few. */
export interface SourceRows {
  readonly asset: string;
  readonly asOf: string;
  readonly where: string;
  readonly count: number;
  /** SHA-256 over the rows as JSON, in order of that text. */
  readonly sha256: string;
  readonly sample: readonly JsonObject[];
}

/** Rows of a table by a condition that may name the table by its alias. */
export interface RowsWanted {
  readonly asset: string;
  readonly alias: string;
  readonly where: string;
}

/** How many rows are shown, and which columns (`layer.name.column`) the asker sees masked. */
export interface SampleView {
  readonly limit: number;
  readonly hidden: ReadonlySet<string>;
}

/** Counts, hashes and samples the rows of a table that fulfil a condition. */
export async function sourceRows(
  warehouse: Warehouse,
  rows: RowsWanted,
  view: SampleView,
  options: SelectOptions,
): Promise<SourceRows> {
  const { asset, alias, where } = rows;
  const all = `select to_json(t) as row from (select * from ${asset} ${alias} where ${where}) t`;
  const summary = await warehouse.select(
    `select count(*), sha256(coalesce(string_agg(cast(row as varchar), chr(10) order by cast(row as varchar)), '')) from (${all})`,
    options,
  );
  const sample = await warehouse.select(`${all} order by 1 limit ${view.limit}`, options);
  const [count, sha256] = summary.rows[0] ?? [];
  return {
    asset,
    asOf: options.asOf ?? '',
    where,
    count: Number(count ?? 0),
    sha256: String(sha256),
    sample: sample.rows.map(([row]) => masked(asset, rowOf(String(row)), view.hidden)),
  };
}

function rowOf(text: string): JsonObject {
  const row = JSON.parse(text) as Json;
  return objectMember({ row }, 'row');
}

function masked(asset: string, row: JsonObject, hidden: ReadonlySet<string>): JsonObject {
  const cell = (name: string, value: Json) => (hidden.has(`${asset}.${name}`) ? '***' : value);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(name, value)]));
}
