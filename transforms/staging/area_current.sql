/* ---
asset: staging.area_current
label: { vi: 'Địa bàn và đơn vị hiện nay của nó', en: 'Areas and what they are today' }
description: { vi: 'Mỗi đơn vị hành chính ở mỗi thời kỳ, và mã hiện nay theo bảng đối chiếu; đơn vị bị chia tách không có mã hiện nay duy nhất nên để trống.', en: 'Each administrative unit of each time, and its code today by the crosswalk; a unit that was split has no single one, so it is empty.' }
owner: IOC
grain: { vi: 'một đơn vị trong một thời kỳ', en: 'one unit in one stretch of time' }
columns:
  - { name: code, type: varchar, label: { vi: 'Mã', en: 'Code' }, classification: public }
  - { name: valid_from, type: date, label: { vi: 'Hiệu lực từ', en: 'Valid from' }, classification: public }
  - { name: valid_to, type: date, label: { vi: 'Hiệu lực đến', en: 'Valid to' }, classification: public }
  - { name: territory_from, type: date, label: { vi: 'Lãnh thổ không đổi từ', en: 'Same territory since' }, classification: public }
  - { name: level, type: varchar, label: { vi: 'Cấp', en: 'Level' }, classification: public }
  - { name: full_name, type: varchar, label: { vi: 'Tên đầy đủ', en: 'Full name' }, classification: public }
  - { name: province_code, type: varchar, label: { vi: 'Mã tỉnh', en: 'Province' }, classification: public }
  - { name: current_code, type: varchar, label: { vi: 'Mã hiện nay', en: 'Code today' }, classification: public }
  - { name: current_name, type: varchar, label: { vi: 'Tên hiện nay', en: 'Name today' }, classification: public }
  - { name: current_province_code, type: varchar, label: { vi: 'Mã tỉnh hiện nay', en: 'Province today' }, classification: public }
  - { name: is_split, type: boolean, label: { vi: 'Bị chia tách', en: 'Was split' }, classification: public }
key: [code, valid_from]
provenance:
  - { asset: dim.area, on: { code: code, valid_from: valid_from } }
  - { asset: dim.area_crosswalk, on: { code: old_code } }
checks:
  - code: area-twice
    severity: block
    label: { vi: 'Một đơn vị có hai dòng trong một thời kỳ', en: 'A unit has two rows at one time' }
    remedy: { vi: 'Sửa dim.area.', en: 'Correct dim.area.' }
    sql: select 'code' as field, code as value from candidate group by code, valid_from having count(*) > 1 limit 100
  - code: area-without-successor
    severity: warn
    label: { vi: 'Đơn vị cũ không có trong bảng đối chiếu', en: 'A former unit is not in the crosswalk' }
    remedy: { vi: 'Bổ sung dim.area_crosswalk.', en: 'Complete dim.area_crosswalk.' }
    sql: select 'code' as field, code as value from candidate where level = 'commune' and current_code is null and not is_split limit 100
--- */
with successions as (
  select level, old_code, valid_from,
    count(*) > 1 or max(case when is_split then 1 else 0 end) = 1 as is_split,
    min(new_code) as new_code
  from dim.area_crosswalk
  group by level, old_code, valid_from
),
territories as (
  -- a unit may change its name or kind and keep its code and territory; only a crosswalk entry changes the territory
  select a.code, a.valid_from,
    coalesce(max(x.valid_from), min(f.valid_from)) as territory_from
  from dim.area a
  join dim.area f on f.code = a.code
  left join dim.area_crosswalk x on x.new_code = a.code and x.valid_from <= a.valid_from
  group by a.code, a.valid_from
),
joined as (
  select a.code, a.valid_from, a.valid_to, t.territory_from, a.level, a.full_name, a.province_code,
    case
      when s.old_code is null then a.code
      when not s.is_split then s.new_code
    end as current_code,
    coalesce(s.is_split, false) as is_split,
    coalesce(p.new_code, a.province_code) as current_province_code
  from dim.area a
  join territories t on t.code = a.code and t.valid_from = a.valid_from
  left join successions s on s.level = a.level and s.old_code = a.code and s.valid_from > a.valid_from
    and s.valid_from > coalesce(a.valid_to, date '9999-12-30')
  left join successions p on p.level = 'province' and p.old_code = a.province_code and p.valid_from > a.valid_from
    and p.valid_from > coalesce(a.valid_to, date '9999-12-30')
)
select j.code, j.valid_from, j.valid_to, j.territory_from, j.level, j.full_name, j.province_code,
  -- a district is no unit of today unless the crosswalk says so (island districts without communes)
  case when c.code is not null then j.current_code end as current_code,
  c.full_name as current_name,
  j.current_province_code, j.is_split
from joined j
left join dim.area c on c.code = j.current_code and c.valid_to is null
