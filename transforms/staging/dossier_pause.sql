/* ---
asset: staging.dossier_pause
label: { vi: 'Các lần tạm dừng của hồ sơ', en: 'Pauses of a dossier' }
description: { vi: 'Khoảng thời gian đồng hồ dừng: yêu cầu bổ sung (trạng thái 5) và nghĩa vụ tài chính (trạng thái 6).', en: 'Stretches in which the clock stops: supplement requests (status 5) and financial duties (status 6).' }
owner: IOC
grain: { vi: 'một lần tạm dừng', en: 'one pause' }
columns:
  - { name: dossier_code, type: varchar, label: { vi: 'Mã hồ sơ', en: 'Dossier' }, classification: internal }
  - { name: pause_kind, type: varchar, label: { vi: 'Lý do (supplement, payment)', en: 'Why (supplement, payment)' }, classification: internal }
  - { name: pause_no, type: bigint, label: { vi: 'Lần thứ', en: 'Number' }, classification: internal }
  - { name: paused_at, type: timestamp, label: { vi: 'Bắt đầu dừng', en: 'Paused at' }, classification: internal }
  - { name: resumed_at, type: timestamp, label: { vi: 'Tiếp tục', en: 'Resumed at' }, classification: internal }
key: [dossier_code, pause_kind, pause_no]
provenance:
  - { asset: staging.dossier_supplement, on: { dossier_code: dossier_code } }
  - { asset: staging.dossier_step, on: { dossier_code: dossier_code } }
checks:
  - code: pause-ends-before-start
    severity: warn
    label: { vi: 'Tiếp nhận bổ sung trước khi yêu cầu', en: 'A supplement was received before it was requested' }
    remedy: { vi: 'Sửa tại hệ thống nguồn.', en: 'Correct it at the source.' }
    sql: select 'dossier_code' as field, dossier_code as value from candidate where resumed_at < paused_at limit 100
--- */
with supplements as (
  -- resumes at NgayTiepNhanBoSung (B2); no such day: the request is still open
  select s.dossier_code, 'supplement' as pause_kind,
    row_number() over (partition by s.dossier_code order by s.requested_at, s.supplement_id) as pause_no,
    s.requested_at as paused_at, s.answered_at as resumed_at
  from staging.dossier_supplement s
  where s.requested_at is not null
),
steps as (
  select t.dossier_code, t.status, t.processed_at,
    lag(t.status) over (partition by t.dossier_code order by t.processed_at, t.step_no) as status_before,
    lead(t.processed_at) over (partition by t.dossier_code order by t.processed_at, t.step_no) as next_at
  from staging.dossier_step t
),
payments as (
  -- a financial duty has no record of its own: it lasts from its step to the next one
  select p.dossier_code, 'payment' as pause_kind,
    row_number() over (partition by p.dossier_code order by p.processed_at) as pause_no,
    p.processed_at as paused_at, p.next_at as resumed_at
  from steps p
  join dim.dossier_status_group g on g.status = p.status and g.clock = 'stops'
    and cast(p.processed_at as date) between g.valid_from and coalesce(g.valid_to, date '9999-12-31')
  where p.status = 6
)
select dossier_code, pause_kind, pause_no, paused_at, resumed_at from supplements
union all
select p.dossier_code, p.pause_kind, p.pause_no, p.paused_at, p.resumed_at
from payments p
-- the clock stops once: a duty laid on during a supplement request adds nothing
where not exists (
  select 1 from supplements s
  where s.dossier_code = p.dossier_code and s.paused_at <= p.paused_at
    and coalesce(s.resumed_at, timestamp '9999-12-31 00:00:00') > p.paused_at
)
