/* ---
asset: staging.covid_daily
label: { vi: 'Số ca theo nơi và ngày', en: 'Cases by place and day' }
description: { vi: 'Số lũy kế của từng nơi từng ngày, số ngày trước, thay đổi có dấu và cờ đính chính; qua ngày 01/7/2025 nối tiếp bằng bảng đối chiếu, nơi có đơn vị bị chia tách thì không tính được.', en: 'Cumulative figures of each place and day, the day before, the signed change and a correction flag; over 1 July 2025 carried on by the crosswalk, unknown where a unit was split.' }
owner: IOC
grain: { vi: 'một nơi trong một ngày', en: 'one place on one day' }
columns:
  - { name: place_key, type: varchar, label: { vi: 'Nơi', en: 'Place' }, classification: public }
  - { name: report_date, type: date, label: { vi: 'Ngày báo cáo', en: 'Report day' }, classification: public }
  - { name: country, type: varchar, label: { vi: 'Quốc gia', en: 'Country' }, classification: public }
  - { name: province, type: varchar, label: { vi: 'Tỉnh, bang', en: 'Province' }, classification: public }
  - { name: district, type: varchar, label: { vi: 'Đơn vị cấp dưới', en: 'Lower unit' }, classification: public }
  - { name: commune_code, type: varchar, label: { vi: 'Mã xã', en: 'Commune' }, classification: public }
  - { name: territory_from, type: date, label: { vi: 'Lãnh thổ không đổi từ', en: 'Same territory since' }, classification: public }
  - { name: current_commune_code, type: varchar, label: { vi: 'Mã xã hiện nay', en: 'Commune today' }, classification: public }
  - { name: province_code, type: varchar, label: { vi: 'Mã tỉnh', en: 'Province code' }, classification: public }
  - { name: current_province_code, type: varchar, label: { vi: 'Mã tỉnh hiện nay', en: 'Province code today' }, classification: public }
  - { name: week_id, type: varchar, label: { vi: 'Tuần', en: 'Week' }, classification: public }
  - { name: confirmed, type: bigint, label: { vi: 'Ca lũy kế', en: 'Cumulative cases' }, unit: person, classification: public }
  - { name: deaths, type: bigint, label: { vi: 'Tử vong lũy kế', en: 'Cumulative deaths' }, unit: person, classification: public }
  - { name: previous_confirmed, type: bigint, label: { vi: 'Ca lũy kế hôm trước', en: 'Cumulative cases the day before' }, unit: person, classification: public }
  - { name: previous_deaths, type: bigint, label: { vi: 'Tử vong lũy kế hôm trước', en: 'Cumulative deaths the day before' }, unit: person, classification: public }
  - { name: confirmed_change, type: bigint, label: { vi: 'Ca trong ngày (có dấu)', en: 'Cases of the day (signed)' }, unit: person, classification: public }
  - { name: deaths_change, type: bigint, label: { vi: 'Tử vong trong ngày (có dấu)', en: 'Deaths of the day (signed)' }, unit: person, classification: public }
  - { name: is_correction, type: boolean, label: { vi: 'Đính chính giảm', en: 'Corrected downwards' }, classification: public }
  - { name: days_since_previous, type: integer, label: { vi: 'Số ngày từ lần báo trước', en: 'Days since the figure before' }, unit: day, classification: public }
key: [place_key, report_date]
provenance:
  - { asset: staging.covid_report, on: { country: country, province: province, district: admin2 }, match: 's.report_day = f.report_date or s.report_day = f.report_date - coalesce(f.days_since_previous, 0)' }
checks:
  - code: covid-day-twice
    severity: block
    label: { vi: 'Một nơi có hai số trong một ngày', en: 'A place has two figures on one day' }
    remedy: { vi: 'Kiểm tra bảng đổi tên nơi.', en: 'Check the table of renamed places.' }
    sql: select 'place_key' as field, concat(place_key, ' ', cast(report_date as varchar)) as value from candidate group by place_key, report_date having count(*) > 1 limit 100
  - code: covid-corrected
    severity: warn
    label: { vi: 'Số lũy kế giảm', en: 'A cumulative figure fell' }
    remedy: { vi: 'Nguồn đã đính chính; báo cáo ghi chú.', en: 'The source corrected itself; reports say so.' }
    sql: select 'place_key' as field, concat(place_key, ' ', cast(report_date as varchar)) as value from candidate where is_correction limit 100
--- */
with reported as (
  select r.report_day, r.country, r.province, r.admin2, r.confirmed, r.deaths,
    -- in Vietnam the unit code is a commune's; elsewhere it is another country's code list
    case when r.country = 'Vietnam' then r.fips end as unit_code
  from staging.covid_report r
),
located as (
  -- a commune's code means other territory before and after a reform: the place is (code, same territory since);
  -- elsewhere it is the place's name, whatever code a header generation gave it
  select r.report_day as report_date, r.country, r.province, r.admin2 as district,
    a.code as commune_code, a.territory_from, a.current_code as current_commune_code,
    a.province_code, a.current_province_code,
    case
      when a.code is not null then concat(a.code, '@', cast(a.territory_from as varchar))
      else concat(r.country, '|', coalesce(r.province, ''), '|', coalesce(r.admin2, ''))
    end as place_key,
    r.confirmed, r.deaths
  from reported r
  left join staging.area_current a on a.code = r.unit_code and a.level in ('commune', 'district')
    and r.report_day between a.valid_from and coalesce(a.valid_to, date '9999-12-31')
),
placed as (
  -- one file may give a place in several rows (two spellings of a country): together they are the place
  select place_key, report_date,
    max(country) as country, max(province) as province, max(district) as district, max(commune_code) as commune_code,
    max(territory_from) as territory_from, max(current_commune_code) as current_commune_code,
    max(province_code) as province_code, max(current_province_code) as current_province_code,
    sum(confirmed) as confirmed, sum(deaths) as deaths
  from located
  group by place_key, report_date
),
followed as (
  select p.place_key, p.report_date,
    lag(p.report_date) over (partition by p.place_key order by p.report_date) as previous_date,
    lag(p.confirmed) over (partition by p.place_key order by p.report_date) as previous_confirmed,
    lag(p.deaths) over (partition by p.place_key order by p.report_date) as previous_deaths
  from placed p
),
handed_over as (
  -- a new commune begins where its predecessors ended, the day before
  select x.new_code, x.valid_from,
    sum(p.confirmed) as confirmed, sum(p.deaths) as deaths,
    max(case when x.is_split then 1 else 0 end) as has_split
  from dim.area_crosswalk x
  join placed p on p.commune_code = x.old_code and p.report_date = cast(x.valid_from - interval '1 day' as date)
  where x.level in ('commune', 'district')
  group by x.new_code, x.valid_from
),
compared as (
  select p.place_key, p.report_date, p.country, p.province, p.district, p.commune_code, p.territory_from,
    p.current_commune_code, p.province_code, p.current_province_code, p.confirmed, p.deaths,
    coalesce(f.previous_date, case when h.has_split = 0 then cast(h.valid_from - interval '1 day' as date) end) as previous_date,
    coalesce(f.previous_confirmed, case when h.has_split = 0 then h.confirmed end) as previous_confirmed,
    coalesce(f.previous_deaths, case when h.has_split = 0 then h.deaths end) as previous_deaths
  from placed p
  join followed f on f.place_key = p.place_key and f.report_date = p.report_date
  left join handed_over h on h.new_code = p.commune_code and h.valid_from = p.report_date
),
week_of as (
  select d.report_date, w.period_id
  from (select distinct report_date from placed) d
  join staging.reporting_period w on w.kind = 'week' and w.window_code = 'calendar'
    and d.report_date between w.first_day and w.last_day
)
select c.place_key, c.report_date, c.country, c.province, c.district, c.commune_code, c.territory_from,
  c.current_commune_code, c.province_code, c.current_province_code, w.period_id as week_id,
  cast(c.confirmed as bigint) as confirmed, cast(c.deaths as bigint) as deaths,
  cast(c.previous_confirmed as bigint) as previous_confirmed, cast(c.previous_deaths as bigint) as previous_deaths,
  -- the first figure of a place has no change: the grain may have changed, all of it is not "new"
  cast(c.confirmed - c.previous_confirmed as bigint) as confirmed_change,
  cast(c.deaths - c.previous_deaths as bigint) as deaths_change,
  coalesce(c.confirmed < c.previous_confirmed or c.deaths < c.previous_deaths, false) as is_correction,
  cast(c.report_date - c.previous_date as integer) as days_since_previous
from compared c
left join week_of w on w.report_date = c.report_date
