/* ---
asset: staging.education_class_roster
label: { vi: 'Lớp từ hồ sơ OneRoster', en: 'Classes from OneRoster' }
description: { vi: 'Mỗi lớp trong một năm học theo OneRoster. Cùng một bố cục cho mọi nguồn.', en: 'Each class of a school year by OneRoster. One layout for every source.' }
owner: Sở Giáo dục và Đào tạo
grain: { vi: 'một lớp', en: 'one class' }
columns:
  - { name: school_code, type: varchar, label: { vi: 'Mã trường', en: 'School code' }, classification: public }
  - { name: school_year, type: varchar, label: { vi: 'Năm học', en: 'School year' }, classification: public }
  - { name: class_code, type: varchar, label: { vi: 'Mã lớp', en: 'Class code' }, classification: public }
  - { name: class_name, type: varchar, label: { vi: 'Tên lớp', en: 'Class' }, classification: public }
  - { name: grade, type: integer, label: { vi: 'Khối', en: 'Grade' }, classification: public }
  - { name: pupils_stated, type: integer, label: { vi: 'Sĩ số như sổ ghi', en: 'Pupils as stated' }, unit: person, classification: public }
  - { name: pupils_listed, type: bigint, label: { vi: 'Học sinh đang học', en: 'Pupils enrolled' }, unit: person, classification: public }
key: [class_code]
provenance:
  - { asset: staging.roster_class, on: { class_code: sourced_id } }
  - { asset: staging.education_enrolment_roster, on: { class_code: class_code } }
checks:
  - code: class-twice
    severity: block
    label: { vi: 'Một dòng có hai lần', en: 'A row is there twice' }
    remedy: { vi: 'Kiểm tra mã trùng ở nguồn.', en: 'Look for a repeated code in the source.' }
    sql: select 'class_code' as field, cast(count(*) as varchar) as value from candidate group by class_code having count(*) > 1 limit 100
--- */
with listed as (
  select class_code, sum(case when is_enrolled then 1 else 0 end) as pupils
  from staging.education_enrolment_roster
  group by class_code
)
select coalesce(o.identifier, o.sourced_id, c.school_id) as school_code,
  concat(try_cast(t.school_year as integer) - 1, '-', t.school_year) as school_year,
  c.sourced_id as class_code, c.title as class_name, try_cast(c.grades as integer) as grade,
  cast(null as integer) as pupils_stated, cast(coalesce(l.pupils, 0) as bigint) as pupils_listed
from staging.roster_class c
left join staging.roster_org o on o.sourced_id = c.school_id
left join staging.roster_session t on t.sourced_id = c.session_ids
left join listed l on l.class_code = c.sourced_id
