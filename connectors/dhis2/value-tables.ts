import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import { readCsv } from '../decode/csv.ts';
import { readJsonPages } from '../decode/json.ts';
import { jsonDocuments } from '../decode/json-source.ts';
import { csvHeaders, memberNames, valueColumns, type ValueColumn } from './value-columns.ts';

/** A raw table of values: the value columns as texts, and the record as received. */
export interface ValueTable {
  readonly from: string;
  readonly raw: string;
}

/** Members that a set in JSON may state for all of its values. */
const setMembers = ['dataSet', 'period', 'orgUnit', 'attributeOptionCombo'] as const;

/** Values of JSON sets; what a set states holds for values that state nothing. */
export async function jsonValues(
  session: DecodeSession,
  files: readonly LandedFile[],
): Promise<ValueTable> {
  const names = Object.keys(memberNames);
  await readJsonPages(session, files, {
    into: 'value_records',
    records: 'dataValues',
    shape: Object.fromEntries(names.map((name) => [name, 'VARCHAR' as const])),
  });
  const stated = setMembers.map(
    (name) => `json_extract_string(json, '$.${name}') as ${quoted(name)}`,
  );
  const sets = files.map(
    (file) => `select ${file.n}::integer as _file, ${stated.join(', ')}
      from ${jsonDocuments([file])}`,
  );
  await session.run(`create or replace temp table value_sets as ${sets.join(' union all ')};
    create or replace temp table value_texts as select v._file, v._row, v._malformed, v.record,
      ${valueColumns.map((column) => `${jsonText(column)} as ${column}`).join(', ')}
    from value_records v join value_sets s on s._file = v._file`);
  return { from: 'value_texts', raw: 'record::varchar' };
}

/** The first member that has the value: of the record, then of its set. */
function jsonText(column: ValueColumn): string {
  const names = Object.keys(memberNames).filter((name) => memberNames[name] === column);
  const own = names.map((name) => `nullif(v.r.${quoted(name)}, '')`);
  const ofSet = setMembers
    .filter((name) => names.includes(name))
    .map((name) => `s.${quoted(name)}`);
  return `coalesce(${[...own, ...ofSet, 'null::varchar'].join(', ')})`;
}

/** Values of one CSV export. */
export async function csvValues(session: DecodeSession, file: LandedFile): Promise<ValueTable> {
  const names = await readCsv(session, file, {
    into: 'value_lines',
    rename: (header) => csvHeaders[header.toLowerCase().replaceAll(/[^a-z]/g, '')] ?? header,
    required: ['data_element', 'period_given', 'org_unit', 'value'],
  });
  const texts = valueColumns.map((column) =>
    names.includes(column) ? column : `null::varchar as ${column}`,
  );
  const members = names.map((name) => `${literal(name)}: ${quoted(name)}`).join(', ');
  await session.run(`create or replace temp table value_texts as
    select _file, _row, _malformed, coalesce(_line, to_json({${members}})::varchar) as record, ${texts.join(', ')}
    from value_lines`);
  return { from: 'value_texts', raw: 'record' };
}
