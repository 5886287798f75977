/* ---
asset: staging.health_case_fhir
label: { vi: 'Ca bệnh từ FHIR', en: 'Cases from FHIR' }
description: { vi: 'Mỗi bệnh (Condition) của máy chủ FHIR như một ca; bệnh nào là truyền nhiễm do báo cáo chọn theo mã. Cùng một bố cục cho mọi nguồn ca bệnh.', en: 'Each condition of a FHIR server as a case; which diseases are infectious is chosen by code in reports. One layout for every source of cases.' }
owner: Sở Y tế
grain: { vi: 'một bệnh ghi nhận', en: 'one condition' }
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
  - { asset: staging.fhir_condition, on: {}, match: "concat('fhir|', s.resource_id) = f.case_key" }
checks:
  - code: case-twice
    severity: block
    label: { vi: 'Một ca có hai dòng', en: 'A case has two rows' }
    remedy: { vi: 'Báo người phát triển.', en: 'Tell the developers.' }
    sql: select 'case_key' as field, cast(count(*) as varchar) as value from candidate group by case_key having count(*) > 1 limit 100
--- */
select concat('fhir|', c.resource_id) as case_key,
  case when c.condition_system like '%icd-10%' then 'icd-10' else c.condition_system end as disease_system,
  c.condition_code as disease_code, c.condition_display as disease_name,
  case c.verification_code
    when 'unconfirmed' then 'suspected' when 'provisional' then 'suspected' when 'differential' then 'probable'
    when 'confirmed' then 'confirmed' when 'refuted' then 'excluded' when 'entered-in-error' then 'excluded'
  end as case_class,
  c.onset_on, c.recorded_on as reported_on, coalesce(c.onset_on, c.recorded_on) as counted_on,
  p.death_on as died_on,
  coalesce(c.verification_code, '') not in ('refuted', 'entered-in-error') as is_counted,
  case p.gender when 'male' then 'male' when 'female' then 'female' else 'unknown' end as sex,
  cast(substr(p.birth_given, 1, 4) as integer) as birth_year,
  cast(null as varchar) as commune_code,
  coalesce(e.organization_id, e.organization_ref) as reporting_facility
from staging.fhir_condition c
left join staging.fhir_patient p on p.resource_id = c.patient_id
left join staging.fhir_encounter e on e.resource_id = c.encounter_id
