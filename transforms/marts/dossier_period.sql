/* ---
asset: mart.dossier_period
label: { vi: 'Hồ sơ theo kỳ báo cáo', en: 'Dossiers by reporting period' }
description: { vi: 'Mỗi hồ sơ trong mỗi kỳ mà nó có mặt: chuyển sang hay mới tiếp nhận, trạng thái cuối kỳ tính từ ngày tháng, sớm, đúng hay quá hạn. Kỳ chưa kết thúc được tính đến lần cập nhật cuối của nguồn.', en: 'Each dossier in each period it is present in: carried over or received, its state at the period''s end from dates, early, on time or late. A period that has not ended is judged at the source''s last update.' }
owner: IOC
grain: { vi: 'một hồ sơ trong một kỳ', en: 'one dossier in one period' }
columns:
  - { name: period_id, type: varchar, label: { vi: 'Kỳ', en: 'Period' }, classification: public }
  - { name: dossier_code, type: varchar, label: { vi: 'Mã hồ sơ', en: 'Dossier' }, classification: internal }
  - { name: first_day, type: date, label: { vi: 'Ngày đầu kỳ', en: 'First day' }, classification: public }
  - { name: last_day, type: date, label: { vi: 'Ngày cuối kỳ', en: 'Last day' }, classification: public }
  - { name: judged_at, type: timestamp, label: { vi: 'Xét đến thời điểm', en: 'Judged at' }, classification: public }
  - { name: agency_code, type: varchar, label: { vi: 'Cơ quan xử lý hiện tại', en: 'Agency that has it now' }, classification: public }
  - { name: agency_received_code, type: varchar, label: { vi: 'Cơ quan tiếp nhận', en: 'Agency that received it' }, classification: public }
  - { name: procedure_code, type: varchar, label: { vi: 'Mã thủ tục', en: 'Procedure' }, classification: public }
  - { name: commune_code, type: varchar, label: { vi: 'Xã, phường', en: 'Commune' }, classification: public }
  - { name: current_commune_code, type: varchar, label: { vi: 'Xã, phường hiện nay', en: 'Commune today' }, classification: public }
  - { name: province_code, type: varchar, label: { vi: 'Tỉnh', en: 'Province' }, classification: public }
  - { name: current_province_code, type: varchar, label: { vi: 'Tỉnh hiện nay', en: 'Province today' }, classification: public }
  - { name: channel, type: integer, label: { vi: 'Kênh', en: 'Channel' }, classification: public }
  - { name: is_carried_over, type: boolean, label: { vi: 'Kỳ trước chuyển sang', en: 'Carried over' }, classification: public }
  - { name: is_received, type: boolean, label: { vi: 'Tiếp nhận trong kỳ', en: 'Received in the period' }, classification: public }
  - { name: state_at_end, type: varchar, label: { vi: 'Trạng thái cuối kỳ', en: 'State at the end' }, classification: public }
  - { name: outcome, type: varchar, label: { vi: 'Kết quả (early, on-time, late)', en: 'Outcome (early, on-time, late)' }, classification: public }
  - { name: is_in_time, type: boolean, label: { vi: 'Đúng hoặc còn trong hạn', en: 'On time or still inside the deadline' }, classification: public }
  - { name: is_refused_at_intake, type: boolean, label: { vi: 'Không được tiếp nhận', en: 'Refused at intake' }, classification: public }
  - { name: in_denominator, type: boolean, label: { vi: 'Tính vào mẫu số', en: 'In the denominator' }, classification: public }
  - { name: in_numerator, type: boolean, label: { vi: 'Tính vào tử số', en: 'In the numerator' }, classification: public }
  - { name: due_at, type: timestamp, label: { vi: 'Hạn trả', en: 'Due at' }, classification: public }
  - { name: ended_at, type: timestamp, label: { vi: 'Kết thúc', en: 'Ended at' }, classification: public }
  - { name: supplement_count, type: bigint, label: { vi: 'Số lần yêu cầu bổ sung', en: 'Supplement requests' }, classification: public }
  - { name: is_digitised, type: boolean, label: { vi: 'Có thành phần số hóa', en: 'Has digitised components' }, classification: public }
  - { name: is_vneid_verified, type: boolean, label: { vi: 'Tài khoản xác thực VNeID', en: 'VNeID-verified account' }, classification: public }
  - { name: bears_fee, type: boolean, label: { vi: 'Có phí, lệ phí phải nộp', en: 'Bears a fee' }, classification: public }
  - { name: is_paid_online, type: boolean, label: { vi: 'Thanh toán trực tuyến', en: 'Paid online' }, classification: public }
  - { name: applicant_code, type: varchar, label: { vi: 'Người nộp', en: 'Applicant' }, classification: personal }
key: [period_id, dossier_code]
subject: person
unit_column: applicant_code
counted_columns: [dossier_code]
dimensions: [period_id, agency_code, agency_received_code, procedure_code, commune_code, current_commune_code, province_code, current_province_code, channel, is_carried_over, is_received, state_at_end, outcome, is_in_time, is_refused_at_intake, in_denominator, in_numerator, is_digitised, is_vneid_verified, bears_fee, is_paid_online]
provenance:
  - { asset: staging.dossier_clock, on: { dossier_code: dossier_code } }
  - { asset: staging.dossier, on: { dossier_code: dossier_code } }
  - { asset: staging.dossier_pause, on: { dossier_code: dossier_code } }
  - { asset: staging.dossier_fee, on: { dossier_code: dossier_code } }
checks:
  - code: dossier-period-balance
    severity: block
    label: { vi: 'Kỳ trước + Tiếp nhận khác Đã giải quyết + Đang giải quyết + Tạm dừng + Từ chối/rút', en: 'Carried over + received differ from resolved + in progress + paused + withdrawn/stopped' }
    remedy: { vi: 'Lỗi của phép biến đổi: báo cho người phụ trách.', en: 'A fault of the transform: tell its owner.' }
    sql: |
      select 'period_id' as field, period_id as value from candidate
      group by period_id
      having count(*) filter (where is_carried_over) + count(*) filter (where is_received)
        <> count(*) filter (where state_at_end in ('resolved', 'in-progress', 'paused', 'ended-without-result'))
      limit 100
  - code: dossier-period-twice
    severity: block
    label: { vi: 'Một hồ sơ có hai dòng trong một kỳ', en: 'A dossier has two rows in a period' }
    remedy: { vi: 'Lỗi của phép biến đổi hoặc của dim.area: báo cho người phụ trách.', en: 'A fault of the transform or of dim.area: tell its owner.' }
    sql: select 'dossier_code' as field, dossier_code as value from candidate group by period_id, dossier_code having count(*) > 1 limit 100
--- */
with data_end as (
  -- nothing is known after the source's last update: open periods are judged there
  select cast(min(received_at) as date) as first_day, max(updated_at) + interval '1 second' as ends_at
  from staging.dossier
),
periods as (
  select p.period_id, p.first_day, p.last_day, cast(p.first_day as timestamp) as starts_at,
    least(cast(p.last_day as timestamp) + interval '1 day', d.ends_at) as judged_at
  from staging.reporting_period p
  join data_end d on p.first_day <= cast(d.ends_at as date) and p.last_day >= d.first_day
  where p.window_code = 'nd09' or p.kind in ('month', 'quarter', 'year')
),
lasting as (
  select dossier_code, agency_code, agency_received_code, procedure_code, commune_code, channel, received_at, ended_at,
    status_group, outcome, due_at, base_due_at, supplement_count, supplement_limit,
    coalesce(ended_at, timestamp '9999-12-31 00:00:00') as lasts_until
  from staging.dossier_clock
  where is_counted
),
present as (
  -- carried over or received, and not ended before the period
  select p.period_id, p.first_day, p.last_day, p.starts_at, p.judged_at, c.dossier_code, c.agency_code,
    c.agency_received_code, c.procedure_code, c.commune_code, c.channel, c.received_at,
    c.base_due_at, c.supplement_limit,
    c.received_at < p.starts_at as is_carried_over,
    -- an end after the period's end has not happened yet
    case when c.ended_at < p.judged_at then c.ended_at end as ended_at,
    case when c.ended_at < p.judged_at then c.status_group end as ended_group,
    case when c.ended_at < p.judged_at then c.outcome end as ended_outcome,
    case when c.ended_at < p.judged_at then c.due_at end as ended_due_at,
    case when c.ended_at < p.judged_at then c.supplement_count end as ended_supplements
  from lasting c
  join periods p on c.received_at < p.judged_at and c.lasts_until >= p.starts_at
),
open_pauses as (
  -- of dossiers still open at the end: what was paused by then, and the one pause that is still open
  select o.period_id, o.dossier_code,
    count(*) filter (where q.pause_kind = 'supplement') as supplement_count,
    sum(case when q.resumed_at < o.judged_at then cast(extract(epoch from (q.resumed_at - q.paused_at)) as bigint) else 0 end) as waited_seconds,
    max(case when q.resumed_at is null or q.resumed_at >= o.judged_at then q.paused_at end) as open_since
  from present o
  join staging.dossier_pause q on q.dossier_code = o.dossier_code and q.paused_at < o.judged_at
  where o.ended_at is null
  group by o.period_id, o.dossier_code
),
stated as (
  select p.period_id, p.first_day, p.last_day, p.judged_at, p.dossier_code, p.agency_code, p.agency_received_code,
    p.procedure_code, p.commune_code, p.channel, p.received_at, p.is_carried_over, p.ended_at, p.ended_outcome,
    case
      when p.ended_at is not null then p.ended_group
      when o.open_since is not null then 'paused'
      else 'in-progress'
    end as state_at_end,
    coalesce(p.ended_due_at, p.base_due_at + coalesce(o.waited_seconds, 0) * interval '1 second') as due_at,
    coalesce(p.ended_supplements, o.supplement_count, 0) as supplement_count,
    -- still open: exactly one open pause stops the clock at its beginning, else the clock runs to the period's end
    coalesce(o.open_since, p.judged_at) as open_until,
    p.supplement_limit
  from present p
  left join open_pauses o on o.period_id = p.period_id and o.dossier_code = p.dossier_code
),
judged as (
  select s.period_id, s.first_day, s.last_day, s.judged_at, s.dossier_code, s.agency_code, s.agency_received_code,
    s.procedure_code, s.commune_code, s.channel, s.received_at, s.is_carried_over, s.ended_at, s.state_at_end,
    s.due_at, s.supplement_count, s.ended_outcome as outcome,
    case
      when s.ended_at is not null then coalesce(s.ended_outcome in ('early', 'on-time'), false)
      when s.supplement_count > s.supplement_limit then false
      else coalesce(s.open_until <= s.due_at, false)
    end as is_in_time
  from stated s
),
refused as (
  -- refused at intake: shown apart, in no denominator
  select p.period_id, p.first_day, p.last_day, p.judged_at, c.dossier_code, c.agency_code, c.agency_received_code,
    c.procedure_code, c.commune_code, c.channel, c.refused_at
  from staging.dossier_clock c
  join periods p on c.refused_at >= p.starts_at and c.refused_at < p.judged_at
  where c.status_group = 'refused'
),
fees as (
  -- fee-bearing, minus those where every Gia is 0 (QĐ 766, 3.6)
  select dossier_code, max(amount) > 0 as bears_fee
  from staging.dossier_fee
  group by dossier_code
),
described as (
  -- what does not change from period to period, once per dossier
  select d.dossier_code, a.current_code as current_commune_code, a.province_code, a.current_province_code,
    coalesce(d.has_digitised_components, false) as is_digitised,
    coalesce(d.is_vneid_verified, false) as is_vneid_verified,
    coalesce(e.bears_fee, false) as bears_fee,
    coalesce(d.online_payment in (1, 2), false) as is_paid_online,
    -- the unit that disclosure control protects; unknown where the source gives no identity number
    nullif(upper(replace(d.owner_id_number, ' ', '')), '') as applicant_code
  from staging.dossier d
  join staging.dossier_clock c on c.dossier_code = d.dossier_code
  left join fees e on e.dossier_code = d.dossier_code
  left join staging.area_current a on a.code = d.commune_code
    and cast(coalesce(c.received_at, c.refused_at) as date) between a.valid_from and coalesce(a.valid_to, date '9999-12-31')
),
facts as (
  select period_id, dossier_code, first_day, last_day, judged_at, agency_code, agency_received_code, procedure_code,
    commune_code, channel, is_carried_over, not is_carried_over as is_received, state_at_end, outcome, is_in_time,
    false as is_refused_at_intake, due_at, ended_at, supplement_count
  from judged
  union all
  select period_id, dossier_code, first_day, last_day, judged_at, agency_code, agency_received_code, procedure_code,
    commune_code, channel, false, false, 'refused', null, false, true, null, refused_at, 0
  from refused
)
select f.period_id, f.dossier_code, f.first_day, f.last_day, f.judged_at, f.agency_code, f.agency_received_code,
  f.procedure_code, f.commune_code,
  d.current_commune_code, d.province_code, d.current_province_code,
  f.channel, f.is_carried_over, f.is_received, f.state_at_end, f.outcome, f.is_in_time, f.is_refused_at_intake,
  not f.is_refused_at_intake as in_denominator,
  f.is_in_time and not f.is_refused_at_intake as in_numerator,
  f.due_at, f.ended_at, f.supplement_count,
  d.is_digitised, d.is_vneid_verified, d.bears_fee, d.is_paid_online, d.applicant_code
from facts f
join described d on d.dossier_code = f.dossier_code
