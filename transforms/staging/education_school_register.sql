/* ---
asset: staging.education_school_register
label: { vi: 'Trường từ sổ đăng ký', en: 'Schools from registers' }
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
  - { asset: staging.school_register_school, on: { school_code: school_code, school_year: school_year } }
  - { asset: staging.education_class_register, on: { school_code: school_code, school_year: school_year } }
checks:
  - code: school-twice
    severity: block
    label: { vi: 'Một dòng có hai lần', en: 'A row is there twice' }
    remedy: { vi: 'Kiểm tra mã trùng ở nguồn.', en: 'Look for a repeated code in the source.' }
    sql: select 'school_code' as field, cast(count(*) as varchar) as value from candidate group by school_code, school_year having count(*) > 1 limit 100
--- */
with counted as (
  select school_code, school_year, count(*) as classes, sum(pupils_listed) as pupils
  from staging.education_class_register
  group by school_code, school_year
)
select s.school_code, s.school_year, s.school_name, s.level, s.ownership, s.commune_code,
  coalesce(c.classes, 0) as classes, cast(coalesce(c.pupils, 0) as bigint) as pupils_listed
from staging.school_register_school s
left join counted c on c.school_code = s.school_code and c.school_year = s.school_year
