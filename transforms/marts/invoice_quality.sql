/* ---
asset: mart.invoice_quality
label: { vi: 'Chất lượng dữ liệu hóa đơn', en: 'Quality of e-invoice data' }
description: { vi: 'Mỗi hóa đơn và các phép kiểm tra của nó; báo cáo, không loại bỏ.', en: 'Each invoice and the checks it passes or fails; reported, never dropped.' }
owner: IOC
grain: { vi: 'một hóa đơn', en: 'one invoice' }
columns:
  - { name: seller_mst, type: varchar, label: { vi: 'MST người bán', en: 'Seller tax code' }, classification: personal }
  - { name: form_sign, type: varchar, label: { vi: 'Ký hiệu mẫu số', en: 'Form sign' }, classification: internal }
  - { name: series, type: varchar, label: { vi: 'Ký hiệu hóa đơn', en: 'Series' }, classification: internal }
  - { name: number, type: bigint, label: { vi: 'Số hóa đơn', en: 'Number' }, classification: internal }
  - { name: issue_date, type: date, label: { vi: 'Ngày lập', en: 'Issue date' }, classification: internal }
  - { name: issue_month, type: varchar, label: { vi: 'Tháng lập', en: 'Issue month' }, classification: internal }
  - { name: commune_code, type: varchar, label: { vi: 'Xã, phường của người bán', en: 'Commune of the seller' }, classification: internal }
  - { name: province_code, type: varchar, label: { vi: 'Tỉnh của người bán', en: 'Province of the seller' }, classification: internal }
  - { name: is_uncoded, type: boolean, label: { vi: 'Không có mã của cơ quan thuế', en: 'Not coded' }, classification: internal }
  - { name: lacks_buyer_code, type: boolean, label: { vi: 'Không có MST người mua', en: 'No buyer tax code' }, classification: internal, declassified: { vi: 'Chỉ cho biết có mã hay không, không cho biết mã', en: 'Says whether there is a code, not which' } }
  - { name: has_invalid_buyer_code, type: boolean, label: { vi: 'MST người mua sai', en: 'Invalid buyer tax code' }, classification: internal }
  - { name: has_wrong_arithmetic, type: boolean, label: { vi: 'Cộng không khớp', en: 'Arithmetic does not match' }, classification: internal }
  - { name: lacks_signature, type: boolean, label: { vi: 'Thiếu chữ ký số', en: 'Signature missing' }, classification: internal }
  - { name: has_broken_signature, type: boolean, label: { vi: 'Chữ ký số không khớp nội dung', en: 'Signature does not match' }, classification: internal }
  - { name: signed_before_issue, type: boolean, label: { vi: 'Ký trước ngày lập', en: 'Signed before issue' }, classification: internal }
  - { name: is_missing_at_portal, type: boolean, label: { vi: 'Không có trên Cổng', en: 'Not at the portal' }, classification: internal }
  - { name: is_disputed, type: boolean, label: { vi: 'Trạng thái không khớp', en: 'States disagree' }, classification: internal }
  - { name: needs_review, type: boolean, label: { vi: 'Cần người xem lại', en: 'Needs review' }, classification: internal }
  - { name: is_clean, type: boolean, label: { vi: 'Đạt mọi kiểm tra', en: 'Passes every check' }, classification: internal }
key: [seller_mst, form_sign, series, number]
subject: enterprise
unit_column: seller_mst
counted_columns: [seller_mst]
dimensions: [form_sign, issue_month, commune_code, province_code, is_uncoded, lacks_buyer_code, has_invalid_buyer_code, has_wrong_arithmetic, lacks_signature, has_broken_signature, signed_before_issue, is_missing_at_portal, is_disputed, needs_review, is_clean]
provenance:
  - { asset: staging.invoice, on: { seller_mst: seller_mst, form_sign: form_sign, series: series, number: number } }
  - { asset: staging.invoice_state, on: { seller_mst: seller_mst, form_sign: form_sign, series: series, number: number } }
--- */
with judged as (
  select i.seller_mst, i.form_sign, i.series, i.number, i.issue_date,
    r.issue_month, r.commune_code, r.province_code,
    not coalesce(i.is_coded, false) as is_uncoded,
    i.buyer_mst is null and i.buyer_personal_id is null as lacks_buyer_code,
    coalesce(i.buyer_mst_kind = 'invalid', false) as has_invalid_buyer_code,
    not (coalesce(i.line_total_matches, true) and coalesce(i.tax_total_matches, true)
      and coalesce(i.grand_total_matches, true)) as has_wrong_arithmetic,
    -- cash-register invoices (series letter M) need no signature (NĐ 254/2026 Art 8.9)
    not coalesce(i.signature_present, false) and coalesce(i.series_kind, '') <> 'M' as lacks_signature,
    coalesce(i.signature_present and i.signature_digest = 'differs', false) as has_broken_signature,
    not coalesce(i.signed_after_issue, true) as signed_before_issue,
    s.portal_state is null as is_missing_at_portal,
    s.is_disputed, s.needs_review
  from staging.invoice i
  join staging.invoice_state s on s.seller_mst = i.seller_mst and s.form_sign = i.form_sign
    and s.series = i.series and s.number = i.number
  join mart.invoice_revenue r on r.source_kind = 'invoice' and r.seller_mst = i.seller_mst
    and r.form_sign = i.form_sign and r.series = i.series and r.number = i.number
)
select seller_mst, form_sign, series, number, issue_date, issue_month, commune_code, province_code,
  is_uncoded, lacks_buyer_code, has_invalid_buyer_code, has_wrong_arithmetic, lacks_signature,
  has_broken_signature, signed_before_issue, is_missing_at_portal, is_disputed, needs_review,
  -- an uncoded invoice or one without a buyer's code is lawful: not a fault
  not (has_invalid_buyer_code or has_wrong_arithmetic or lacks_signature or has_broken_signature
    or signed_before_issue or is_missing_at_portal or is_disputed or needs_review) as is_clean
from judged
