/* ---
asset: staging.working_calendar
label: { vi: 'Lịch làm việc', en: 'Working calendar' }
description: { vi: 'Từng ngày, có làm việc hay không, và số ngày làm việc cộng dồn để cộng ngày làm việc bằng một phép nối.', en: 'Every day, whether offices work, and the running count of working days, so that adding working days is one join.' }
owner: IOC
grain: { vi: 'một ngày', en: 'one day' }
columns:
  - { name: day, type: date, label: { vi: 'Ngày', en: 'Day' }, classification: public }
  - { name: is_working, type: boolean, label: { vi: 'Ngày làm việc', en: 'Offices work' }, classification: public }
  - { name: working_day_number, type: bigint, label: { vi: 'Số ngày làm việc cộng dồn', en: 'Working days so far' }, unit: working-day, classification: public }
key: [day]
provenance:
  - { asset: dim.working_day, on: { day: day } }
--- */
with days as (
  select cast(make_date(h.first_year, 1, 1) + n.n * interval '1 day' as date) as day
  from dim.period_horizon h
  join generate_series(0, 73100) as n(n)
    on make_date(h.first_year, 1, 1) + n.n * interval '1 day' <= make_date(h.last_year, 12, 31)
),
judged as (
  -- Labour Code 45/2019 Art 111–112: Monday to Friday, less days off, plus make-up Saturdays
  select d.day,
    coalesce(w.kind = 'working-saturday', false)
      or (extract(isodow from d.day) <= 5 and w.kind is null) as is_working
  from days d
  left join dim.working_day w on w.day = d.day
)
select day, is_working,
  cast(count(*) filter (where is_working) over (order by day) as bigint) as working_day_number
from judged
