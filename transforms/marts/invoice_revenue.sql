/* ---
asset: mart.invoice_revenue
label: { vi: 'Doanh thu theo hóa đơn điện tử', en: 'Revenue by e-invoice' }
description: { vi: 'Mỗi hóa đơn và mỗi dòng bảng tổng hợp 400, quy ra đồng, có được tính vào doanh thu thuần hay không, ở kỳ nào theo hai cách. Không phải GRDP, không phải doanh thu kê khai.', en: 'Each invoice and each line of a 400 summary in VND, whether it counts as net revenue, and in which period by two views. Not GRDP, not declared revenue.' }
owner: IOC
grain: { vi: 'một hóa đơn hoặc một dòng bảng tổng hợp', en: 'one invoice or one summary line' }
columns:
  - { name: source_kind, type: varchar, label: { vi: 'Nguồn (invoice, summary)', en: 'Source (invoice, summary)' }, classification: internal }
  - { name: seller_mst, type: varchar, label: { vi: 'MST người bán', en: 'Seller tax code' }, classification: personal }
  - { name: form_sign, type: varchar, label: { vi: 'Ký hiệu mẫu số', en: 'Form sign' }, classification: internal }
  - { name: series, type: varchar, label: { vi: 'Ký hiệu hóa đơn, số bảng tổng hợp', en: 'Series, summary number' }, classification: internal }
  - { name: number, type: bigint, label: { vi: 'Số hóa đơn, số dòng', en: 'Number, line' }, classification: internal }
  - { name: summary_period, type: varchar, label: { vi: 'Kỳ của bảng tổng hợp', en: 'Period of the summary' }, classification: internal }
  - { name: issue_date, type: date, label: { vi: 'Ngày lập (theo sổ)', en: 'Issue date (cash-book view)' }, classification: internal }
  - { name: restated_date, type: date, label: { vi: 'Ngày của hóa đơn gốc (điều chỉnh lại)', en: 'Date of the original (restated view)' }, classification: internal }
  - { name: issue_month, type: varchar, label: { vi: 'Tháng lập', en: 'Issue month' }, classification: internal }
  - { name: restated_month, type: varchar, label: { vi: 'Tháng điều chỉnh lại', en: 'Restated month' }, classification: internal }
  - { name: state, type: integer, label: { vi: 'Trạng thái (1–6)', en: 'State (1–6)' }, classification: internal }
  - { name: is_counted, type: boolean, label: { vi: 'Được tính vào doanh thu', en: 'Counts as revenue' }, classification: internal }
  - { name: is_adjustment, type: boolean, label: { vi: 'Hóa đơn điều chỉnh', en: 'Adjustment' }, classification: internal }
  - { name: is_replacement, type: boolean, label: { vi: 'Hóa đơn thay thế', en: 'Replacement' }, classification: internal }
  - { name: is_cancelled, type: boolean, label: { vi: 'Đã hủy', en: 'Cancelled' }, classification: internal }
  - { name: revenue, type: 'decimal(24,2)', label: { vi: 'Doanh thu chưa thuế', en: 'Revenue before tax' }, unit: VND, classification: internal }
  - { name: tax, type: 'decimal(24,2)', label: { vi: 'Thuế GTGT', en: 'VAT' }, unit: VND, classification: internal }
  - { name: total, type: 'decimal(24,2)', label: { vi: 'Tổng thanh toán', en: 'Grand total' }, unit: VND, classification: internal }
  - { name: commune_code, type: varchar, label: { vi: 'Xã, phường của người bán', en: 'Commune of the seller' }, classification: internal }
  - { name: province_code, type: varchar, label: { vi: 'Tỉnh của người bán', en: 'Province of the seller' }, classification: internal }
  - { name: section_code, type: varchar, label: { vi: 'Ngành VSIC cấp 1', en: 'VSIC section' }, classification: internal }
  - { name: place_source, type: varchar, label: { vi: 'Cách xác định địa bàn', en: 'How the place is known' }, classification: internal }
key: [source_kind, seller_mst, form_sign, series, number, summary_period]
subject: enterprise
unit_column: seller_mst
counted_columns: [seller_mst]
dimensions: [source_kind, form_sign, issue_month, restated_month, state, is_counted, is_adjustment, is_replacement, is_cancelled, commune_code, province_code, section_code, place_source]
provenance:
  - { asset: staging.invoice, on: { seller_mst: seller_mst, form_sign: form_sign, series: series, number: number } }
  - { asset: staging.invoice_state, on: { seller_mst: seller_mst, form_sign: form_sign, series: series, number: number } }
  - { asset: staging.invoice_summary, on: { seller_mst: seller_mst, series: summary_no, number: line_no, summary_period: period_text } }
checks:
  - code: revenue-rate-missing
    severity: warn
    label: { vi: 'Hóa đơn ngoại tệ không có tỷ giá', en: 'A foreign-currency invoice has no exchange rate' }
    remedy: { vi: 'Hỏi cơ quan thuế; hóa đơn này không nằm trong tổng.', en: 'Ask the tax office; the invoice is in no total.' }
    sql: select 'number' as field, concat(form_sign, series, '|', number) as value from candidate where is_counted and revenue is null limit 100
  - code: revenue-place-unknown
    severity: warn
    label: { vi: 'Người bán không có trong danh bạ người nộp thuế', en: 'A seller is not in the taxpayer register' }
    remedy: { vi: 'Cập nhật danh bạ; tạm xếp vào "chưa xác định địa bàn".', en: 'Update the register; for now under "place unknown".' }
    sql: select distinct 'series' as field, series as value from candidate where place_source = 'unknown' limit 100
--- */
with priced as (
  select i.seller_mst, i.form_sign, i.series, i.number, i.issue_date,
    s.state, s.relation, s.original_issue_date,
    -- which total is revenue depends on the form: a sales invoice has no total before tax (dim.invoice_form)
    case f.revenue_from
      when 'before-tax' then coalesce(i.total_before_tax, i.total)
      when 'total' then i.total
      else 0
    end as revenue,
    case when f.revenue_from = 'none' then 0 else coalesce(i.total_tax, 0) end as tax,
    case when f.revenue_from = 'none' then 0 else i.total end as total,
    -- VND = value × TGia; a foreign invoice without a rate has no value in VND
    case
      when coalesce(i.currency, 'VND') = 'VND' then 1
      when i.exchange_rate > 0 then i.exchange_rate
    end as rate
  from staging.invoice i
  join staging.invoice_state s on s.seller_mst = i.seller_mst and s.form_sign = i.form_sign
    and s.series = i.series and s.number = i.number
  left join dim.invoice_form f on cast(f.form as varchar) = i.form_sign
    and i.issue_date between f.valid_from and coalesce(f.valid_to, date '9999-12-31')
),
invoices as (
  select 'invoice' as source_kind, p.seller_mst, p.form_sign, p.series, p.number,
    '' as summary_period, p.issue_date,
    -- restated view: a correction belongs to the period of what it corrects (domain §1.5)
    case when p.relation in (1, 2) then coalesce(p.original_issue_date, p.issue_date) else p.issue_date end as restated_date,
    p.state, coalesce(r.counted, false) as is_counted,
    coalesce(p.relation = 2, false) as is_adjustment,
    coalesce(p.relation = 1, false) as is_replacement,
    p.state = 6 as is_cancelled,
    case when p.rate = 1 then cast(p.revenue as decimal(24,2))
      else cast(cast(p.revenue as decimal(22,4)) * cast(p.rate as decimal(12,4)) as decimal(24,2)) end as revenue,
    case when p.rate = 1 then cast(p.tax as decimal(24,2))
      else cast(cast(p.tax as decimal(22,4)) * cast(p.rate as decimal(12,4)) as decimal(24,2)) end as tax,
    case when p.rate = 1 then cast(p.total as decimal(24,2))
      else cast(cast(p.total as decimal(22,4)) * cast(p.rate as decimal(12,4)) as decimal(24,2)) end as total
  from priced p
  left join dim.invoice_state_rule r on r.state = p.state
    and p.issue_date between r.valid_from and coalesce(r.valid_to, date '9999-12-31')
),
summaries as (
  -- goods without single invoices (fuel, tickets): MLTDiep 400; without them revenue is understated
  select 'summary' as source_kind, m.seller_mst, '400' as form_sign, m.summary_no as series,
    cast(m.line_no as bigint) as number, m.period_text as summary_period,
    m.period_start as issue_date,
    -- a correcting line names the day it corrects, else it is for the month before
    case
      when m.change in ('2', '3')
        then coalesce(m.invoice_date, cast(m.period_start - interval '1 month' as date))
      else m.period_start
    end as restated_date,
    cast(null as integer) as state, coalesce(r.counted, false) as is_counted,
    coalesce(m.change = '2', false) as is_adjustment,
    coalesce(m.change = '3', false) as is_replacement,
    coalesce(m.change = '1', false) as is_cancelled,
    cast(m.amount as decimal(24,2)) as revenue,
    cast(coalesce(m.tax_amount, 0) as decimal(24,2)) as tax,
    cast(m.total as decimal(24,2)) as total
  from staging.invoice_summary m
  left join dim.summary_change_rule r on cast(r.change as varchar) = coalesce(m.change, '0')
    and m.period_start between r.valid_from and coalesce(r.valid_to, date '9999-12-31')
),
both_kinds as (
  select source_kind, seller_mst, form_sign, series, number, summary_period, issue_date, restated_date, state,
    is_counted, is_adjustment, is_replacement, is_cancelled, revenue, tax, total
  from invoices
  union all
  select source_kind, seller_mst, form_sign, series, number, summary_period, issue_date, restated_date, state,
    is_counted, is_adjustment, is_replacement, is_cancelled, revenue, tax, total
  from summaries
),
rows_of_both as (
  -- a branch (10 digits, then 3) may stand in the register under its head office only
  select source_kind, seller_mst, form_sign, series, number, summary_period, issue_date, restated_date, state,
    is_counted, is_adjustment, is_replacement, is_cancelled, revenue, tax, total,
    case when length(seller_mst) in (13, 14) then left(seller_mst, 10) end as head_mst
  from both_kinds
)
select b.source_kind, b.seller_mst, b.form_sign, b.series, b.number, b.summary_period,
  b.issue_date, b.restated_date,
  left(cast(b.issue_date as varchar), 7) as issue_month,
  left(cast(b.restated_date as varchar), 7) as restated_month,
  b.state, b.is_counted, b.is_adjustment, b.is_replacement, b.is_cancelled,
  b.revenue, b.tax, b.total,
  -- seller → commune by the taxpayer register, never by parsing the address; a branch may stand under its head office
  coalesce(t.commune_code, h.commune_code, 'unknown') as commune_code,
  coalesce(a.province_code, 'unknown') as province_code,
  coalesce(t.vsic_section, h.vsic_section, 'unknown') as section_code,
  case
    when t.mst is not null then 'register'
    when h.mst is not null then 'head-office'
    else 'unknown'
  end as place_source
from rows_of_both b
left join dim.taxpayer t on t.mst = b.seller_mst
left join dim.taxpayer h on h.mst = b.head_mst
left join dim.area a on a.level = 'commune' and a.code = coalesce(t.commune_code, h.commune_code)
  and a.valid_to is null
