import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from './decode-trouble.ts';
import { headerWords } from './header-words.ts';
import type { RecordDecoder, RecordField, RecordsFound, RecordsWanted } from './record-decoder.ts';
import { readXlsx } from './xlsx-table.ts';

/**
 * Reads the tables of workbooks, columns found by header text: by the last line of a header of several rows (`Số hồ sơ`),
 * or by all of them (`Đã giải quyết / Trước hạn`). Letter case, tone position, footnote marks and a unit in brackets do
 * not matter. Number cells of fields that are written the Vietnamese way are spelled that way, so that 1.234 stays a
 * fraction in a number cell and a thousand in a text. Throws data `header-not-found` and what {@link readXlsx} throws.
 */
export const decodeXlsxRecords: RecordDecoder = async (session, files, wanted) => {
  const texts = wanted.fields.map(({ as }) => `, ${quoted(as)} varchar`).join('');
  await session.run(`create or replace temp table ${quoted(wanted.into)}
    (_file integer, _row bigint, _malformed varchar, _raw varchar${texts})`);
  const missing: { file: string; from: string }[] = [];
  const known = new Set<string>();
  for (const file of files) {
    const names = await readOne(session, file, wanted);
    for (const name of names) known.add(name);
    for (const { from } of wanted.fields)
      if (!names.includes(from)) missing.push({ file: file.name, from });
  }
  return { missing, names: [...known] } satisfies RecordsFound;
};

async function readOne(
  session: DecodeSession,
  file: LandedFile,
  { into, fields, sheet }: RecordsWanted,
): Promise<readonly string[]> {
  const page = `${into} page`;
  const pattern = sheet === undefined ? undefined : new RegExp(`^(?:${sheet})$`, 'u');
  const froms = new Map(fields.map(({ from }) => [spelled(from), from]));
  const sheets = await readXlsx(session, file, {
    into: page,
    nameOf: (path) => froms.get(spelled(path.join(' / '))) ?? froms.get(spelled(path.at(-1) ?? '')),
    required: [],
    optional: [...froms.values()],
    others: (path) => path.join(' / '),
    ...(pattern === undefined ? {} : { sheet: (name) => pattern.test(name.trim()) }),
  });
  const names = sheets.flatMap(({ header }) => header.columns.map(({ name }) => name));
  if (!fields.some(({ from }) => names.includes(from)))
    throw fileTrouble('header-not-found', file, fields.map(({ from }) => from).join(', '));
  await session.run(`insert into ${quoted(into)} by name
    select _file, _row, _malformed, _line as _raw${fields.map(cell).join('')} from ${quoted(page)};
    drop table ${quoted(page)}`);
  return [...new Set(names)];
}

function spelled(header: string): string {
  return header.split('/').map(headerWords).join(' / ');
}

function cell({ as, from, numbers }: RecordField): string {
  const text = quoted(from);
  if (numbers !== 'vi') return `, ${text} as ${quoted(as)}`;
  const plain = `case when regexp_matches(${text}, '[eE]') then coalesce(try_cast(${text} as decimal(28,9))::varchar, ${text}) else ${text} end`;
  const kind = `json_extract_string(_kinds, ${literal(`$."${from.replaceAll('"', '\\"')}"`)})`;
  return `, case when ${kind} = 'n' then replace(${plain}, '.', ',') else ${text} end as ${quoted(as)}`;
}
