import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from './decode-trouble.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import { inGroups, intoTable, jsonDocuments, jsonTrouble } from './json-source.ts';

/** Fields of a record that are wanted, all as text; lists hold records in turn. */
export interface JsonShape {
  readonly [field: string]: 'VARCHAR' | readonly [JsonShape];
}

/** How landed JSON pages are read. */
export interface JsonOptions {
  /** Name of the temporary table to make. */
  readonly into: string;
  /** Member of the page that holds the list of records. */
  readonly records: string;
  readonly shape: JsonShape;
}

/**
 * Reads landed JSON pages into a temporary table with one row for each record: `_file`, `_row` (ordinal in its page,
 * from 1), `record` (its text as received), `r` (a struct of the wanted fields, as text; numbers keep their digits) and
 * `_malformed` for records that are no object. Throws data `file-not-json`, `records-missing`.
 *
 * The page is cut by `json_transform`, which takes any depth; `read_json` with columns overflows the stack on deeply
 * nested input (DuckDB 1.5.6, 100,000 levels).
 */
export async function readJsonPages(
  session: DecodeSession,
  files: readonly LandedFile[],
  options: JsonOptions,
): Promise<void> {
  const pages = quoted(`${options.into}_pages`);
  for (const [n, group] of inGroups(files).entries()) {
    await readPages(session, group, options.records, pages);
    await refuseWithoutRecords(session, group, pages);
    await session.run(`${intoTable(options.into, n === 0)}
      select _file, _row, record, json_transform(record, ${literal(JSON.stringify(options.shape))}) as r,
        case when json_type(record) <> 'OBJECT' then 'record-not-object' end as _malformed
      from (select _file, unnest(records) as record, generate_subscripts(records, 1)::bigint as _row from ${pages});
      drop table ${pages}`);
  }
}

async function readPages(
  session: DecodeSession,
  files: readonly LandedFile[],
  records: string,
  pages: string,
): Promise<void> {
  const shape = literal(JSON.stringify({ [records]: ['JSON'] }));
  const numbers = files.map(({ n, path }) => `(${n}, ${literal(path)})`).join(', ');
  try {
    await session.run(`create or replace temp table ${pages} as
      select f.n::integer as _file, json_transform(p.json, ${shape})[${literal(records)}] as records
      from ${jsonDocuments(files)} p join (values ${numbers}) f(n, path) on f.path = p.filename`);
  } catch (cause) {
    throw jsonTrouble(files, cause);
  }
}

async function refuseWithoutRecords(
  session: DecodeSession,
  files: readonly LandedFile[],
  pages: string,
): Promise<void> {
  const whole = await session.rows(
    `select _file::varchar as n from ${pages} group by 1 having count(*) = 1 and count(records) = 1`,
  );
  const numbers = new Set(whole.map((row) => row['n']));
  const wrong = files.find(({ n }) => !numbers.has(String(n)));
  if (wrong !== undefined) throw fileTrouble('records-missing', wrong, '');
}
