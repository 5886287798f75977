/* ---
asset: staging.education_class_register
label: { vi: 'Lớp từ sổ đăng ký', en: 'Classes from registers' }
description: { vi: 'Mỗi lớp trong một năm học, sĩ số ghi và số học sinh trong danh sách. Cùng một bố cục cho mọi nguồn.', en: 'Each class of a school year, its stated size and the pupils listed. One layout for every source.' }
owner: Sở Giáo dục và Đào tạo
grain: { vi: 'một lớp trong một năm học', en: 'one class in one school year' }
columns:
  - { name: school_code, type: varchar, label: { vi: 'Mã trường', en: 'School code' }, classification: public }
  - { name: school_year, type: varchar, label: { vi: 'Năm học', en: 'School year' }, classification: public }
  - { name: class_code, type: varchar, label: { vi: 'Mã lớp', en: 'Class code' }, classification: public }
  - { name: class_name, type: varchar, label: { vi: 'Tên lớp', en: 'Class' }, classification: public }
  - { name: grade, type: integer, label: { vi: 'Khối', en: 'Grade' }, classification: public }
  - { name: pupils_stated, type: integer, label: { vi: 'Sĩ số như sổ ghi', en: 'Pupils as stated' }, unit: person, classification: public }
  - { name: pupils_listed, type: bigint, label: { vi: 'Học sinh đang học', en: 'Pupils enrolled' }, unit: person, classification: public }
key: [school_code, school_year, class_code]
provenance:
  - { asset: staging.school_register_class, on: { school_code: school_code, school_year: school_year, class_code: class_code } }
  - { asset: staging.education_enrolment_register, on: { school_code: school_code, school_year: school_year, class_code: class_code } }
checks:
  - code: class-twice
    severity: block
    label: { vi: 'Một dòng có hai lần', en: 'A row is there twice' }
    remedy: { vi: 'Kiểm tra mã trùng ở nguồn.', en: 'Look for a repeated code in the source.' }
    sql: select 'school_code' as field, cast(count(*) as varchar) as value from candidate group by school_code, school_year, class_code having count(*) > 1 limit 100
  - code: class-size-differs
    severity: warn
    label: { vi: 'Sĩ số ghi trong sổ khác số học sinh trong danh sách', en: 'The stated class size differs from the pupils listed' }
    remedy: { vi: 'Hỏi trường: thiếu học sinh trong danh sách, hay sĩ số cũ.', en: 'Ask the school: pupils are missing from the list, or the size is old.' }
    sql: select 'pupils_stated' as field, concat(school_code, ' ', school_year, ' ', class_code, ' ', pupils_stated, ' ≠ ', pupils_listed) as value from candidate where pupils_stated <> pupils_listed limit 100
--- */
with listed as (
  select school_code, school_year, class_code, sum(case when is_enrolled then 1 else 0 end) as pupils
  from staging.education_enrolment_register
  group by school_code, school_year, class_code
)
select c.school_code, c.school_year, c.class_code, c.class_name, c.grade, c.pupils_stated,
  cast(coalesce(l.pupils, 0) as bigint) as pupils_listed
from staging.school_register_class c
left join listed l on l.school_code = c.school_code and l.school_year = c.school_year and l.class_code = c.class_code
