/* ---
asset: mart.dossier_rank
label: { vi: 'Xếp hạng bộ chỉ số phục vụ người dân, doanh nghiệp', en: 'Ranks by the service index' }
description: { vi: 'Tổng điểm các chỉ tiêu có dữ liệu của bộ 766, tỷ lệ trên tổng điểm tối đa của chính các chỉ tiêu đó, và thứ hạng trong các cơ quan cùng cấp; cơ quan bằng tỷ lệ thì đồng hạng.', en: 'Sum of points over the indicators of the 766 index that have data, its share of the full marks of just these, and the rank among the agencies of the same level; equal shares share a rank.' }
owner: IOC
grain: { vi: 'một cơ quan trong một kỳ', en: 'one agency in one period' }
columns:
  - { name: period_id, type: varchar, label: { vi: 'Kỳ', en: 'Period' }, classification: public }
  - { name: agency_code, type: varchar, label: { vi: 'Cơ quan', en: 'Agency' }, classification: public }
  - { name: level, type: varchar, label: { vi: 'Cấp', en: 'Level' }, classification: public }
  - { name: points, type: 'decimal(9,2)', label: { vi: 'Tổng điểm', en: 'Points' }, unit: point, classification: public }
  - { name: max_points, type: 'decimal(9,2)', label: { vi: 'Tổng điểm tối đa có số liệu', en: 'Full marks of what has data' }, unit: point, classification: public }
  - { name: share, type: 'decimal(9,2)', label: { vi: 'Tỷ lệ điểm', en: 'Share of full marks' }, unit: '%', classification: public }
  - { name: rank, type: bigint, label: { vi: 'Thứ hạng trong cấp', en: 'Rank in its level' }, classification: public }
  - { name: previous_rank, type: bigint, label: { vi: 'Thứ hạng kỳ trước', en: 'Rank of the period before' }, classification: public }
key: [period_id, agency_code]
provenance:
  - { asset: mart.dossier_score, on: { period_id: period_id } }
checks:
  - code: rank-twice
    severity: block
    label: { vi: 'Một cơ quan có hai hạng trong một kỳ', en: 'An agency has two ranks in a period' }
    remedy: { vi: 'Kiểm tra hiệu lực trong dim.agency.', en: 'Check the validity in dim.agency.' }
    sql: select 'agency_code' as field, concat(period_id, ' ', agency_code) as value from candidate group by period_id, agency_code having count(*) > 1 limit 100
--- */
with summed as (
  select period_id, agency_code, sum(points) as points, sum(max_points) as max_points
  from mart.dossier_score
  where agency_code <> '*'
  group by period_id, agency_code
),
levels as (
  select s.period_id, s.agency_code, max(a.level) as level
  from summed s
  join staging.reporting_period p on p.period_id = s.period_id
  join dim.agency a on a.agency_code = s.agency_code
    and p.last_day between a.valid_from and coalesce(a.valid_to, date '9999-12-31')
  group by s.period_id, s.agency_code
),
shares as (
  -- per cent of the full marks, two decimals half up, in whole units so that no float decides a rank
  select s.period_id, s.agency_code, coalesce(l.level, 'khac') as level, s.points, s.max_points,
    cast((2 * cast(s.points * 100 as bigint) * 10000 + cast(s.max_points * 100 as bigint))
      // (2 * cast(s.max_points * 100 as bigint)) as bigint) as hundredths
  from summed s
  left join levels l on l.period_id = s.period_id and l.agency_code = s.agency_code
),
ranked as (
  select period_id, agency_code, level, points, max_points, hundredths,
    rank() over (partition by period_id, level order by hundredths desc) as position
  from shares
)
select r.period_id, r.agency_code, r.level,
  cast(r.points as decimal(9,2)) as points,
  cast(r.max_points as decimal(9,2)) as max_points,
  cast(cast(r.hundredths as decimal(9,0)) * 0.01 as decimal(9,2)) as share,
  r.position as rank,
  b.position as previous_rank
from ranked r
join staging.reporting_period p on p.period_id = r.period_id
left join ranked b on b.period_id = p.previous_period_id and b.agency_code = r.agency_code and b.level = r.level
