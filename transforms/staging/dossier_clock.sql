/* ---
asset: staging.dossier_clock
label: { vi: 'Đồng hồ xử lý hồ sơ', en: 'Clock of a dossier' }
description: { vi: 'Từng bước của quy tắc đúng hạn (QĐ 766, chỉ tiêu 2.1): thời điểm kết thúc, thời gian chờ bổ sung, hạn trả, kết quả.', en: 'The on-time rule (QĐ 766, indicator 2.1) step by step: end, waiting time, due time, outcome.' }
owner: IOC
grain: { vi: 'một hồ sơ', en: 'one dossier' }
columns:
  - { name: dossier_code, type: varchar, label: { vi: 'Mã hồ sơ', en: 'Dossier' }, classification: internal }
  - { name: procedure_code, type: varchar, label: { vi: 'Mã thủ tục', en: 'Procedure' }, classification: internal }
  - { name: agency_received_code, type: varchar, label: { vi: 'Cơ quan tiếp nhận', en: 'Agency that received it' }, classification: internal }
  - { name: agency_code, type: varchar, label: { vi: 'Cơ quan xử lý hiện tại', en: 'Agency that has it now' }, classification: internal }
  - { name: commune_code, type: varchar, label: { vi: 'Xã, phường nơi nộp', en: 'Commune of submission' }, classification: internal }
  - { name: channel, type: integer, label: { vi: 'Kênh (1 trực tiếp, 2 trực tuyến, 3 bưu chính)', en: 'Channel (1 in person, 2 online, 3 post)' }, classification: internal }
  - { name: status, type: integer, label: { vi: 'Trạng thái hiện tại', en: 'Status now' }, classification: internal }
  - { name: status_group, type: varchar, label: { vi: 'Nhóm trạng thái hiện tại', en: 'Status group now' }, classification: internal }
  - { name: is_counted, type: boolean, label: { vi: 'Là hồ sơ được tính', en: 'Counts as a dossier' }, classification: internal }
  - { name: received_at, type: timestamp, label: { vi: 'Tiếp nhận', en: 'Received at' }, classification: internal }
  - { name: refused_at, type: timestamp, label: { vi: 'Từ chối tiếp nhận', en: 'Refused at intake' }, classification: internal }
  - { name: ended_at, type: timestamp, label: { vi: 'Kết thúc', en: 'Ended at' }, classification: internal }
  - { name: end_kind, type: varchar, label: { vi: 'Cách kết thúc', en: 'How it ended' }, classification: internal }
  - { name: supplement_count, type: bigint, label: { vi: 'Số lần yêu cầu bổ sung', en: 'Supplement requests' }, classification: internal }
  - { name: waited_seconds, type: bigint, label: { vi: 'Thời gian dừng', en: 'Time paused' }, unit: second, classification: internal }
  - { name: due_source, type: varchar, label: { vi: 'Hạn lấy từ đâu', en: 'Where the due time comes from' }, classification: internal }
  - { name: base_due_at, type: timestamp, label: { vi: 'Hạn trước khi cộng thời gian dừng', en: 'Due before pauses' }, classification: internal }
  - { name: due_at, type: timestamp, label: { vi: 'Hạn trả', en: 'Due at' }, classification: internal }
  - { name: supplement_limit, type: integer, label: { vi: 'Số lần bổ sung tối đa', en: 'Supplement requests allowed' }, classification: internal }
  - { name: outcome, type: varchar, label: { vi: 'Kết quả (early, on-time, late)', en: 'Outcome (early, on-time, late)' }, classification: internal }
  - { name: is_late_by_supplements, type: boolean, label: { vi: 'Trễ vì quá số lần bổ sung', en: 'Late by too many requests' }, classification: internal }
key: [dossier_code]
provenance:
  - { asset: staging.dossier, on: { dossier_code: dossier_code } }
  - { asset: staging.dossier_pause, on: { dossier_code: dossier_code } }
  - { asset: staging.procedure, on: { procedure_code: procedure_code }, match: "f.due_source = 'statutory'" }
checks:
  - code: dossier-twice
    severity: block
    label: { vi: 'Một hồ sơ có hai dòng', en: 'A dossier has two rows' }
    remedy: { vi: 'Kiểm tra hiệu lực trong dim.dossier_status_group, dim.on_time_rule.', en: 'Check the validity in dim.dossier_status_group, dim.on_time_rule.' }
    sql: select 'dossier_code' as field, dossier_code as value from candidate group by dossier_code having count(*) > 1 limit 100
  - code: dossier-without-due
    severity: warn
    label: { vi: 'Hồ sơ không tính được hạn', en: 'No due time can be found for a dossier' }
    remedy: { vi: 'Bổ sung thời hạn giải quyết của thủ tục.', en: 'Add the procedure''s statutory duration.' }
    sql: select 'dossier_code' as field, dossier_code as value from candidate where is_counted and due_at is null limit 100
--- */
with grouped as (
  select d.dossier_code, d.procedure_code, d.agency_code, d.commune_code, d.status,
    -- the code begins with the agency that took it in: `<agency>-<yyyyMMdd>-<sequence>`
    split_part(d.dossier_code, '-', 1) as agency_received_code,
    -- KenhThucHien: null means 1, in person
    coalesce(d.channel, 1) as channel,
    g.status_group,
    coalesce(g.in_denominator, false) and d.received_at is not null as is_counted,
    d.received_at, d.refused_at, d.finished_at, d.returned_at, d.due_at as stated_due_at
  from staging.dossier d
  left join dim.dossier_status_group g on g.status = d.status
    and cast(coalesce(d.received_at, d.submitted_at) as date) between g.valid_from and coalesce(g.valid_to, date '9999-12-31')
),
ends as (
  -- end, in this order: Đã xử lý xong > Đã trả kết quả > Dừng / Từ chối / Rút; today's status only says how, dates say when
  select g.dossier_code,
    case
      when g.status_group in ('resolved', 'ended-without-result')
        then greatest(coalesce(g.finished_at, g.returned_at, g.refused_at), g.received_at)
    end as ended_at,
    case
      when g.status_group = 'ended-without-result' then 'without-result'
      when g.status_group = 'resolved' and g.finished_at is not null then 'finished'
      when g.status_group = 'resolved' and g.returned_at is not null then 'returned'
    end as end_kind
  from grouped g
),
pauses as (
  -- waiting time; a pause that the end cut short lasted until the end
  select p.dossier_code,
    count(*) filter (where p.pause_kind = 'supplement') as supplement_count,
    sum(cast(extract(epoch from (
      case when e.ended_at < coalesce(p.resumed_at, e.ended_at) then e.ended_at else coalesce(p.resumed_at, e.ended_at) end
      - p.paused_at)) as bigint))
      filter (where p.paused_at < coalesce(p.resumed_at, e.ended_at)) as waited_seconds
  from staging.dossier_pause p
  join ends e on e.dossier_code = p.dossier_code
  where e.ended_at is null or p.paused_at < e.ended_at
  group by p.dossier_code
),
first_requests as (
  select s.dossier_code, s.due_before,
    row_number() over (partition by s.dossier_code order by s.requested_at, s.supplement_id) as request_no
  from staging.dossier_supplement s
  where s.requested_at is not null
),
statutory as (
  -- no due day stated: received + maximum statutory duration of the procedure, in working days
  select g.dossier_code, cast(t.day as timestamp) as due_day
  from grouped g
  join staging.procedure p on p.procedure_code = g.procedure_code
  join staging.working_calendar r on r.day = cast(g.received_at as date)
  join staging.working_calendar t on t.is_working
    and t.working_day_number = r.working_day_number + p.statutory_working_days
  where g.stated_due_at is null
),
bases as (
  -- due: NgayHenTraTruoc of the first supplement request where there is one, else NgayHenTra; never both moved and replaced
  select g.dossier_code, g.received_at,
    case
      when f.due_before is not null then 'before-supplement'
      when g.stated_due_at is not null then 'stated'
      when s.due_day is not null then 'statutory'
    end as due_source,
    coalesce(f.due_before, g.stated_due_at, s.due_day) as due_raw
  from grouped g
  left join first_requests f on f.dossier_code = g.dossier_code and f.request_no = 1
  left join statutory s on s.dossier_code = g.dossier_code
),
timed as (
  -- a due day without a time ends with the day (dim.on_time_rule, 23:59:59)
  select b.dossier_code, b.due_source, r.supplement_limit,
    case
      when cast(b.due_raw as time) = time '00:00:00'
        then cast(cast(b.due_raw as date) as timestamp) + cast(r.day_end_time as interval)
      else b.due_raw
    end as base_due_at
  from bases b
  left join dim.on_time_rule r on r.code = 'TTHC.2.1'
    and cast(b.received_at as date) between r.valid_from and coalesce(r.valid_to, date '9999-12-31')
),
moved as (
  select t.dossier_code, t.due_source, t.supplement_limit, t.base_due_at,
    coalesce(p.supplement_count, 0) as supplement_count,
    cast(coalesce(p.waited_seconds, 0) as bigint) as waited_seconds,
    t.base_due_at + coalesce(p.waited_seconds, 0) * interval '1 second' as due_at
  from timed t
  left join pauses p on p.dossier_code = t.dossier_code
)
select g.dossier_code, g.procedure_code, g.agency_received_code, g.agency_code, g.commune_code,
  g.channel, g.status, g.status_group, g.is_counted, g.received_at,
  case when g.status_group = 'refused' then coalesce(g.refused_at, g.finished_at) end as refused_at,
  e.ended_at, e.end_kind, m.supplement_count, m.waited_seconds, m.due_source, m.base_due_at, m.due_at,
  m.supplement_limit,
  -- more than one supplement request is late; else timestamps are compared, and the calendar day tells early from on time
  case
    when e.ended_at is null then null
    when m.supplement_count > m.supplement_limit then 'late'
    when m.due_at is null then null
    when e.ended_at > m.due_at then 'late'
    when cast(e.ended_at as date) < cast(m.due_at as date) then 'early'
    else 'on-time'
  end as outcome,
  coalesce(m.supplement_count > m.supplement_limit, false) as is_late_by_supplements
from grouped g
join ends e on e.dossier_code = g.dossier_code
join moved m on m.dossier_code = g.dossier_code
