import { connectorFile, tableRows } from '../connector-file.ts';
import { readCsv } from '../decode/csv.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import { literal, quoted, valueRows } from '../decode/sql-text.ts';
import { cleanText, typedSelect, type TypedColumn } from '../decode/typed-select.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import type { CovidDailyConfig } from './config.ts';
import { dailyName } from './file-name.ts';
import { generationOf, knownName, requiredColumns } from './header.ts';

/** Spellings of `Last_Update` seen in the files; all are UTC. */
const updateFormats = [
  '%Y-%m-%d %H:%M:%S',
  '%Y-%m-%dT%H:%M:%S',
  '%Y-%m-%d %H:%M',
  '%m/%d/%Y %H:%M',
  '%m/%d/%y %H:%M',
  '%m-%d-%YT%H:%M',
];

/** Spreadsheet residue for a quotient without denominator. */
const noQuotient = `('#DIV/0!', 'inf', 'nan')`;

/** Decodes one day's file into `decoded_covid_report`. */
export async function decodeDay(session: DecodeSession, config: CovidDailyConfig): Promise<void> {
  const [file] = session.files;
  if (file === undefined) throw fileTrouble('file-empty', { name: '' }, '');
  const day = dailyName(config.fileName).dayOf(file.name);
  if (day === undefined) throw fileTrouble('file-name-unknown', file, '');
  refuseCut(file);
  const names = await readCsv(session, file, {
    into: 'day',
    rename: knownName,
    required: requiredColumns,
  });
  const generation = generationOf(names, file);
  await session.run(`create or replace temp table alias as
    select * from ${valueRows(aliasesOn(day))} a(country_as_given, province_as_given, country, province)`);
  await session.run(`create or replace temp table named as ${namedRows(names)}`);
  await session.run(
    `create or replace temp table decoded_covid_report as ${typedSelect({
      from: 'named',
      columns: columnsOf(day, generation, new Set(names)),
      raw: `coalesce(_line, to_json({${names.map((name) => `${literal(name)}: ${quoted(name)}`).join(', ')}})::varchar)`,
      publishedAt: publishedAt(file),
    })}`,
  );
}

/**
 * Places under their printed and their canonical names. Rows of one place that differ (a file may list a county twice)
 * are told apart by `occurrence`, so that no figure is lost; equal repeats share it and count as duplicates.
 */
function namedRows(names: readonly string[]): string {
  const place = 'country_given, province_given, admin2_given, fips_given';
  const given = (name: string) => cleanText(names.includes(name) ? name : 'null::varchar');
  return `select r.*, coalesce(s.country, w.country, r.country_given) as country_name,
      coalesce(s.province, nullif(w.province, '*'), r.province_given) as province_name,
      dense_rank() over (partition by ${place} order by r.first_row) as occurrence
    from (select *, min(_row) over (partition by ${place}, figures) as first_row
      from (select *, ${given('country_region')} as country_given,
          coalesce(${given('province_state')}, '') as province_given, coalesce(${given('admin2')}, '') as admin2_given,
          coalesce(${given('fips')}, '') as fips_given, hash(${names.map(quoted).join(', ')}) as figures
        from day)) r
    left join alias s on s.country_as_given = r.country_given and s.province_as_given = r.province_given
    left join alias w on w.country_as_given = r.country_given and w.province_as_given = '*'`;
}

function columnsOf(
  day: string,
  generation: string,
  present: ReadonlySet<string>,
): readonly TypedColumn[] {
  const given = (name: string) => (present.has(name) ? name : 'null::varchar');
  const zero = generation === 'V1' ? { blank: '0' } : {};
  const rate = present.has('incidence_rate') ? 'incidence_rate' : given('incident_rate');
  return [
    { name: 'report_day', type: 'date', from: literal(day), formats: ['%Y-%m-%d'] },
    { name: 'country', type: 'varchar', from: 'country_name' },
    { name: 'province', type: 'varchar', from: 'province_name', blank: `''` },
    { name: 'admin2', type: 'varchar', from: 'admin2_given', blank: `''` },
    { name: 'fips', type: 'varchar', from: 'fips_given', blank: `''` },
    { name: 'country_as_given', type: 'varchar', from: 'country_given', required: true },
    { name: 'province_as_given', type: 'varchar', from: 'province_given', blank: `''` },
    { name: 'occurrence', type: 'integer', from: 'occurrence::varchar' },
    { name: 'confirmed', type: 'bigint', from: 'confirmed', ...zero },
    { name: 'deaths', type: 'bigint', from: 'deaths', ...zero },
    { name: 'recovered', type: 'bigint', from: 'recovered', ...zero },
    { name: 'active', type: 'bigint', from: given('active') },
    { name: 'incident_rate', type: 'decimal(18,6)', from: quotient(rate) },
    {
      name: 'case_fatality_ratio',
      type: 'decimal(18,6)',
      from: quotient(given('case_fatality_ratio')),
    },
    { name: 'latitude', type: 'decimal(12,8)', from: given('lat') },
    { name: 'longitude', type: 'decimal(12,8)', from: given('long') },
    {
      name: 'last_update',
      type: 'timestamptz',
      from: 'last_update',
      formats: updateFormats,
      zone: 'UTC',
    },
    { name: 'header_generation', type: 'varchar', from: literal(generation) },
  ];
}

function quotient(name: string): string {
  return `case when lower(${name}) not in ${noQuotient} then ${name} end`;
}

/** Names in force on a day: what was printed, and what it means. `*` stands for any province, or for the same. */
function aliasesOn(day: string): readonly (readonly [string, string, string, string])[] {
  return tableRows(connectorFile('covid-daily/aliases.csv'))
    .filter(
      ({ valid_from = '', valid_to = '' }) =>
        valid_from <= day && (valid_to === '' || day <= valid_to),
    )
    .map((row) => [
      row['country_as_given'] ?? '',
      row['province_as_given'] ?? '',
      row['country'] ?? '',
      row['province'] ?? '',
    ]);
}

/** The listing's size of a file is kept with its receipt: fewer bytes are a cut file. */
function refuseCut(file: LandedFile): void {
  const listed = file.request?.['listedBytes'];
  if (typeof listed !== 'number' || listed === file.bytes) return;
  throw fileTrouble('file-cut', file, `${file.bytes} / ${listed} byte`);
}

function publishedAt(file: LandedFile): string {
  const changed = file.request?.['lastModified'];
  const time = typeof changed === 'string' ? Date.parse(changed) : NaN;
  return Number.isNaN(time) ? 'null' : literal(new Date(time).toISOString());
}
