/* ---
asset: mart.dossier_score
label: { vi: 'Điểm bộ chỉ số phục vụ người dân, doanh nghiệp', en: 'Score of the service index' }
description: { vi: 'Điểm từng chỉ tiêu có dữ liệu của bộ 766, theo cơ quan và theo kỳ; trọng số và ngưỡng lấy từ dim. Nhóm không có dữ liệu không có dòng. Cơ quan "*" là toàn địa bàn.', en: 'Points of each indicator of the 766 index that has data, by agency and period; weights and thresholds from dim. Groups without data have no row. Agency "*" is the whole territory.' }
owner: IOC
grain: { vi: 'một chỉ tiêu của một cơ quan trong một kỳ', en: 'one indicator of one agency in one period' }
columns:
  - { name: period_id, type: varchar, label: { vi: 'Kỳ', en: 'Period' }, classification: public }
  - { name: agency_code, type: varchar, label: { vi: 'Cơ quan', en: 'Agency' }, classification: public }
  - { name: group_code, type: varchar, label: { vi: 'Nhóm', en: 'Group' }, classification: public }
  - { name: indicator, type: varchar, label: { vi: 'Chỉ tiêu', en: 'Indicator' }, classification: public }
  - { name: numerator, type: bigint, label: { vi: 'Tử số', en: 'Numerator' }, unit: dossier, classification: public }
  - { name: denominator, type: bigint, label: { vi: 'Mẫu số', en: 'Denominator' }, unit: dossier, classification: public }
  - { name: max_points, type: 'decimal(5,2)', label: { vi: 'Điểm tối đa', en: 'Full marks' }, unit: point, classification: public }
  - { name: points, type: 'decimal(7,2)', label: { vi: 'Điểm', en: 'Points' }, unit: point, classification: public }
key: [period_id, agency_code, indicator]
provenance:
  - { asset: mart.dossier_period, on: { period_id: period_id }, match: "f.agency_code = '*' or s.agency_code = f.agency_code" }
checks:
  - code: score-above-full-marks
    severity: block
    label: { vi: 'Điểm vượt điểm tối đa', en: 'Points above full marks' }
    remedy: { vi: 'Sửa dim.score_weight hoặc dim.indicator_threshold.', en: 'Correct dim.score_weight or dim.indicator_threshold.' }
    sql: select 'indicator' as field, indicator as value from candidate where points > max_points or points < 0 limit 100
--- */
with counted as (
  select period_id, agency_code, last_day,
    count(*) filter (where in_numerator) as on_time,
    count(*) filter (where in_denominator) as all_present,
    count(*) filter (where is_received) as received,
    count(*) filter (where is_received and channel = 2) as online,
    count(*) filter (where is_received and bears_fee) as fee_bearing,
    count(*) filter (where is_received and bears_fee and is_paid_online) as paid_online,
    count(*) filter (where is_received and is_digitised) as digitised,
    count(*) filter (where is_received and is_vneid_verified) as verified
  from mart.dossier_period
  group by period_id, agency_code, last_day
),
with_total as (
  select period_id, agency_code, last_day, on_time, all_present, received, online, fee_bearing, paid_online, digitised, verified
  from counted
  union all
  select period_id, '*', last_day, sum(on_time), sum(all_present), sum(received), sum(online), sum(fee_bearing),
    sum(paid_online), sum(digitised), sum(verified)
  from counted
  group by period_id, last_day
),
parts as (
  select period_id, agency_code, last_day, 'TTHC.2.1' as indicator, on_time as numerator, all_present as denominator from with_total
  union all select period_id, agency_code, last_day, 'TTHC.3.3', online, received from with_total
  union all select period_id, agency_code, last_day, 'TTHC.3.6', paid_online, fee_bearing from with_total
  union all select period_id, agency_code, last_day, 'TTHC.4.2', digitised, received from with_total
  union all select period_id, agency_code, last_day, 'TTHC.4.5', verified, received from with_total
),
weighted as (
  select p.period_id, p.agency_code, t.group_code, p.indicator,
    cast(p.numerator as bigint) as numerator, cast(p.denominator as bigint) as denominator,
    cast(w.points * t.share_of_group as decimal(5,2)) as max_points,
    -- in whole units, so that no float decides a rounding: hundredths of a point, ten-thousandths of the threshold
    cast(cast(w.points * t.share_of_group as decimal(5,2)) * 100 as bigint) as full_hundredths,
    cast(t.full_mark_at * 10000 as bigint) as threshold
  from parts p
  join dim.indicator_threshold t on t.indicator = p.indicator
    and p.last_day between t.valid_from and coalesce(t.valid_to, date '9999-12-31')
  join dim.score_weight w on w.group_code = t.group_code
    and p.last_day between w.valid_from and coalesce(w.valid_to, date '9999-12-31')
  where p.denominator > 0
)
select period_id, agency_code, group_code, indicator, numerator, denominator, max_points,
  -- below the threshold: full marks × ratio / threshold, two decimals half up; denominator 0 has no row
  case
    when numerator * 10000 >= denominator * threshold then cast(max_points as decimal(7,2))
    else cast(
      cast((2 * full_hundredths * numerator * 10000 + denominator * threshold) // (2 * denominator * threshold) as decimal(9,0)) * 0.01
      as decimal(7,2))
  end as points
from weighted
