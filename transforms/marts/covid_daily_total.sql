/* ---
asset: mart.covid_daily_total
label: { vi: 'Tổng số ca theo quốc gia và ngày', en: 'Totals by country and day' }
description: { vi: 'Tổng lũy kế mọi nơi của một quốc gia trong ngày; cả thế giới là tổng các quốc gia.', en: 'Cumulative sum over all places of a country on a day; the world is the sum over countries.' }
owner: IOC
grain: { vi: 'một quốc gia trong một ngày', en: 'one country on one day' }
columns:
  - { name: country, type: varchar, label: { vi: 'Quốc gia', en: 'Country' }, classification: public }
  - { name: report_date, type: date, label: { vi: 'Ngày báo cáo', en: 'Report day' }, classification: public }
  - { name: places, type: bigint, label: { vi: 'Số nơi báo cáo', en: 'Places' }, classification: public }
  - { name: confirmed, type: bigint, label: { vi: 'Ca lũy kế', en: 'Cumulative cases' }, unit: person, classification: public }
  - { name: deaths, type: bigint, label: { vi: 'Tử vong lũy kế', en: 'Cumulative deaths' }, unit: person, classification: public }
  - { name: recovered, type: bigint, label: { vi: 'Khỏi lũy kế', en: 'Cumulative recoveries' }, unit: person, classification: public }
  - { name: confirmed_change, type: bigint, label: { vi: 'Thay đổi so với hôm trước', en: 'Change from the day before' }, unit: person, classification: public }
  - { name: deaths_change, type: bigint, label: { vi: 'Thay đổi tử vong', en: 'Change in deaths' }, unit: person, classification: public }
key: [country, report_date]
provenance:
  - { asset: staging.covid_report, on: { country: country, report_date: report_day } }
--- */
with totals as (
  select country, report_day as report_date, count(*) as places,
    cast(sum(confirmed) as bigint) as confirmed,
    cast(sum(deaths) as bigint) as deaths,
    cast(sum(recovered) as bigint) as recovered
  from staging.covid_report
  group by country, report_day
)
select country, report_date, places, confirmed, deaths, recovered,
  confirmed - lag(confirmed) over (partition by country order by report_date) as confirmed_change,
  deaths - lag(deaths) over (partition by country order by report_date) as deaths_change
from totals
