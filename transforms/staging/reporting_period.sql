/* ---
asset: staging.reporting_period
label: { vi: 'Danh mục kỳ báo cáo', en: 'Reporting periods' }
description: { vi: 'Mỗi kỳ và khoảng ngày của kỳ, tính từ dim.period_kind; kỳ không ghi hậu tố là kỳ dương lịch, @nd09 là kỳ 15→14.', en: 'Every period and its days, computed from dim.period_kind; without a suffix the calendar''s, @nd09 from the 15th to the 14th.' }
owner: IOC
grain: { vi: 'một kỳ', en: 'one period' }
columns:
  - { name: period_id, type: varchar, label: { vi: 'Kỳ', en: 'Period' }, classification: public }
  - { name: kind, type: varchar, label: { vi: 'Loại kỳ', en: 'Kind' }, classification: public }
  - { name: window_code, type: varchar, label: { vi: 'Khung kỳ', en: 'Window' }, classification: public }
  - { name: year, type: integer, label: { vi: 'Năm', en: 'Year' }, classification: public }
  - { name: ordinal, type: integer, label: { vi: 'Thứ tự trong năm', en: 'Number within the year' }, classification: public }
  - { name: first_day, type: date, label: { vi: 'Ngày đầu', en: 'First day' }, classification: public }
  - { name: last_day, type: date, label: { vi: 'Ngày cuối', en: 'Last day' }, classification: public }
  - { name: previous_period_id, type: varchar, label: { vi: 'Kỳ trước', en: 'Period before' }, classification: public }
  - { name: last_year_period_id, type: varchar, label: { vi: 'Cùng kỳ năm trước', en: 'Same period last year' }, classification: public }
key: [period_id]
provenance:
  - { asset: dim.period_kind, on: { kind: kind, window_code: window_code } }
checks:
  - code: period-empty
    severity: block
    label: { vi: 'Kỳ có ngày cuối trước ngày đầu', en: 'A period ends before it starts' }
    remedy: { vi: 'Sửa dim.period_kind.', en: 'Correct dim.period_kind.' }
    sql: select 'period_id' as field, period_id as value from candidate where last_day < first_day limit 100
  - code: period-twice
    severity: block
    label: { vi: 'Hai quy tắc cùng hiệu lực cho một kỳ', en: 'Two rules are in force for one period' }
    remedy: { vi: 'Sửa thời hạn hiệu lực trong dim.period_kind.', en: 'Correct the validity in dim.period_kind.' }
    sql: select 'period_id' as field, period_id as value from candidate group by period_id having count(*) > 1 limit 100
--- */
with years as (
  select cast(y.year as integer) as year
  from generate_series(1900, 2199) as y(year)
  join dim.period_horizon h on y.year between h.first_year and h.last_year
),
-- how many months each kind has and how many of it a year has: arithmetic, not law
monthly_kinds as (
  select 'month' as kind, 1 as months, 12 as per_year
  union all select 'quarter', 3, 4
  union all select 'half', 6, 2
  union all select 'nine-months', 9, 1
  union all select 'year', 12, 1
),
monthly as (
  select k.kind, k.months, y.year, cast(n.n as integer) as ordinal,
    cast(make_date(y.year, 1, 1) + (n.n - 1) * k.months * interval '1 month' as date) as nominal
  from years y
  cross join monthly_kinds k
  join generate_series(1, 12) as n(n) on n.n <= k.per_year
),
weekly as (
  select y.year, cast(n.n as integer) as ordinal,
    cast(date_trunc('week', make_date(y.year, 1, 4)) + (n.n - 1) * interval '7 days' as date) as nominal
  from years y
  cross join generate_series(1, 53) as n(n)
),
windows as (
  -- NĐ 09/2019: a period starts on the anchor day of its first month shifted, and ends the day before the next starts
  select m.kind, r.window_code, m.year, m.ordinal,
    cast(m.nominal + r.shift * interval '1 month' + (r.anchor_day - 1) * interval '1 day' as date) as first_day,
    cast(m.nominal + (r.shift + m.months) * interval '1 month' + (r.anchor_day - 2) * interval '1 day' as date) as last_day
  from monthly m
  join dim.period_kind r on r.kind = m.kind
    and m.nominal between r.valid_from and coalesce(r.valid_to, date '9999-12-31')
  union all
  -- ISO 8601: a week belongs to the year of its Thursday
  select 'week', r.window_code, w.year, w.ordinal,
    cast(w.nominal + r.shift * interval '7 days' + (r.anchor_day - 1) * interval '1 day' as date),
    cast(w.nominal + (r.shift + 1) * interval '7 days' + (r.anchor_day - 2) * interval '1 day' as date)
  from weekly w
  join dim.period_kind r on r.kind = 'week'
    and w.nominal between r.valid_from and coalesce(r.valid_to, date '9999-12-31')
  where extract(year from w.nominal + interval '3 days') = w.year
),
named as (
  select
    concat(
      cast(year as varchar),
      case kind
        when 'month' then concat('-', lpad(cast(ordinal as varchar), 2, '0'))
        when 'week' then concat('-W', lpad(cast(ordinal as varchar), 2, '0'))
        when 'quarter' then concat('-Q', cast(ordinal as varchar))
        when 'half' then concat('-H', cast(ordinal as varchar))
        when 'nine-months' then '-9M'
        else ''
      end,
      case when window_code = 'calendar' then '' else concat('@', window_code) end
    ) as period_id,
    kind, window_code, year, ordinal, first_day, last_day
  from windows
)
select n.period_id, n.kind, n.window_code, n.year, n.ordinal, n.first_day, n.last_day,
  lag(n.period_id) over (partition by n.kind, n.window_code order by n.first_day) as previous_period_id,
  b.period_id as last_year_period_id
from named n
left join named b on b.kind = n.kind and b.window_code = n.window_code
  and b.year = n.year - 1 and b.ordinal = n.ordinal
