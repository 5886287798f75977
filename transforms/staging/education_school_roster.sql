/* ---
asset: staging.education_school_roster
label: { vi: 'Trường từ hồ sơ OneRoster', en: 'Schools from OneRoster' }
description: { vi: 'Mỗi trường trong một năm học, số lớp và số học sinh. Cùng một bố cục cho mọi nguồn.', en: 'Each school of a school year, its classes and pupils. One layout for every source.' }
owner: Sở Giáo dục và Đào tạo
grain: { vi: 'một trường trong một năm học', en: 'one school in one school year' }
columns:
  - { name: school_code, type: varchar, label: { vi: 'Mã trường', en: 'School code' }, classification: public }
  - { name: school_year, type: varchar, label: { vi: 'Năm học', en: 'School year' }, classification: public }
  - { name: school_name, type: varchar, label: { vi: 'Tên trường', en: 'School' }, classification: public }
  - { name: level, type: varchar, label: { vi: 'Cấp học', en: 'Level' }, classification: public }
  - { name: ownership, type: varchar, label: { vi: 'Loại hình', en: 'Ownership' }, classification: public }
  - { name: commune_code, type: varchar, label: { vi: 'Mã xã', en: 'Commune code' }, classification: public }
  - { name: classes, type: bigint, label: { vi: 'Số lớp', en: 'Classes' }, classification: public }
  - { name: pupils_listed, type: bigint, label: { vi: 'Học sinh đang học', en: 'Pupils enrolled' }, unit: person, classification: public }
key: [school_code, school_year]
provenance:
  - { asset: staging.roster_org, on: {}, match: "coalesce(s.identifier, s.sourced_id) = f.school_code" }
  - { asset: staging.education_class_roster, on: { school_code: school_code, school_year: school_year } }
checks:
  - code: school-twice
    severity: block
    label: { vi: 'Một dòng có hai lần', en: 'A row is there twice' }
    remedy: { vi: 'Kiểm tra mã trùng ở nguồn.', en: 'Look for a repeated code in the source.' }
    sql: select 'school_code' as field, cast(count(*) as varchar) as value from candidate group by school_code, school_year having count(*) > 1 limit 100
--- */
with counted as (
  select school_code, school_year, count(*) as classes, sum(pupils_listed) as pupils
  from staging.education_class_roster
  group by school_code, school_year
)
select coalesce(o.identifier, o.sourced_id) as school_code, c.school_year, o.org_name as school_name,
  cast(null as varchar) as level, cast(null as varchar) as ownership, cast(null as varchar) as commune_code,
  c.classes, cast(c.pupils as bigint) as pupils_listed
from staging.roster_org o
join counted c on c.school_code = coalesce(o.identifier, o.sourced_id)
where o.org_type = 'school'
