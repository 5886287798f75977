import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from './decode-trouble.ts';
import { engineJsonPath, parsePath, type PathStep } from './document-path.ts';
import type { RecordDecoder, RecordField, RecordsFound, RecordsWanted } from './record-decoder.ts';
import { inGroups, intoTable, jsonDocuments, jsonTrouble } from './json-source.ts';
import { literalList } from './sql-text.ts';

/**
 * Reads JSON documents; lists within lists are spread where the path says `[]`. Throws data `file-not-json`,
 * `records-missing`.
 */
export const decodeJsonRecords: RecordDecoder = async (session, files, wanted) => {
  const documents = `${wanted.into} documents`;
  const [steps, ...inner] = listsOf(wanted.records);
  const isOneList = inner.length === 0 && wanted.fields.every(({ from }) => ups(from) === 0);
  const isPlain = steps !== undefined && steps.every(({ kind }) => kind === 'member');
  for (const [n, group] of inGroups(files).entries()) {
    const into = intoTable(wanted.into, n === 0);
    if (isOneList && isPlain) {
      await takeList(session, group, documents, steps, { into, wanted });
    } else {
      await readDocuments(session, group, documents, 'r');
      await refuseWithoutList(session, group, documents, listAt(steps ?? []));
      await spreadInto(session, documents, { into, wanted });
    }
  }
  return await foundIn(session, files, wanted);
};

/** Where records go, and which. */
interface Taken {
  /** SQL before a SELECT, of {@link intoTable}. */
  readonly into: string;
  readonly wanted: RecordsWanted;
}

/** Records that stand in one list and need nothing from around it: each page is taken apart once. */
async function takeList(
  session: DecodeSession,
  files: readonly LandedFile[],
  documents: string,
  steps: readonly PathStep[],
  { into, wanted }: Taken,
): Promise<void> {
  const list = `coalesce(${listOf(steps)}, ${listAt(steps)})`;
  await readDocuments(session, files, documents, `${list} as list`);
  await refuseWithoutList(session, files, documents, 'list');
  const [found] = await session.rows(
    `select (count(*) = count(distinct _file))::varchar as whole from ${quoted(documents)}`,
  );
  const row =
    found?.['whole'] === 'true' ? 'n' : 'row_number() over (partition by _file order by n)';
  await session.run(`${into}
    select _file, ${row} as _row, ${malformed} as _malformed, r::varchar as _raw,
      ${columnsOf(wanted.fields).join(', ')}
    from (select *, ${extracted(wanted.fields)} as own
      from (select _file, null::varchar as bad, unnest(list) as r, generate_subscripts(list, 1)::bigint as n
        from ${quoted(documents)}));
    drop table ${quoted(documents)}`);
}

/** SQL for the list at members of a document; NULL where there is something else. */
function listOf(steps: readonly PathStep[]): string {
  const names = steps.flatMap((step) => (step.kind === 'member' ? [step.name] : []));
  const shape = names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), ['JSON']);
  const members = names.map((name) => `[${literal(name)}]`).join('');
  return `json_transform(r, ${literal(JSON.stringify(shape))})${members}`;
}

/** SQL for the reason of what is no record. */
const malformed = `case when bad is not null then 'line-malformed'
  when json_type(r) <> 'OBJECT' then 'record-not-object' end`;

/**
 * A number with more digits than a double holds, as it stands in a document. The engine would round it when it takes
 * the document apart; as a text it keeps its digits (A43).
 */
const longNumber = String.raw`([:,\[]\s*)(-?(?:[0-9]{16,}\.[0-9]+|[0-9]+\.[0-9]{15,})(?:[eE][+-]?[0-9]+)?)(\s*[,}\]])`;

/** SQL for a document whose long numbers are texts. */
export function exactNumbers(document: string): string {
  const text = `${document}::varchar`;
  const kept = `regexp_replace(${text}, ${literal(longNumber)}, ${literal(String.raw`\1"\2"\3`)}, 'g')`;
  return `case when regexp_matches(${text}, ${literal(longNumber)}) then ${kept}::json else ${document} end`;
}

async function readDocuments(
  session: DecodeSession,
  files: readonly LandedFile[],
  into: string,
  kept: string,
): Promise<void> {
  const numbers = files.map(({ n, path }) => `(${n}, ${literal(path)})`).join(', ');
  try {
    await session.run(`create or replace temp table ${quoted(into)} as
      select _file, null::bigint as _row, null::varchar as bad, ${kept}
      from (select f.n::integer as _file, ${exactNumbers('p.json')} as r
        from ${jsonDocuments(files)} p join (values ${numbers}) f(n, path) on f.path = p.filename)`);
  } catch (cause) {
    throw jsonTrouble(files, cause);
  }
}

/**
 * Spreads documents into records: `_file`, `_row` (its place among the documents of the file), `r`, and `bad`, the
 * text of what should have been a document and is none.
 */
export async function spreadRecords(
  session: DecodeSession,
  files: readonly LandedFile[],
  documents: string,
  wanted: RecordsWanted,
): Promise<RecordsFound> {
  await spreadInto(session, documents, { into: intoTable(wanted.into, true), wanted });
  return await foundIn(session, files, wanted);
}

async function spreadInto(
  session: DecodeSession,
  documents: string,
  { into, wanted }: Taken,
): Promise<void> {
  const lists = listsOf(wanted.records);
  const spread = lists.reduce(
    (from, steps, level) => {
      const up = fieldsAt(wanted.fields, lists.length - level);
      return spreadOnce(from, steps, up);
    },
    `(select _file, r, bad, [coalesce(_row, 0)] as places from ${quoted(documents)})`,
  );
  await session.run(`${into}
    select _file, row_number() over (partition by _file order by places) as _row, ${malformed} as _malformed, coalesce(bad, r::varchar) as _raw,
      ${columnsOf(wanted.fields).join(', ')}
    from (select *, ${extracted(fieldsAt(wanted.fields, 0))} as own from ${spread}) order by _file, _row;
    drop table ${quoted(documents)}`);
}

/** The steps to each list on the way, outermost first; the last one is the list of records. */
function listsOf(records: string): readonly (readonly PathStep[])[] {
  const steps = parsePath(records) ?? [];
  const lists: PathStep[][] = [[]];
  for (const step of steps) {
    if (step.kind === 'each') lists.push([]);
    else lists.at(-1)?.push(step);
  }
  return lists.length > 1 && lists.at(-1)?.length === 0 ? lists.slice(0, -1) : lists;
}

function spreadOnce(from: string, steps: readonly PathStep[], up: readonly RecordField[]): string {
  const outer = up.map((field, at) => `above[${at + 1}] as ${quoted(field.as)}`);
  const kept = outer.length === 0 ? '' : `, ${outer.join(', ')}`;
  return `(select * exclude (list, r, places, above)${kept}, unnest(list) as r,
      list_append(places, unnest(generate_series(1, len(list)))) as places
    from (select *, ${listAt(steps)} as list, ${extracted(up)} as above from ${from}))`;
}

function listAt(steps: readonly PathStep[]): string {
  const value = steps.length === 0 ? 'r' : `json_extract(r, ${literal(engineJsonPath(steps))})`;
  return `case when bad is not null then [null::json] when json_type(${value}) = 'ARRAY'
    then json_transform(${value}, '["JSON"]')
    when ${value} is not null and json_type(${value}) <> 'NULL' then [${value}::json] end`;
}

/** Fields of the record itself (0), of the one around it (1), and so on. */
function fieldsAt(fields: readonly RecordField[], level: number): readonly RecordField[] {
  return fields.filter(({ from }) => ups(from) === level);
}

function ups(path: string): number {
  return (parsePath(path) ?? []).filter(({ kind }) => kind === 'up').length;
}

function extracted(fields: readonly RecordField[]): string {
  if (fields.length === 0) return 'null::varchar[]';
  const paths = fields.map(({ from }) => engineJsonPath(parsePath(from) ?? []));
  return `json_extract_string(r, ${literalList(paths)})`;
}

function columnsOf(fields: readonly RecordField[]): readonly string[] {
  const own = fieldsAt(fields, 0);
  return fields.map((field) => {
    const at = own.indexOf(field);
    return at < 0 ? quoted(field.as) : `own[${at + 1}] as ${quoted(field.as)}`;
  });
}

async function refuseWithoutList(
  session: DecodeSession,
  files: readonly LandedFile[],
  documents: string,
  list: string,
): Promise<void> {
  const counted = await session.rows(`select _file::varchar as n from ${quoted(documents)}
    group by 1 having count(*) = count(${list})`);
  const whole = new Set(counted.map((row) => row['n']));
  const wrong = files.find(({ n }) => !whole.has(String(n)));
  if (wrong !== undefined) throw fileTrouble('records-missing', wrong, '');
}

/** Looks closer only at fields that no record of a file fills. */
async function foundIn(
  session: DecodeSession,
  files: readonly LandedFile[],
  { into, fields }: RecordsWanted,
): Promise<RecordsFound> {
  const own = fieldsAt(fields, 0);
  const counts = own.map(({ as }, n) => `count(${quoted(as)})::varchar as c${n}`);
  const filled = await session.rows(
    `select _file::varchar as file, ${[...counts, 'count(*) as rows'].join(', ')} from ${quoted(into)}
    where _malformed is null group by 1 order by 1`,
  );
  const missing: { file: string; from: string }[] = [];
  for (const row of filled) {
    for (const [n, { from }] of own.entries()) {
      if (row[`c${n}`] !== '0') continue;
      const path = literal(engineJsonPath(parsePath(from) ?? []));
      const [there] =
        await session.rows(`select coalesce(bool_or(json_exists(_raw, ${path})), false)::varchar as there
        from ${quoted(into)} where _file = ${row['file'] ?? ''} and _malformed is null`);
      const file = files.find((one) => String(one.n) === row['file'])?.name ?? '';
      if (there?.['there'] !== 'true') missing.push({ file, from });
    }
  }
  const names = await session.rows(`select distinct unnest(json_keys(_raw)) as name
    from (select _raw from ${quoted(into)} where _malformed is null limit 1000) order by 1`);
  return { missing, names: names.flatMap((row) => row['name'] ?? []) };
}
