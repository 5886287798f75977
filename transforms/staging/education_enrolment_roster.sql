/* ---
asset: staging.education_enrolment_roster
label: { vi: 'Ghi danh từ hồ sơ OneRoster', en: 'Enrolments from OneRoster' }
description: { vi: 'Mỗi lượt ghi danh của học sinh theo OneRoster. Cùng một bố cục cho mọi nguồn.', en: 'Each enrolment of a pupil by OneRoster. One layout for every source.' }
owner: Sở Giáo dục và Đào tạo
grain: { vi: 'một lượt ghi danh', en: 'one enrolment' }
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
  - { asset: staging.roster_enrollment, on: {}, match: "concat('roster|', s.sourced_id) = f.enrolment_key" }
checks:
  - code: enrolment-twice
    severity: block
    label: { vi: 'Một dòng có hai lần', en: 'A row is there twice' }
    remedy: { vi: 'Kiểm tra mã trùng ở nguồn.', en: 'Look for a repeated code in the source.' }
    sql: select 'enrolment_key' as field, cast(count(*) as varchar) as value from candidate group by enrolment_key having count(*) > 1 limit 100
--- */
select concat('roster|', e.sourced_id) as enrolment_key, concat('roster|', e.user_id) as pupil_key,
  coalesce(o.identifier, o.sourced_id, e.school_id) as school_code,
  concat(try_cast(t.school_year as integer) - 1, '-', t.school_year) as school_year,
  e.class_id as class_code, try_cast(c.grades as integer) as grade,
  case when e.status = 'active' then 'enrolled' else 'transferred_out' end as state,
  e.status = 'active' as is_enrolled, coalesce(d.sex, 'unknown') as sex
from staging.roster_enrollment e
left join staging.roster_class c on c.sourced_id = e.class_id
left join staging.roster_org o on o.sourced_id = coalesce(e.school_id, c.school_id)
left join staging.roster_session t on t.sourced_id = c.session_ids
left join staging.roster_demographics d on d.sourced_id = e.user_id
where e.role = 'student'
