import { z } from 'zod';
import { objectMember } from '../core/json-member.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Select } from '../warehouse/port.ts';

/** Rows by condition, with a hash over all of them and the first few. */
export interface SourceRows {
  readonly asset: string;
  readonly asOf: string;
  readonly where: string;
  readonly count: number;
  /** SHA-256 over the sorted SHA-256 (hex) of each row as JSON. */
  readonly sha256: string;
  readonly sample: readonly JsonObject[];
}

/** How many of some loaded rows stand in one landed file. */
export interface RowsOfFile {
  readonly batch: string;
  readonly file: number;
  readonly rows: number;
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

/** Counts, hashes and samples the rows of a table that fulfil a condition, in one pass over them. */
export async function sourceRows(
  select: Select,
  wanted: RowsWanted,
  view: SampleView,
  asOf: string,
): Promise<SourceRows> {
  return (await readRows(select, wanted, view, asOf, 'null')).rows;
}

/** The same for a loaded table, with the landed files that the rows stand in. */
export async function loadedSource(
  select: Select,
  wanted: RowsWanted,
  view: SampleView,
  asOf: string,
): Promise<{ readonly rows: SourceRows; readonly files: readonly RowsOfFile[] }> {
  return await readRows(select, wanted, view, asOf, FILES);
}

const FILES = `(select to_json(list({'batch': _batch, 'file': _file, 'rows': n} order by _batch, _file))
  from (select _batch, _file, count(*) as n from wanted group by _batch, _file))`;

async function readRows(
  select: Select,
  { asset, alias, where }: RowsWanted,
  { limit, hidden }: SampleView,
  asOf: string,
  files: string,
): Promise<{ readonly rows: SourceRows; readonly files: readonly RowsOfFile[] }> {
  const result =
    await select(`with wanted as materialized (select * from ${asset} ${alias} where ${where}),
texts as (select cast(to_json(w) as varchar) as row from wanted w)
select count(*), sha256(coalesce(string_agg(sha256(row), '' order by sha256(row)), '')),
  to_json(min(row, ${limit})), ${files}
from texts`);
  const [count, sha256, sample, inFiles] = result.rows[0] ?? [];
  const texts = listIn(textsSchema, sample);
  return {
    rows: {
      asset,
      asOf,
      where,
      count: Number(count ?? 0),
      sha256: String(sha256),
      sample: texts.map((text) => masked(asset, rowOf(text), hidden)),
    },
    files: listIn(filesSchema, inFiles),
  };
}

const textsSchema = z.array(z.string()).nullable();
const filesSchema = z
  .array(z.object({ batch: z.string(), file: z.number(), rows: z.number() }).readonly())
  .nullable();

/** A list that the engine wrote as JSON; none over no rows. */
function listIn<T>(schema: z.ZodType<readonly T[] | null>, cell: Cell): readonly T[] {
  return typeof cell === 'string' ? (schema.parse(JSON.parse(cell)) ?? []) : [];
}

type Cell = string | boolean | null | undefined;

function rowOf(text: string): JsonObject {
  const row = JSON.parse(text) as Json;
  return objectMember({ row }, 'row');
}

function masked(asset: string, row: JsonObject, hidden: ReadonlySet<string>): JsonObject {
  const cell = (name: string, value: Json) => (hidden.has(`${asset}.${name}`) ? '***' : value);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(name, value)]));
}
