/* ---
asset: staging.invoice_state
label: { vi: 'Trạng thái hóa đơn', en: 'State of each invoice' }
description: { vi: 'Trạng thái 1–6 của từng hóa đơn, từ liên kết TTHDLQuan trong XML và mã tthai của Cổng; nêu cả hai và chỗ không khớp.', en: 'State 1–6 of each invoice, from the TTHDLQuan links in the XML and the portal''s tthai; both are kept, and where they disagree.' }
owner: IOC
grain: { vi: 'một hóa đơn', en: 'one invoice' }
columns:
  - { name: seller_mst, type: varchar, label: { vi: 'MST người bán', en: 'Seller tax code' }, classification: personal }
  - { name: form_sign, type: varchar, label: { vi: 'Ký hiệu mẫu số', en: 'Form sign' }, classification: internal }
  - { name: series, type: varchar, label: { vi: 'Ký hiệu hóa đơn', en: 'Series' }, classification: internal }
  - { name: number, type: bigint, label: { vi: 'Số hóa đơn', en: 'Number' }, classification: internal }
  - { name: relation, type: integer, label: { vi: 'Tính chất (1 thay thế, 2 điều chỉnh)', en: 'Relation (1 replaces, 2 adjusts)' }, classification: internal }
  - { name: original_issue_date, type: date, label: { vi: 'Ngày lập hóa đơn gốc', en: 'Issue date of the original' }, classification: internal }
  - { name: link_state, type: integer, label: { vi: 'Trạng thái theo liên kết', en: 'State by links' }, classification: internal }
  - { name: portal_state, type: integer, label: { vi: 'Trạng thái trên Cổng', en: 'State at the portal' }, classification: internal }
  - { name: state, type: integer, label: { vi: 'Trạng thái', en: 'State' }, classification: internal }
  - { name: is_disputed, type: boolean, label: { vi: 'Hai nguồn không khớp', en: 'The two disagree' }, classification: internal }
  - { name: needs_review, type: boolean, label: { vi: 'Cần người xem lại', en: 'Needs a person''s review' }, classification: internal }
key: [seller_mst, form_sign, series, number]
subject: enterprise
unit_column: seller_mst
provenance:
  - { asset: staging.invoice, on: { seller_mst: seller_mst, form_sign: form_sign, series: series, number: number } }
  - { asset: staging.invoice_portal_state, on: { seller_mst: seller_mst, form_sign: form_sign, series: series, number: number } }
checks:
  - code: invoice-state-twice
    severity: block
    label: { vi: 'Hóa đơn có hai trạng thái', en: 'An invoice has two states' }
    remedy: { vi: 'Kiểm tra khóa (MST, mẫu số, ký hiệu, số).', en: 'Check the key (tax code, form, series, number).' }
    sql: select 'number' as field, concat(seller_mst, '|', form_sign, series, '|', number) as value from candidate group by seller_mst, form_sign, series, number having count(*) > 1 limit 100
--- */
with links as (
  -- TT 91/2026 Art 10: an invoice names the ones it replaces (1) or adjusts (2); one may name several
  select o.seller_mst, o.form_sign, o.series, o.number,
    cast(o.relation as integer) as relation,
    coalesce(o.original_mst, o.seller_mst) as original_mst,
    o.original_form, o.original_series, o.original_number, o.original_issue_date
  from staging.invoice_original o
  where o.relation in ('1', '2')
),
own as (
  -- what the invoice itself is: a replacement counts before an adjustment, the earliest original gives the date
  select l.seller_mst, l.form_sign, l.series, l.number,
    min(l.relation) as relation,
    min(coalesce(i.issue_date, l.original_issue_date)) as original_issue_date
  from links l
  left join staging.invoice i on i.seller_mst = l.original_mst and i.form_sign = l.original_form
    and i.series = l.original_series and i.number = l.original_number
  group by l.seller_mst, l.form_sign, l.series, l.number
),
fate as (
  -- what others did to it: replaced beats adjusted
  select original_mst, original_form, original_series, original_number, min(relation) as relation
  from links
  group by original_mst, original_form, original_series, original_number
),
linked as (
  select i.seller_mst, i.form_sign, i.series, i.number, own.relation, own.original_issue_date,
    case
      when fate.relation = 1 then 4
      when fate.relation = 2 then 5
      when own.relation = 1 then 2
      when own.relation = 2 then 3
      else 1
    end as link_state,
    -- adjustments of the old style carry positive numbers with "giảm" (reduce) in the text: a person must look
    coalesce(
      own.relation = 2
        and coalesce(i.total_before_tax, i.total) > 0
        and lower(coalesce(i.relation_note, '')) like '%giảm%',
      false
    ) as needs_review
  from staging.invoice i
  left join own on own.seller_mst = i.seller_mst and own.form_sign = i.form_sign
    and own.series = i.series and own.number = i.number
  left join fate on fate.original_mst = i.seller_mst and fate.original_form = i.form_sign
    and fate.original_series = i.series and fate.original_number = i.number
)
select l.seller_mst, l.form_sign, l.series, l.number, l.relation, l.original_issue_date,
  l.link_state,
  p.state as portal_state,
  -- only the portal knows a cancellation; a replacement that has reached us counts even before the portal shows it
  case
    when p.state = 6 then 6
    when p.state = 4 or l.link_state = 4 then 4
    when p.state = 5 or l.link_state = 5 then 5
    when l.link_state in (2, 3) then l.link_state
    else coalesce(p.state, l.link_state)
  end as state,
  coalesce(p.state <> l.link_state and p.state <> 6, false) as is_disputed,
  l.needs_review
from linked l
left join staging.invoice_portal_state p on p.seller_mst = l.seller_mst and p.form_sign = l.form_sign
  and p.series = l.series and p.number = l.number
