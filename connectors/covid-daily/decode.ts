import { connectorFile, tableRows } from '../connector-file.ts';
import { readCsvFiles } from '../decode/csv.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import { literalList } from '../decode/sql-text.ts';
import { cleanText, typeTable, type TypedColumn } from '../decode/typed-select.ts';
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

/** Decodes the files of some days, of one header and in force under the same names, into `decoded_covid_report`. */
export async function decodeDays(session: DecodeSession, config: CovidDailyConfig): Promise<void> {
  const days = session.files.map((file) => dayOf(file, config));
  const [first] = days;
  if (first === undefined) throw fileTrouble('file-empty', { name: '' }, '');
  const places = namesOn(first.day);
  const other = days.find(({ day }) => !sameNames(namesOn(day), places));
  if (other) throw fileTrouble('files-unlike', other.file, '');
  const names = await readCsvFiles(session, session.files, {
    into: 'day',
    rename: knownName,
    required: requiredColumns,
  });
  const generation = generationOf(names, first.file);
  await typeTable(session, 'decoded_covid_report', {
    from: `(${namedRows(places, names)})`,
    columns: columnsOf(days, generation, new Set(names)),
    raw: `coalesce(_line, to_json({${names.map((name) => `${literal(name)}: ${quoted(name)}`).join(', ')}})::varchar)`,
    publishedAt: ofFile(days, ({ publishedAt }) => publishedAt),
  });
  await tellApart(session, names);
}

/** One day's file. */
interface Day {
  readonly file: LandedFile;
  readonly day: string;
  /** When the source last changed it, as an SQL literal or NULL. */
  readonly publishedAt: string;
}

function dayOf(file: LandedFile, config: CovidDailyConfig): Day {
  const day = dailyName(config.fileName).dayOf(file.name);
  if (day === undefined) throw fileTrouble('file-name-unknown', file, '');
  refuseCut(file);
  return { file, day, publishedAt: publishedAt(file) };
}

/** SQL for what is known of the file that a row is from. */
function ofFile(days: readonly Day[], what: (day: Day) => string): string {
  const [only] = days;
  if (only && days.length === 1) return what(only);
  const numbers = days.map(({ file }) => file.n).join(', ');
  return `([${days.map(what).join(', ')}])[list_position([${numbers}], _file)]`;
}

/** Places under their printed and their canonical names. */
function namedRows({ country, province }: PlaceNames, names: readonly string[]): string {
  return `select *, ${country} as country_name, ${province} as province_name from (${givenRows(names)})`;
}

/** Places as printed; a blank province, unit or code is an empty text. */
function givenRows(names: readonly string[]): string {
  const given = (name: string) => cleanText(names.includes(name) ? name : 'null::varchar');
  return `select *, ${given('country_region')} as country_given,
    coalesce(${given('province_state')}, '') as province_given, coalesce(${given('admin2')}, '') as admin2_given,
    coalesce(${given('fips')}, '') as fips_given from day`;
}

/**
 * Rows of one place that differ (a file may list a county twice) are told apart by `occurrence`, so that no figure is
 * lost; equal repeats share it and count as duplicates. Most files have none.
 */
async function tellApart(session: DecodeSession, names: readonly string[]): Promise<void> {
  const repeated = await session.rows(`select 1 as one from decoded_covid_report
    group by _file, country_as_given, province_as_given, admin2, fips having count(*) > 1 limit 1`);
  if (repeated.length === 0) return;
  const place = '_file, country_given, province_given, admin2_given, fips_given';
  await session.run(`update decoded_covid_report d set occurrence = o.occurrence from (
    select _file, _row, dense_rank() over (partition by ${place} order by first_row) as occurrence
    from (select *, min(_row) over (partition by ${place}, figures) as first_row
      from (select *, hash(${names.map(quoted).join(', ')}) as figures from (${givenRows(names)})))) o
    where o._file = d._file and o._row = d._row`);
}

function columnsOf(
  days: readonly Day[],
  generation: string,
  present: ReadonlySet<string>,
): readonly TypedColumn[] {
  const given = (name: string) => (present.has(name) ? name : 'null::varchar');
  const zero = generation === 'V1' ? { blank: '0' } : {};
  const rate = present.has('incidence_rate') ? 'incidence_rate' : given('incident_rate');
  return [
    {
      name: 'report_day',
      type: 'date',
      from: ofFile(days, ({ day }) => `date ${literal(day)}`),
      form: 'value',
    },
    { name: 'country', type: 'varchar', from: 'country_name', form: 'clean' },
    { name: 'province', type: 'varchar', from: 'province_name', form: 'clean' },
    { name: 'admin2', type: 'varchar', from: 'admin2_given', form: 'clean' },
    { name: 'fips', type: 'varchar', from: 'fips_given', form: 'clean' },
    {
      name: 'country_as_given',
      type: 'varchar',
      from: 'country_given',
      form: 'clean',
      required: true,
    },
    { name: 'province_as_given', type: 'varchar', from: 'province_given', form: 'clean' },
    { name: 'occurrence', type: 'integer', from: '1::integer', form: 'value' },
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
    { name: 'header_generation', type: 'varchar', from: literal(generation), form: 'value' },
  ];
}

function quotient(name: string): string {
  return `case when lower(${name}) not in ${noQuotient} then ${name} end`;
}

/** SQL for the canonical names of a place. */
interface PlaceNames {
  readonly country: string;
  readonly province: string;
}

function sameNames(a: PlaceNames, b: PlaceNames): boolean {
  return a.country === b.country && a.province === b.province;
}

/** SQL for the names in force on a day. `*` stands for any province of the country, or for the same. */
function namesOn(day: string): PlaceNames {
  const inForce = aliases.filter(
    ({ valid_from = '', valid_to = '' }) =>
      valid_from <= day && (valid_to === '' || day <= valid_to),
  );
  const ofPlace = inForce.filter((alias) => alias['province_as_given'] !== '*');
  const ofCountry = inForce.filter((alias) => alias['province_as_given'] === '*');
  const moved = ofCountry.filter((alias) => alias['province'] !== '*');
  const place = 'struct_pack(c := country_given, p := province_given)';
  return {
    country: `coalesce(${renamed(place, ofPlace, 'country')}, ${renamed('country_given', ofCountry, 'country')}, country_given)`,
    province: `coalesce(${renamed(place, ofPlace, 'province')}, ${renamed('country_given', moved, 'province')}, province_given)`,
  };
}

const aliases = tableRows(connectorFile('covid-daily/aliases.csv'));

/** SQL for what the aliases make of a country or a place; NULL where none speaks of it. */
function renamed(sql: string, among: typeof aliases, member: 'country' | 'province'): string {
  if (among.length === 0) return 'null';
  const printed = among.map(({ country_as_given = '', province_as_given = '' }) =>
    province_as_given === '*'
      ? literal(country_as_given)
      : `{'c': ${literal(country_as_given)}, 'p': ${literal(province_as_given)}}`,
  );
  const meant = literalList(among.map((alias) => alias[member] ?? ''));
  return `${meant}[list_position([${printed.join(', ')}], ${sql})]`;
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
