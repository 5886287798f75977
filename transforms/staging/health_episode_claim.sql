/* ---
asset: staging.health_episode_claim
label: { vi: 'Lượt khám chữa bệnh từ hồ sơ BHYT', en: 'Episodes of care from insurance claims' }
description: { vi: 'Mỗi hồ sơ BHYT là một lượt khám chữa bệnh, kèm chi phí. Cùng một bố cục cho mọi nguồn lượt khám chữa bệnh.', en: 'Each insurance claim as an episode of care, with its costs. One layout for every source of episodes.' }
owner: Sở Y tế
grain: { vi: 'một hồ sơ BHYT', en: 'one claim' }
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
  - { asset: staging.claim, on: {}, match: "concat('claim|', s.facility_code, '|', s.treatment_code) = f.episode_key" }
checks:
  - code: episode-twice
    severity: block
    label: { vi: 'Một hồ sơ có hai dòng', en: 'A claim has two rows' }
    remedy: { vi: 'Báo người phát triển.', en: 'Tell the developers.' }
    sql: select 'episode_key' as field, cast(count(*) as varchar) as value from candidate group by episode_key having count(*) > 1 limit 100
--- */
select concat('claim|', c.facility_code, '|', c.treatment_code) as episode_key,
  concat('claim|', c.facility_code, '|', coalesce(c.patient_code, c.treatment_code)) as person_key,
  c.facility_code,
  -- forms of care (QĐ 824/QĐ-BYT) that were confirmed by the field rules: 01, 07, 09 have no days of treatment
  case
    when c.care_kind in ('01', '07', '09') then 'outpatient'
    when c.inpatient_from is not null then 'inpatient'
    else 'other'
  end as care_kind,
  cast(c.admitted_at as date) as started_on, cast(c.discharged_at as date) as ended_on,
  c.treatment_days as stay_days,
  case when c.main_disease_code is not null then 'icd-10' end as disease_system,
  c.main_disease_code as disease_code,
  case c.outcome
    when '1' then 'cured' when '2' then 'better' when '3' then 'unchanged'
    when '4' then 'worse' when '5' then 'died'
    else case when c.outcome is not null then 'other' end
  end as outcome,
  case c.sex when '1' then 'male' when '2' then 'female' else 'unknown' end as sex,
  c.birth_year, c.residence_commune_code as commune_code,
  c.hospital_total as total_cost, c.insurer_part,
  cast(coalesce(c.patient_copayment, 0) + coalesce(c.patient_own_part, 0) as decimal(18, 2)) as patient_part
from staging.claim c
