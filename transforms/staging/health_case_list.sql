/* ---
asset: staging.health_case_list
label: { vi: 'Ca bệnh truyền nhiễm từ danh sách', en: 'Cases of infectious diseases from lists' }
description: { vi: 'Mỗi ca trong danh sách ca bệnh; ca bị loại trừ có nhưng không được tính. Cùng một bố cục cho mọi nguồn ca bệnh.', en: 'Each case of the case lists; excluded ones are there but do not count. One layout for every source of cases.' }
owner: Sở Y tế
grain: { vi: 'một ca bệnh', en: 'one case' }
subject: person
unit_column: case_key
columns:
  - { name: case_key, type: varchar, label: { vi: 'Ca bệnh', en: 'Case' }, classification: sensitive }
  - { name: disease_system, type: varchar, label: { vi: 'Hệ mã bệnh', en: 'Coding system of the disease' }, classification: sensitive }
  - { name: disease_code, type: varchar, label: { vi: 'Mã bệnh', en: 'Disease code' }, classification: sensitive }
  - { name: disease_name, type: varchar, label: { vi: 'Bệnh', en: 'Disease' }, classification: sensitive }
  - { name: case_class, type: varchar, label: { vi: 'Phân loại (suspected, probable, confirmed, excluded)', en: 'Class (suspected, probable, confirmed, excluded)' }, classification: sensitive }
  - { name: onset_on, type: date, label: { vi: 'Ngày khởi phát', en: 'Onset' }, classification: sensitive }
  - { name: reported_on, type: date, label: { vi: 'Ngày báo cáo', en: 'Reported on' }, classification: sensitive }
  - { name: counted_on, type: date, label: { vi: 'Ngày tính ca (khởi phát, không có thì báo cáo)', en: 'Day the case counts on (onset, else report)' }, classification: sensitive }
  - { name: died_on, type: date, label: { vi: 'Ngày tử vong', en: 'Died on' }, classification: sensitive }
  - { name: is_counted, type: boolean, label: { vi: 'Là ca được tính (không bị loại trừ)', en: 'Counts as a case (not excluded)' }, classification: sensitive }
  - { name: sex, type: varchar, label: { vi: 'Giới tính (male, female, unknown)', en: 'Sex (male, female, unknown)' }, classification: personal }
  - { name: birth_year, type: integer, label: { vi: 'Năm sinh', en: 'Year of birth' }, classification: personal }
  - { name: commune_code, type: varchar, label: { vi: 'Mã xã nơi ở', en: 'Commune of residence' }, classification: personal }
  - { name: reporting_facility, type: varchar, label: { vi: 'Cơ sở báo cáo', en: 'Reporting facility' }, classification: internal }
key: [case_key]
provenance:
  - { asset: staging.disease_case, on: {}, match: "concat('list|', s.case_code) = f.case_key" }
checks:
  - code: case-twice
    severity: block
    label: { vi: 'Một ca có hai dòng', en: 'A case has two rows' }
    remedy: { vi: 'Báo người phát triển.', en: 'Tell the developers.' }
    sql: select 'case_key' as field, cast(count(*) as varchar) as value from candidate group by case_key having count(*) > 1 limit 100
--- */
select concat('list|', c.case_code) as case_key,
  case when c.disease_code is not null then 'icd-10' end as disease_system,
  c.disease_code, c.disease as disease_name, c.case_class,
  c.onset_on, c.reported_on, coalesce(c.onset_on, c.reported_on) as counted_on, c.died_on,
  coalesce(c.case_class, '') <> 'excluded' as is_counted,
  coalesce(c.sex, 'unknown') as sex, c.birth_year, c.commune_code, c.reporting_facility
from staging.disease_case c
