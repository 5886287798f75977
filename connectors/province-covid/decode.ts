import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { readCsv } from '../decode/csv.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import { typeTable } from '../decode/typed-select.ts';
import type { ProvinceCovidConfig } from './config.ts';
import { measures } from './measures.ts';

/** Days on either side of a number that it is compared with. */
const around = 14;

const dayFormats = ['%d/%m/%Y', '%Y-%m-%d'];

/** Decodes a batch: the portal's answers, or one wide file whose columns are days. */
export async function decodeProvinces(
  session: DecodeSession,
  config: ProvinceCovidConfig,
): Promise<void> {
  const [first] = session.files;
  if (first === undefined) throw fileTrouble('file-empty', { name: '' }, '');
  const wide = config.files.find(({ file }) => file === first.name);
  await session.run(`create or replace temp table given (_file integer, _row bigint, number varchar, measure varchar,
    day varchar, given varchar, _malformed varchar)`);
  if (wide === undefined) {
    for (const file of session.files) await addAnswer(session, file);
    if (session.streams.includes('covid_province')) await decodeList(session);
  } else await addWide(session, first, wide, config);
  await typeDays(session, config);
}

/** The series of one province: members by day become rows. */
async function addAnswer(session: DecodeSession, file: LandedFile): Promise<void> {
  if (file.name === 'provinces.json') return;
  const parts = measures.map(
    ({ name, member }) =>
      `select document, ${literal(name)} as measure, document -> ${literal(member)} as days from answer`,
  );
  await session.run(`create or replace temp table answer as
      select ltrim(content, chr(65279))::json as document from read_text(${literal(file.path)});
    insert into given by name select ${file.n}::integer as _file, row_number() over () as _row, document ->> 'id' as number, measure,
      day, json_extract_string(days, '$."' || day || '"') as given, null::varchar as _malformed
    from (select document, measure, days, unnest(json_keys(days)) as day from (${parts.join(' union all ')}) where json_type(days) = 'OBJECT');
    drop table answer`);
}

async function addWide(
  session: DecodeSession,
  file: LandedFile,
  { measure, numbering, idColumn }: ProvinceCovidConfig['files'][number],
  { pathOf }: ProvinceCovidConfig,
): Promise<void> {
  refuseCut(file);
  const names = await readCsv(session, file, { into: 'wide', required: [idColumn] });
  const [bad] = await session.rows(
    'select _malformed as reason from wide where _malformed is not null order by _row limit 1',
  );
  if (bad !== undefined) throw fileTrouble('line-malformed', file, bad['reason'] ?? '');
  const days = names.filter((name) => name !== idColumn);
  const id = numbering === 'record' ? quoted(idColumn) : recordOf(quoted(idColumn), pathOf);
  await session.run(`insert into given by name
    select _file, (_row - 1) * ${days.length} + row_number() over (partition by _row) as _row, ${id} as number,
      ${literal(measure)} as measure, day, given, null::varchar as _malformed
    from (unpivot wide on ${days.map(quoted).join(', ')} into name day value given);
    drop table wide`);
}

/** SQL for the record id of an address's number. */
function recordOf(number: string, pathOf: ProvinceCovidConfig['pathOf']): string {
  const whens = Object.entries(pathOf).map(
    ([id, path]) => `when ${literal(String(path))} then ${literal(id)}`,
  );
  return whens.length === 0 ? number : `case ${number} ${whens.join(' ')} else ${number} end`;
}

/**
 * Numbers by province, measure and day. A number of a day is a correction when it is negative, or so many times the
 * greatest of the fortnights before and after it that it was reported in bulk; a running total when it falls. It is
 * kept as it is: what is published stays what was published.
 */
async function typeDays(
  session: DecodeSession,
  { spikeLeast, spikeFactor }: ProvinceCovidConfig,
): Promise<void> {
  const running = measures
    .filter(({ kind }) => kind === 'cumulative')
    .map(({ name }) => literal(name));
  const series = 'partition by number, measure order by on_day';
  await session.run(`create or replace temp table flagged as
    with dated as (select *, coalesce(${dayFormats.map((format) => `try_strptime(trim(day), ${literal(format)})`).join(', ')}) as on_day,
        try_cast(given as decimal(18,1)) as n from given where nullif(trim(given), '') is not null),
      compared as (select *, lag(n) over (${series}) as before,
        greatest(max(n) over (${series} rows between ${around} preceding and 1 preceding),
          max(n) over (${series} rows between 1 following and ${around} following), 0) as usual from dated)
    select *, coalesce(case when measure in (${running.join(', ')}) then n < before
      else n < 0 or (n >= ${spikeLeast} and n > ${spikeFactor} * usual) end, false) as is_correction from compared`);
  await typeTable(session, 'decoded_covid_province_day', {
    from: 'flagged',
    columns: [
      { name: 'province_number', type: 'integer', from: 'number', required: true },
      { name: 'measure', type: 'varchar', from: 'measure', form: 'clean' },
      { name: 'report_day', type: 'date', from: 'day', formats: dayFormats, required: true },
      { name: 'value', type: 'bigint', from: 'given' },
      { name: 'value_as_given', type: 'varchar', from: 'given', form: 'clean' },
      { name: 'is_correction', type: 'boolean', from: 'is_correction', form: 'value' },
    ],
    raw: `to_json({'id': number, 'measure': measure, 'day': day, 'value': given})::varchar`,
  });
}

/** The list of provinces. Zeros of a measure that is zero everywhere are not maintained, and no figure. */
async function decodeList(session: DecodeSession): Promise<void> {
  const file = session.files.find(({ name }) => name === 'provinces.json');
  if (file === undefined) throw fileTrouble('records-missing', { name: 'provinces.json' }, '');
  const totals = ['total_active', 'total_recovered'];
  const members = [
    'id',
    'name',
    'population',
    'total_case',
    'total_death',
    ...totals,
    'last_updated',
  ];
  const texts = members.map((name) => `record ->> ${literal(name)} as ${quoted(name)}`);
  await session.run(`create or replace temp table listed as
    select ${texts.join(', ')}, record, ${file.n}::integer as _file, row_number() over () as _row, null::varchar as _malformed
    from (select unnest(json_extract(ltrim(content, chr(65279))::json, '$[*]')) as record from read_text(${literal(file.path)}))`);
  const maintained = (name: string) =>
    `if((select bool_and(coalesce(${name}, '0') in ('0', '0.0')) from listed), null, ${name})`;
  await typeTable(session, 'decoded_covid_province', {
    from: 'listed',
    columns: [
      { name: 'province_number', type: 'integer', from: 'id', required: true },
      { name: 'province_name', type: 'varchar', from: 'name', required: true },
      ...['population', 'total_case', 'total_death'].map(
        (name) => ({ name, type: 'bigint', from: name }) as const,
      ),
      ...totals.map((name) => ({ name, type: 'bigint', from: maintained(name) }) as const),
      {
        name: 'updated_at',
        type: 'timestamp',
        from: 'last_updated',
        formats: ['%d/%m/%Y %H:%M:%S'],
      },
    ],
    raw: 'record::varchar',
  });
}

/** The listing's size of a file is kept with its receipt: fewer bytes are a cut file. */
function refuseCut(file: LandedFile): void {
  const listed = file.request?.['listedBytes'];
  if (typeof listed === 'number' && listed !== file.bytes)
    throw fileTrouble('file-cut', file, `${file.bytes} / ${listed} byte`);
}
