import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { readCsv } from '../decode/csv.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import { typeTable, type TypedColumn } from '../decode/typed-select.ts';
import { readXlsx } from '../decode/xlsx-table.ts';
import { caseColumns, caseWords, columnFinder, type CaseColumn } from './case-columns.ts';
import type { CaseListsConfig } from './config.ts';

/** Spellings of days; cells of workbooks come as ISO. */
const dayFormats = [
  '%d/%m/%Y',
  '%Y-%m-%d',
  '%d-%m-%Y',
  '%d.%m.%Y',
  '%Y%m%d',
  '%d/%m/%Y %H:%M',
  '%d/%m/%Y %H:%M:%S',
  '%Y-%m-%d %H:%M:%S',
  '%Y-%m-%dT%H:%M:%S',
];

/** A list without case codes: what tells its cases apart. */
const told = ['full_name', 'birth_date', 'sex', 'address', 'disease', 'disease_code', 'onset_on'];

/**
 * Decodes a list: columns found by header text, in any order, from CSV or workbooks. Rows of the state `deleted` are
 * tombstones. Throws what the decoders throw, and `header-missing-column` for a file without persons or diseases.
 */
export async function decodeCaseLists(
  session: DecodeSession,
  config: CaseListsConfig,
): Promise<void> {
  await session.run(`create or replace temp table case_texts (_file integer, _row bigint, _malformed varchar,
    _line varchar, ${caseColumns.map(({ name }) => `${name} varchar`).join(', ')})`);
  for (const file of session.files) await readList(session, file, config);
  await writeWords(session, config);
  await session.run(`create or replace temp table case_records as select * replace (
    coalesce(nullif(trim(case_code), ''), ${fingerprint}) as case_code,
    ${caseColumns.filter(isCoded).map(coded).join(', ')}) from case_texts`);
  await typeTable(session, 'typed_cases', {
    from: 'case_records',
    columns: caseColumns.flatMap(typedColumns),
    raw: '_line',
    publishedAt: `try_cast(coalesce(updated_on, reported_on) as timestamp) at time zone 'Asia/Ho_Chi_Minh'`,
  });
  await session.run(`create or replace temp table decoded_disease_case as
    select * exclude (row_state)
      replace (if(_status is null and row_state = 'deleted', 'deleted', _status) as _status)
    from typed_cases`);
}

async function readList(
  session: DecodeSession,
  file: LandedFile,
  { headers, delimiter }: CaseListsConfig,
): Promise<void> {
  const find = columnFinder(headers);
  const names = /\.xlsx$/i.test(file.name)
    ? await readWorkbook(session, file, find)
    : await readCsv(session, file, {
        into: 'case_page',
        delimiter,
        rename: (header) => find(header) ?? header,
        required: [],
      });
  const has = (...some: readonly string[]) => some.some((name) => names.includes(name));
  if (!has('case_code', 'full_name') || !has('disease', 'disease_code'))
    throw fileTrouble('header-missing-column', file, 'mã ca / họ tên, bệnh / mã bệnh');
  const own = caseColumns.filter(({ name }) => names.includes(name)).map(({ name }) => name);
  const record = names.map((name) => `${literal(name)}: ${quoted(name)}`).join(', ');
  await session.run(`insert into case_texts by name
    select _file, _row, _malformed, coalesce(_line, to_json({${record}})::varchar) as _line,
      ${own.join(', ')} from case_page;
    drop table case_page`);
}

async function readWorkbook(
  session: DecodeSession,
  file: LandedFile,
  find: (header: string) => string | undefined,
): Promise<readonly string[]> {
  const sheets = await readXlsx(session, file, {
    into: 'case_page',
    nameOf: (path) => find(path.join(' ')) ?? find(path.at(-1) ?? ''),
    required: [],
    optional: caseColumns.map(({ name }) => name),
  });
  return [
    ...new Set(sheets.flatMap(({ header }) => header.columns.map(({ name }) => name))),
  ].filter((name) => caseColumns.some((column) => column.name === name));
}

/** NULL where a row tells no person: it has no key then, and waits. */
const fingerprint = `case when trim(coalesce(full_name, '')) <> '' then
  concat('~', md5(concat_ws('|', ${told.map((name) => `coalesce(lower(nfc_normalize(trim(${name}))), '')`).join(', ')}))) end`;

async function writeWords(session: DecodeSession, { words }: CaseListsConfig): Promise<void> {
  const local = Object.entries(words).flatMap(([word, code]) =>
    ['sex', 'class', 'state'].map((kind) => ({ kind, word, code })),
  );
  const shared = caseWords.map(({ kind = '', word = '', code = '' }) => ({ kind, word, code }));
  const rows = [...shared, ...local].map(
    ({ kind, word, code }) =>
      `(${literal(kind)}, ${literal(word.normalize('NFC').toLowerCase())}, ${literal(code)})`,
  );
  await session.run(`create or replace temp table case_word as
    select kind, word, last(code) as code from (values ${rows.join(', ')}) w(kind, word, code) group by kind, word`);
}

function isCoded({ kind }: CaseColumn): boolean {
  return kind === 'sex' || kind === 'class' || kind === 'state';
}

/** The code of a word; an unknown word stays and is told. */
function coded({ name, kind }: CaseColumn): string {
  return `coalesce((select w.code from case_word w
    where w.kind = ${literal(kind)} and w.word = lower(nfc_normalize(trim(case_texts.${name})))), ${name}) as ${name}`;
}

const codes = {
  sex: ['male', 'female', 'unknown'],
  class: ['suspected', 'probable', 'confirmed', 'excluded'],
  state: ['kept', 'deleted'],
} as const;

function typedColumns({ name, kind, type }: CaseColumn): readonly TypedColumn[] {
  switch (kind) {
    case 'sex':
    case 'class':
    case 'state':
      return [{ name, type, from: name, oneOf: codes[kind] }];
    case 'day':
      return [{ name, type, from: name, formats: dayFormats }];
    case 'birth':
      return [
        {
          name,
          type,
          from: `if(regexp_full_match(trim(${name}), '([0-9]{1,2}/)?[0-9]{4}'), null, ${name})`,
          formats: dayFormats,
        },
        { name: 'birth_year', type: 'integer', from: `regexp_extract(${name}, '[0-9]{4}')` },
      ];
    case 'text':
    case 'count':
      return [{ name, type, from: name, required: name === 'case_code' }];
  }
}
