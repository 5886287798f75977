/* ---
asset: staging.health_episode_fhir
label: { vi: 'Lượt khám chữa bệnh từ FHIR', en: 'Episodes of care from FHIR' }
description: { vi: 'Mỗi lượt khám (Encounter) của máy chủ FHIR; bệnh chính là bệnh ghi nhận sớm nhất của lượt. Cùng một bố cục cho mọi nguồn lượt khám chữa bệnh.', en: 'Each encounter of a FHIR server; its disease is the first condition recorded in it. One layout for every source of episodes.' }
owner: Sở Y tế
grain: { vi: 'một lượt khám', en: 'one encounter' }
subject: person
unit_column: person_key
columns:
  - { name: episode_key, type: varchar, label: { vi: 'Lượt khám chữa bệnh', en: 'Episode of care' }, classification: sensitive }
  - { name: person_key, type: varchar, label: { vi: 'Người bệnh', en: 'Patient' }, classification: sensitive }
  - { name: facility_code, type: varchar, label: { vi: 'Cơ sở khám chữa bệnh', en: 'Health facility' }, classification: internal }
  - { name: care_kind, type: varchar, label: { vi: 'Hình thức (outpatient, inpatient, emergency, other)', en: 'Form of care (outpatient, inpatient, emergency, other)' }, classification: sensitive }
  - { name: started_on, type: date, label: { vi: 'Ngày vào', en: 'Started on' }, classification: sensitive }
  - { name: ended_on, type: date, label: { vi: 'Ngày ra', en: 'Ended on' }, classification: sensitive }
  - { name: stay_days, type: bigint, label: { vi: 'Số ngày', en: 'Days of stay' }, unit: day, classification: sensitive }
  - { name: disease_system, type: varchar, label: { vi: 'Hệ mã bệnh', en: 'Coding system of the disease' }, classification: sensitive }
  - { name: disease_code, type: varchar, label: { vi: 'Mã bệnh chính', en: 'Main disease' }, classification: sensitive }
  - { name: outcome, type: varchar, label: { vi: 'Kết quả (cured, better, unchanged, worse, died, other)', en: 'Outcome (cured, better, unchanged, worse, died, other)' }, classification: sensitive }
  - { name: sex, type: varchar, label: { vi: 'Giới tính (male, female, unknown)', en: 'Sex (male, female, unknown)' }, classification: personal }
  - { name: birth_year, type: integer, label: { vi: 'Năm sinh', en: 'Year of birth' }, classification: personal }
  - { name: commune_code, type: varchar, label: { vi: 'Xã cư trú', en: 'Commune of residence' }, classification: personal }
  - { name: total_cost, type: 'decimal(18,2)', label: { vi: 'Tổng chi phí', en: 'Total cost' }, unit: VND, classification: internal }
  - { name: insurer_part, type: 'decimal(18,2)', label: { vi: 'Bảo hiểm thanh toán', en: 'Paid by the insurer' }, unit: VND, classification: internal }
  - { name: patient_part, type: 'decimal(18,2)', label: { vi: 'Người bệnh trả', en: 'Paid by the patient' }, unit: VND, classification: internal }
key: [episode_key]
provenance:
  - { asset: staging.fhir_encounter, on: {}, match: "concat('fhir|', s.resource_id) = f.episode_key" }
  - { asset: staging.fhir_patient, on: {}, match: "concat('fhir|', s.resource_id) = f.person_key" }
  - { asset: staging.fhir_condition, on: {}, match: "concat('fhir|', s.encounter_id) = f.episode_key" }
checks:
  - code: episode-twice
    severity: block
    label: { vi: 'Một lượt khám có hai dòng', en: 'An encounter has two rows' }
    remedy: { vi: 'Báo người phát triển.', en: 'Tell the developers.' }
    sql: select 'episode_key' as field, cast(count(*) as varchar) as value from candidate group by episode_key having count(*) > 1 limit 100
--- */
with ranked as (
  select encounter_id, condition_system, condition_code,
    row_number() over (partition by encounter_id order by coalesce(recorded_on, onset_on), resource_id) as place
  from staging.fhir_condition
  where encounter_id is not null and coalesce(verification_code, 'confirmed') not in ('refuted', 'entered-in-error')
)
select concat('fhir|', e.resource_id) as episode_key,
  concat('fhir|', coalesce(e.patient_id, e.resource_id)) as person_key,
  coalesce(e.organization_id, e.organization_ref) as facility_code,
  case e.class_code
    when 'AMB' then 'outpatient' when 'VR' then 'outpatient' when 'HH' then 'outpatient'
    when 'IMP' then 'inpatient' when 'ACUTE' then 'inpatient' when 'NONAC' then 'inpatient'
    when 'EMER' then 'emergency'
    else 'other'
  end as care_kind,
  e.start_on as started_on, e.end_on as ended_on,
  cast(e.end_on - e.start_on as bigint) as stay_days,
  case when r.condition_system like '%icd-10%' then 'icd-10' else r.condition_system end as disease_system,
  r.condition_code as disease_code,
  case when e.disposition_code = 'exp' then 'died' end as outcome,
  case p.gender when 'male' then 'male' when 'female' then 'female' else 'unknown' end as sex,
  cast(substr(p.birth_given, 1, 4) as integer) as birth_year,
  cast(null as varchar) as commune_code,
  cast(null as decimal(18, 2)) as total_cost, cast(null as decimal(18, 2)) as insurer_part,
  cast(null as decimal(18, 2)) as patient_part
from staging.fhir_encounter e
left join ranked r on r.encounter_id = e.resource_id and r.place = 1
left join staging.fhir_patient p on p.resource_id = e.patient_id
where coalesce(e.status, '') not in ('cancelled', 'entered-in-error')
