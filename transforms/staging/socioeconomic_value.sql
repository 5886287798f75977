/* ---
asset: staging.socioeconomic_value
label: { vi: 'Số liệu kinh tế - xã hội, theo địa bàn chính thức', en: 'Socio-economic figures by official area' }
description: { vi: 'Mỗi số liệu ở bước mới nhất (ước, sơ bộ, chính thức), mã địa bàn chính thức nếu nhận ra được; số tổng được đánh dấu để không cộng cùng thành phần.', en: 'Each figure at its latest stage, with the official area code where it is recognised; totals are marked so that they are not summed with their members.' }
owner: Cơ quan thống kê
grain: { vi: 'một chỉ tiêu của một địa bàn trong một kỳ và một phân tổ', en: 'one indicator of one area in one period and breakdown' }
columns:
  - { name: publisher, type: varchar, label: { vi: 'Cơ quan công bố', en: 'Publisher' }, classification: public }
  - { name: dataset, type: varchar, label: { vi: 'Bảng số liệu', en: 'Dataset' }, classification: public }
  - { name: indicator, type: varchar, label: { vi: 'Mã chỉ tiêu', en: 'Indicator code' }, classification: public }
  - { name: indicator_name, type: varchar, label: { vi: 'Chỉ tiêu', en: 'Indicator' }, classification: public }
  - { name: area, type: varchar, label: { vi: 'Địa bàn của nguồn', en: 'Area of the source' }, classification: public }
  - { name: area_name, type: varchar, label: { vi: 'Tên địa bàn', en: 'Area' }, classification: public }
  - { name: area_code, type: varchar, label: { vi: 'Mã địa bàn chính thức', en: 'Official area code' }, classification: public }
  - { name: period, type: varchar, label: { vi: 'Kỳ', en: 'Period' }, classification: public }
  - { name: breakdown, type: varchar, label: { vi: 'Phân tổ', en: 'Breakdown' }, classification: public }
  - { name: stage, type: varchar, label: { vi: 'Bước (estimate, preliminary, final)', en: 'Stage (estimate, preliminary, final)' }, classification: public }
  - { name: is_total, type: boolean, label: { vi: 'Là số tổng', en: 'Is a total' }, classification: public }
  - { name: value, type: 'decimal(38,12)', label: { vi: 'Giá trị', en: 'Value' }, classification: public }
  - { name: unit, type: varchar, label: { vi: 'Đơn vị tính', en: 'Unit' }, classification: public }
key: [publisher, dataset, indicator, area, period, breakdown]
provenance:
  - { asset: staging.socioeconomic_figure, on: { publisher: publisher, dataset: dataset, indicator: indicator, area: area, period: period, breakdown: breakdown } }
  - { asset: dim.area, on: { area_code: code } }
checks:
  - code: figure-twice
    severity: block
    label: { vi: 'Một số liệu có hai dòng', en: 'A figure has two rows' }
    remedy: { vi: 'Kiểm tra danh mục địa bàn.', en: 'Check the areas.' }
    sql: select 'indicator' as field, concat(dataset, ' ', indicator, ' ', area, ' ', period) as value from candidate group by publisher, dataset, indicator, area, period, breakdown having count(*) > 1 limit 100
--- */
with today as (
  select code, lower(full_name) as full_name, lower(name) as name, level
  from dim.area
  where valid_to is null
),
named as (
  -- a name that several units of today have names none of them
  select spelling, min(code) as code
  from (
    select full_name as spelling, code from today
    union
    select name as spelling, code from today where level = 'province'
  ) names
  group by spelling
  having count(distinct code) = 1
)
select v.publisher, v.dataset, v.indicator, v.indicator_name, v.area, v.area_name,
  coalesce(c.code, n.code) as area_code,
  v.period, v.breakdown,
  case when v.vintage in ('estimate', 'preliminary') then v.vintage else 'final' end as stage,
  coalesce(v.aggregate_over, '') <> '' as is_total,
  v.value, v.unit
from staging.socioeconomic_figure v
left join today c on c.code = v.area
left join named n on n.spelling = lower(trim(v.area_name))
