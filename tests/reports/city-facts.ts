import { AGENCIES } from '../../simulator/city/agencies.ts';
import { POPULATION_VINTAGES } from '../../simulator/city/population.ts';
import { tileMap } from '../../simulator/city/tiles.ts';
import { COMMUNES } from '../../simulator/city/units.ts';
import type { CsvRow } from '../../transforms/catalog/csv-rows.ts';
import type { GivenTable } from './fact-home.ts';

const label = 'dữ liệu mô phỏng';

/** A city of its real size with invented facts: 127 agencies, 114 communes, every figure of its usual width. */
export function cityTables(): Readonly<Record<string, GivenTable>> {
  return {
    'dim.agency': AGENCIES.map(agencyRow),
    'dim.area_tile': tileMap().map(({ commune, column, row }) => ({
      commune_code: commune.code,
      commune_name: commune.name,
      tile_column: String(column),
      tile_row: String(row),
      label,
    })),
    'dim.population': COMMUNES.map(({ code, name }, index) => ({
      commune_code: code,
      commune_name: name,
      valid_from: '2026-01-01',
      population: String(populationOf(index)),
      label,
    })),
    'mart.dossier_period': { sql: dossierSql() },
    'mart.epidemic_week': { sql: weekSql() },
    'staging.covid_daily': { sql: dailySql() },
  };
}

function agencyRow(agency: (typeof AGENCIES)[number]): CsvRow {
  return {
    agency_code: agency.code,
    agency_name: agency.name,
    level: agency.level,
    valid_from: agency.validFrom,
    valid_to: agency.validTo ?? '',
  };
}

function populationOf(index: number): number {
  return POPULATION_VINTAGES.at(-1)?.populations[index] ?? 10_000;
}

/** 60,000 dossiers over two report months; each third agency of the communes has none. */
function dossierSql(): string {
  const agencies = AGENCIES.filter(({ level, validTo }) => level !== 'huyen' && validTo === null)
    .filter((_, index) => index % 9 !== 5)
    .map(({ code }, index) => `(${index}, '${code}')`);
  return `with agencies(n, code) as (values ${agencies.join(', ')}),
drawn as (
  select i, hash(i, 1) % 100 as a, hash(i, 2) % 100 as b, hash(i, 3) % 100 as c, hash(i, 4) % ${agencies.length} as n
  from generate_series(1, 60000) as g(i)
),
stated as (
  select i, n, b, c,
    case when a < 60 then 'resolved' when a < 85 then 'in-progress' when a < 94 then 'paused'
      when a < 98 then 'ended-without-result' else 'refused' end as state,
    case when b < 30 then 'early' when b < 92 then 'on-time' else 'late' end as judged
  from drawn
)
select case when i % 2 = 0 then '2026-10@nd09' else '2026-09@nd09' end as period_id,
  case when i % 2 = 0 then date '2026-10-14' else date '2026-09-14' end as last_day,
  cast(i as varchar) as dossier_code, g.code as agency_code,
  cast(case when c < 30 then 1 when c < 92 then 2 else 3 end as integer) as channel,
  c % 5 = 0 and state <> 'refused' as is_carried_over,
  c % 5 <> 0 and state <> 'refused' as is_received,
  state as state_at_end,
  case when state in ('resolved', 'ended-without-result') then judged end as outcome,
  judged <> 'late' and state <> 'refused' as is_in_time,
  state = 'refused' as is_refused_at_intake,
  state <> 'refused' as in_denominator,
  judged <> 'late' and state <> 'refused' as in_numerator,
  c % 3 > 0 as is_digitised, c % 2 = 0 as is_vneid_verified, c % 4 = 0 as bears_fee, c % 8 = 0 as is_paid_online
from stated s
join agencies g on g.n = s.n`;
}

const WEEK_DAYS = `date '2026-11-02' - 7 * w as first_day, date '2026-11-08' - 7 * w as last_day`;

/** Twelve weeks of every commune but the last, with one correction in seven. */
function weekSql(): string {
  const communes = COMMUNES.slice(0, -1).map(
    ({ code }, index) => `(${index}, '${code}', ${populationOf(index)})`,
  );
  return `with communes(n, code, people) as (values ${communes.join(', ')}),
weeks as (select cast(w as integer) as w from generate_series(0, 11) as g(w))
select concat('2026-W', lpad(cast(45 - w as varchar), 2, '0')) as period_id, code as commune_code, ${WEEK_DAYS},
  code as current_commune_code, '31' as province_code, '31' as current_province_code,
  cast(hash(n, w) % 37 as bigint) - case when n % 40 = 3 then 40 else 0 end as new_cases,
  cast(case when hash(n, w, 1) % 30 = 0 then 1 else 0 end as bigint) as new_deaths,
  cast(case when n % 40 = 3 then 1 else 0 end as bigint) as corrections,
  n % 50 <> 7 as is_complete, cast(600 + n as bigint) as year_cases, cast(n % 4 as bigint) as year_deaths,
  cast(hash(n, w + 1) % 37 as bigint) as previous_cases, cast(hash(n, 9) % 120 as bigint) as four_week_cases,
  cast(4 as bigint) as four_week_count, cast(hash(n, 8) % 50 as bigint) as last_year_cases,
  cast(people as bigint) as population
from communes cross join weeks`;
}

function dailySql(): string {
  const codes = COMMUNES.filter((_, index) => index % 40 === 3).map(({ code }) => `('${code}')`);
  return `select c.code as commune_code, date '2026-11-04' as report_date, '31' as province_code,
  '31' as current_province_code, '2026-W45' as week_id, true as is_correction,
  cast(1200 as bigint) as confirmed, cast(3 as bigint) as deaths, cast(1240 as bigint) as previous_confirmed,
  cast(3 as bigint) as previous_deaths, cast(-40 as bigint) as confirmed_change, cast(0 as bigint) as deaths_change
from (values ${codes.join(', ')}) as c(code)`;
}
