import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import { typeTable, type TypedColumn } from '../decode/typed-select.ts';
import { claimTable, type ClaimField, type ClaimTable } from './claim-tables.ts';
import {
  claimComparisons,
  comparisonSql,
  lineComparisons,
  summedAmounts,
  summedTables,
} from './comparisons.ts';
import type { ClaimsConfig } from './config.ts';
import { rawTable } from './raw-tables.ts';
import { birthYear, claimPackage } from './streams.ts';

/** Spellings of days; the tables ask for the first. */
const dayFormats = ['%Y%m%d', '%Y-%m-%d', '%d/%m/%Y'];
/** Spellings of times; the tables ask for the first. */
const timeFormats = [
  '%Y%m%d%H%M',
  '%Y%m%d%H%M%S',
  '%Y%m%d',
  '%Y-%m-%d %H:%M:%S',
  '%Y-%m-%dT%H:%M:%S',
  '%Y-%m-%d %H:%M',
  '%d/%m/%Y %H:%M:%S',
  '%d/%m/%Y %H:%M',
  '%Y-%m-%d',
  '%d/%m/%Y',
];
const anyFormats = [...dayFormats, ...timeFormats.filter((one) => !dayFormats.includes(one))];

/** Whether a package is not whole: it declares another number of claims than it has. */
const incomplete = `p.declared <> '' and try_cast(p.declared as bigint) is distinct from p.found::bigint`;

/**
 * `claim_owners`: whose each HOSO is, why it cannot be used, and whether a later one of the batch stands in its place.
 * Packages are ordered by the day they were made on, then as they came.
 */
export const ownersSql = `create or replace temp table claim_owners as
select *, row_number() over (partition by facility, treatment
    order by made_at desc nulls last, _file desc, _claim desc) > 1 and treatment is not null as superseded
from (
  select c._file, c._claim, coalesce(nullif(p.facility, ''), c.facility) as facility, c.treatment,
    coalesce(c.bad, case when ${incomplete} then 'package-incomplete' end) as bad,
    ${madeAt('p')} as made_at
  from raw_claims c join raw_packages p on p._file = c._file and p.package = c.package
)`;

/** When a package was published: the day it was made on, in Vietnam; else the time of its file. */
function madeAt(alias: string): string {
  return `coalesce(
    epoch_ms((epoch(try_strptime(${alias}.made_on, ['%Y%m%d', '%Y%m%d%H%M', '%Y-%m-%d', '%d/%m/%Y'])) * 1000)::bigint - 25200000)
      at time zone 'UTC',
    try_cast(${alias}.published as timestamptz))`;
}

/** Types the packages of a batch into `decoded_claim_package`. */
export async function typePackages(session: DecodeSession): Promise<void> {
  await typeTable(session, `decoded_${claimPackage.stream}`, {
    from: `(select *, package + 1 as _row, null::varchar as _malformed, ${madeAt('r')} as made_at
      from raw_packages r)`,
    columns: [
      { name: 'package_name', type: 'varchar', from: 'name' },
      { name: 'facility_code', type: 'varchar', from: 'facility' },
      { name: 'made_on', type: 'date', from: 'made_on', formats: anyFormats },
      { name: 'declared_claims', type: 'bigint', from: 'declared' },
      { name: 'found_claims', type: 'bigint', from: 'found' },
      { name: 'edition', type: 'varchar', from: 'edition' },
      { name: 'is_signed', type: 'boolean', from: 'is_signed' },
      { name: 'unreadable_claims', type: 'bigint', from: 'unreadable' },
    ],
    raw: `to_json({'name': name, 'made_on': made_on, 'declared': declared})::varchar`,
    publishedAt: `try_cast(made_on as timestamp) at time zone 'Asia/Ho_Chi_Minh'`,
  });
}

/** Types the rows of one table into `decoded_<stream>`; those of superseded claims are filtered. */
export async function typeRows(
  session: DecodeSession,
  table: ClaimTable,
  config: ClaimsConfig,
): Promise<void> {
  const typed = `typed_${table.stream}`;
  await typeTable(session, typed, {
    from: `(${sourceOf(table)})`,
    columns: [
      { name: 'facility_code', type: 'varchar', from: 'owner', required: true },
      { name: 'treatment_code', type: 'varchar', from: 'treatment', required: true },
      ...(table === claimTable
        ? []
        : [{ name: 'line_no', type: 'bigint', from: 'line_no', form: 'value' } as const]),
      ...table.fields.flatMap(typedColumns),
      { name: '_made_at', type: 'timestamptz', from: 'made_at', form: 'value' },
      { name: '_superseded', type: 'boolean', from: 'superseded', form: 'value' },
    ],
    raw: `to_json({'MA_LK': treatment, ${table.fields
      .map(({ name, column }) => `${literal(name)}: ${quoted(column)}`)
      .join(', ')}})::varchar`,
    publishedAt: '_made_at',
  });
  await session.run(`create or replace temp table decoded_${table.stream} as
    select c.* exclude (_superseded, _made_at)
        replace (if(_superseded, 'filtered', _status) as _status,
          if(_superseded, 'claim-sent-again', _reason) as _reason)
        ${comparisonsOf(table, config)}
      from ${typed} c ${table === claimTable ? sums : ''};
    drop table ${typed}`);
}

/**
 * A claim that was sent again without one of its tables has no lines in it any more. A filtered row says so: it names the
 * claim, whose earlier lines then leave by absence.
 */
export async function markWithoutLines(session: DecodeSession, table: ClaimTable): Promise<void> {
  const decoded = `decoded_${table.stream}`;
  await session.run(`insert into ${decoded} by name
    select c.facility_code, c.treatment_code, 0::bigint as line_no, c._file,
      (select count(*) from ${decoded}) + row_number() over (order by c._file, c._row) as _row,
      c._published_at, 'filtered' as _status, 'claim-without-lines' as _reason
    from decoded_${claimTable.stream} c
    where c._status is null and not exists (
      select 1 from ${decoded} d where d.facility_code = c.facility_code and d.treatment_code = c.treatment_code)`);
}

/** Rows with their owner. A code of another claim than the one they came with is no row of it. */
function sourceOf(table: ClaimTable): string {
  const stated = `nullif(trim(r.treatment), '')`;
  const facility = table.fields.some(({ column }) => column === 'member_facility_code')
    ? `coalesce(o.facility, nullif(r.member_facility_code, ''))`
    : 'o.facility';
  const line =
    table === claimTable
      ? ''
      : `, row_number() over (partition by r._file, r._claim, coalesce(${stated}, o.treatment) order by r._row) as line_no`;
  return `select r.* replace (coalesce(${stated}, o.treatment) as treatment,
      coalesce(r._malformed, o.bad, case when ${stated} <> o.treatment then 'claim-of-another' end) as _malformed),
    ${facility} as owner, o.made_at, o.superseded ${line}
  from ${rawTable(table)} r join claim_owners o on o._file = r._file and o._claim = r._claim`;
}

function typedColumns(field: ClaimField): readonly TypedColumn[] {
  const { column, kind, type } = field;
  const from = quoted(column);
  if (kind === 'day') return [{ name: column, type, from, formats: anyFormats }];
  if (kind === 'time') return [{ name: column, type, from, formats: timeFormats }];
  if (kind !== 'birth') return [{ name: column, type, from }];
  const partial = `regexp_full_match(trim(${from}), '[0-9]{4}(0000|(0[1-9]|1[0-2])00)?(0000)?')`;
  return [
    { name: column, type, from: `if(${partial}, null, ${from})`, formats: anyFormats },
    { name: birthYear(column), type: 'integer', from: `regexp_extract(${from}, '[0-9]{4}')` },
  ];
}

function comparisonsOf(table: ClaimTable, { tolerance }: ClaimsConfig): string {
  const all = table === claimTable ? claimComparisons : (lineComparisons[table.name] ?? []);
  return all.map((one) => `, ${comparisonSql(one, tolerance)}`).join('');
}

/** `claim_sums`: what the lines of each claim add up to; nothing where one of them is in quarantine. */
export const sumsSql = `create or replace temp table claim_sums as
select facility_code, treatment_code, ${summedAmounts
  .map((name) => `case when bool_and(good) then sum(${name}) end as ${name}`)
  .join(', ')}
from (${summedTables
  .map(
    (
      stream,
    ) => `select facility_code, treatment_code, _status is null as good, ${summedAmounts.join(', ')}
  from decoded_${stream} where _status is distinct from 'filtered'`,
  )
  .join(' union all ')})
group by facility_code, treatment_code`;

/** To the claim `c` its sums `s`; a claim without any line has none to compare with. */
const sums = `left join claim_sums s on s.facility_code = c.facility_code and s.treatment_code = c.treatment_code`;
