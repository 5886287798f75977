/* ---
asset: mart.epidemic_week
label: { vi: 'Tình hình dịch theo xã và tuần', en: 'Epidemic by commune and week' }
description: { vi: 'Ca mắc, tử vong của từng xã từng tuần ISO (thứ Hai–Chủ nhật) và các số để so sánh. Qua ngày 01/7/2025 so sánh bằng bảng đối chiếu; nơi có đơn vị cũ bị chia tách mà không có tỷ trọng thì để trống và ghi là không so sánh được.', en: 'Cases and deaths of each commune and ISO week (Monday–Sunday) and what to compare with. Over 1 July 2025 by the crosswalk; where a former unit was split without a stated share the figure is empty and marked not comparable.' }
owner: IOC
grain: { vi: 'một xã trong một tuần', en: 'one commune in one week' }
columns:
  - { name: period_id, type: varchar, label: { vi: 'Tuần', en: 'Week' }, classification: public }
  - { name: commune_code, type: varchar, label: { vi: 'Mã xã', en: 'Commune' }, classification: public }
  - { name: commune_name, type: varchar, label: { vi: 'Xã, phường, đặc khu', en: 'Commune name' }, classification: public }
  - { name: first_day, type: date, label: { vi: 'Thứ Hai', en: 'Monday' }, classification: public }
  - { name: last_day, type: date, label: { vi: 'Chủ nhật', en: 'Sunday' }, classification: public }
  - { name: current_commune_code, type: varchar, label: { vi: 'Mã xã hiện nay', en: 'Commune today' }, classification: public }
  - { name: province_code, type: varchar, label: { vi: 'Mã tỉnh', en: 'Province' }, classification: public }
  - { name: current_province_code, type: varchar, label: { vi: 'Mã tỉnh hiện nay', en: 'Province today' }, classification: public }
  - { name: new_cases, type: bigint, label: { vi: 'Ca mắc trong tuần', en: 'Cases of the week' }, unit: person, classification: public }
  - { name: new_deaths, type: bigint, label: { vi: 'Tử vong trong tuần', en: 'Deaths of the week' }, unit: person, classification: public }
  - { name: cumulative_cases, type: bigint, label: { vi: 'Ca mắc lũy kế', en: 'Cumulative cases' }, unit: person, classification: public }
  - { name: cumulative_deaths, type: bigint, label: { vi: 'Tử vong lũy kế', en: 'Cumulative deaths' }, unit: person, classification: public }
  - { name: days_reported, type: bigint, label: { vi: 'Số ngày có số liệu', en: 'Days reported' }, unit: day, classification: public }
  - { name: corrections, type: bigint, label: { vi: 'Số lần đính chính giảm', en: 'Downward corrections' }, classification: public }
  - { name: is_complete, type: boolean, label: { vi: 'Đủ số liệu', en: 'Complete' }, classification: public }
  - { name: year_cases, type: bigint, label: { vi: 'Ca mắc lũy kế năm', en: 'Cases since the year''s first week' }, unit: person, classification: public }
  - { name: year_deaths, type: bigint, label: { vi: 'Tử vong lũy kế năm', en: 'Deaths since the year''s first week' }, unit: person, classification: public }
  - { name: previous_cases, type: bigint, label: { vi: 'Ca mắc tuần trước', en: 'Cases of the week before' }, unit: person, classification: public }
  - { name: four_week_cases, type: bigint, label: { vi: 'Tổng ca 4 tuần trước', en: 'Cases of the four weeks before' }, unit: person, classification: public }
  - { name: four_week_count, type: bigint, label: { vi: 'Số tuần lấy trung bình', en: 'Weeks of the mean' }, unit: week, classification: public }
  - { name: last_year_cases, type: bigint, label: { vi: 'Ca mắc cùng kỳ năm trước', en: 'Cases of the same week last year' }, unit: person, classification: public }
  - { name: is_last_year_comparable, type: boolean, label: { vi: 'So sánh được với năm trước', en: 'Comparable with last year' }, classification: public }
  - { name: population, type: bigint, label: { vi: 'Dân số', en: 'Population' }, unit: person, classification: public }
key: [period_id, commune_code]
provenance:
  - { asset: staging.covid_daily, on: { period_id: week_id }, match: "s.commune_code = f.commune_code or s.current_commune_code = f.commune_code" }
checks:
  - code: epidemic-week-twice
    severity: block
    label: { vi: 'Một xã có hai dòng trong một tuần', en: 'A commune has two rows in a week' }
    remedy: { vi: 'Kiểm tra dim.area.', en: 'Check dim.area.' }
    sql: select 'commune_code' as field, concat(period_id, ' ', commune_code) as value from candidate group by period_id, commune_code having count(*) > 1 limit 100
  - code: population-missing
    severity: warn
    label: { vi: 'Thiếu dân số của xã', en: 'A commune has no population' }
    remedy: { vi: 'Bổ sung dim.population.', en: 'Complete dim.population.' }
    sql: select distinct 'commune_code' as field, commune_code as value from candidate where population is null limit 100
  - code: epidemic-week-incomplete
    severity: warn
    label: { vi: 'Tuần thiếu ngày báo cáo', en: 'A week lacks report days' }
    remedy: { vi: 'Chờ hoặc nhắc đơn vị gửi số liệu.', en: 'Wait for or remind the supplier.' }
    sql: select distinct 'period_id' as field, period_id as value from candidate where not is_complete limit 100
--- */
with days as (
  select d.week_id, d.report_date, d.commune_code, d.territory_from, d.current_commune_code,
    d.confirmed, d.deaths, d.confirmed_change, d.deaths_change, d.is_correction
  from staging.covid_daily d
  where d.commune_code is not null
),
areas as (
  select code, valid_from, valid_to, territory_from, full_name, province_code, current_code, current_province_code
  from staging.area_current
  where level in ('commune', 'district')
),
-- each commune of a map keeps one series of weeks: its own days, and under the newest map its predecessors' days too
own_days as (
  select d.week_id, d.report_date, d.commune_code as code, d.territory_from,
    d.confirmed_change, d.deaths_change, d.is_correction, d.confirmed, d.deaths, true as is_own
  from days d
),
inherited_days as (
  select d.week_id, d.report_date, a.code, a.territory_from,
    d.confirmed_change, d.deaths_change, d.is_correction, d.confirmed, d.deaths, false as is_own
  from days d
  join areas a on a.code = d.current_commune_code and a.valid_to is null and a.territory_from > d.report_date
),
split_days as (
  -- days of a split predecessor: part of them belongs here, nobody says how much
  select distinct d.week_id, x.new_code as code, a.territory_from
  from days d
  join dim.area_crosswalk x on x.level = 'commune' and x.old_code = d.commune_code and x.is_split and x.share is null
    and x.valid_from > d.report_date
  join areas a on a.code = x.new_code and a.valid_to is null
),
all_days as (
  select week_id, report_date, code, territory_from, confirmed_change, deaths_change, is_correction, confirmed, deaths, is_own from own_days
  union all
  select week_id, report_date, code, territory_from, confirmed_change, deaths_change, is_correction, confirmed, deaths, is_own from inherited_days
),
series as (
  select s.week_id, s.code, s.territory_from,
    sum(s.confirmed_change) as cases, sum(s.deaths_change) as deaths,
    count(distinct s.report_date) as days_reported,
    count(*) filter (where s.is_correction) as corrections,
    count(*) filter (where s.confirmed_change is null) as unknown_days,
    max(case when s.is_own then s.report_date end) as last_own_day,
    max(case when p.code is not null then 1 else 0 end) as has_split
  from all_days s
  left join split_days p on p.week_id = s.week_id and p.code = s.code and p.territory_from = s.territory_from
  group by s.week_id, s.code, s.territory_from
),
weeks as (
  select r.period_id, r.year, r.first_day, r.last_day, r.last_year_period_id, m.mean_weeks
  from staging.reporting_period r
  left join dim.epidemic_rule m on m.code = 'COVID' and r.last_day between m.valid_from and coalesce(m.valid_to, date '9999-12-31')
  where r.kind = 'week' and r.window_code = 'calendar'
),
known as (
  -- a week with a split predecessor or a first figure is not fully known
  select s.week_id, s.code, s.territory_from, w.year, w.first_day, w.last_day, w.last_year_period_id, w.mean_weeks,
    s.cases, s.deaths, s.days_reported, s.corrections, s.last_own_day,
    s.has_split = 0 and s.unknown_days = 0 as is_known
  from series s
  join weeks w on w.period_id = s.week_id
),
before_weeks as (
  -- the weeks before, up to the number the rule asks for (dim.epidemic_rule.mean_weeks)
  select k.week_id, k.code, k.territory_from,
    sum(case when b.first_day = k.first_day - 7 and b.is_known then b.cases end) as previous_cases,
    count(*) filter (where b.is_known) as known_weeks,
    sum(case when b.is_known then b.cases end) as mean_cases
  from known k
  join known b on b.code = k.code and b.territory_from = k.territory_from
    and b.first_day < k.first_day and b.first_day >= k.first_day - 7 * k.mean_weeks
  group by k.week_id, k.code, k.territory_from
),
in_year as (
  select k.week_id, k.code, k.territory_from,
    sum(b.cases) as cases, sum(b.deaths) as deaths, count(*) filter (where not b.is_known) as unknown_weeks
  from known k
  join known b on b.code = k.code and b.territory_from = k.territory_from and b.year = k.year and b.first_day <= k.first_day
  group by k.week_id, k.code, k.territory_from
),
populations as (
  select k.week_id, k.code, k.territory_from, max(p.valid_from) as population_from
  from known k
  join dim.population p on p.commune_code = k.code and p.valid_from <= k.last_day
  group by k.week_id, k.code, k.territory_from
)
select k.week_id as period_id, k.code as commune_code, a.full_name as commune_name, k.first_day, k.last_day,
  a.current_code as current_commune_code, a.province_code, a.current_province_code,
  cast(k.cases as bigint) as new_cases,
  cast(k.deaths as bigint) as new_deaths,
  cast(e.confirmed as bigint) as cumulative_cases,
  cast(e.deaths as bigint) as cumulative_deaths,
  k.days_reported, k.corrections,
  k.is_known and k.days_reported = 7 as is_complete,
  cast(case when y.unknown_weeks = 0 then y.cases end as bigint) as year_cases,
  cast(case when y.unknown_weeks = 0 then y.deaths end as bigint) as year_deaths,
  cast(b.previous_cases as bigint) as previous_cases,
  cast(case when b.known_weeks = k.mean_weeks then b.mean_cases end as bigint) as four_week_cases,
  case when b.known_weeks = k.mean_weeks then b.known_weeks end as four_week_count,
  cast(case when l.is_known then l.cases end as bigint) as last_year_cases,
  coalesce(l.is_known, false) as is_last_year_comparable,
  cast(n.population as bigint) as population
from known k
join areas a on a.code = k.code and a.territory_from = k.territory_from
  -- a commune is shown in the weeks at whose end it is in force
  and k.last_day between a.valid_from and coalesce(a.valid_to, date '9999-12-31')
join days e on e.commune_code = k.code and e.territory_from = k.territory_from and e.report_date = k.last_own_day
left join before_weeks b on b.week_id = k.week_id and b.code = k.code and b.territory_from = k.territory_from
left join in_year y on y.week_id = k.week_id and y.code = k.code and y.territory_from = k.territory_from
left join known l on l.week_id = k.last_year_period_id and l.code = k.code and l.territory_from = k.territory_from
left join populations q on q.week_id = k.week_id and q.code = k.code and q.territory_from = k.territory_from
left join dim.population n on n.commune_code = q.code and n.valid_from = q.population_from
