/* ---
asset: staging.education_enrolment_register
label: { vi: 'Ghi danh từ sổ đăng ký', en: 'Enrolments from registers' }
description: { vi: 'Mỗi học sinh trong một năm học theo sổ đăng ký của trường. Cùng một bố cục cho mọi nguồn.', en: 'Each pupil of a school year by the registers. One layout for every source.' }
owner: Sở Giáo dục và Đào tạo
grain: { vi: 'một học sinh ở một trường trong một năm học', en: 'one pupil of one school in one school year' }
subject: person
unit_column: pupil_key
columns:
  - { name: enrolment_key, type: varchar, label: { vi: 'Lượt ghi danh', en: 'Enrolment' }, classification: personal }
  - { name: pupil_key, type: varchar, label: { vi: 'Học sinh', en: 'Pupil' }, classification: personal }
  - { name: school_code, type: varchar, label: { vi: 'Mã trường', en: 'School code' }, classification: internal }
  - { name: school_year, type: varchar, label: { vi: 'Năm học', en: 'School year' }, classification: internal }
  - { name: class_code, type: varchar, label: { vi: 'Mã lớp', en: 'Class code' }, classification: internal }
  - { name: grade, type: integer, label: { vi: 'Khối', en: 'Grade' }, classification: internal }
  - { name: state, type: varchar, label: { vi: 'Tình trạng (enrolled, transferred_in, transferred_out, dropped_out, repeating)', en: 'State (enrolled, transferred_in, transferred_out, dropped_out, repeating)' }, classification: internal }
  - { name: is_enrolled, type: boolean, label: { vi: 'Đang học', en: 'Is enrolled' }, classification: internal }
  - { name: sex, type: varchar, label: { vi: 'Giới tính (male, female, unknown)', en: 'Sex (male, female, unknown)' }, classification: sensitive }
key: [enrolment_key]
provenance:
  - { asset: staging.school_register_pupil, on: {}, match: "concat('register|', s.school_code, '|', s.school_year, '|', s.pupil_code) = f.enrolment_key" }
checks:
  - code: enrolment-twice
    severity: block
    label: { vi: 'Một dòng có hai lần', en: 'A row is there twice' }
    remedy: { vi: 'Kiểm tra mã trùng ở nguồn.', en: 'Look for a repeated code in the source.' }
    sql: select 'enrolment_key' as field, cast(count(*) as varchar) as value from candidate group by enrolment_key having count(*) > 1 limit 100
--- */
select concat('register|', p.school_code, '|', p.school_year, '|', p.pupil_code) as enrolment_key,
  concat('register|', p.pupil_code) as pupil_key,
  p.school_code, p.school_year, p.class_code, c.grade, p.state,
  p.state in ('enrolled', 'transferred_in', 'repeating') as is_enrolled,
  coalesce(p.sex, 'unknown') as sex
from staging.school_register_pupil p
left join staging.school_register_class c
  on c.school_code = p.school_code and c.school_year = p.school_year and c.class_code = p.class_code
