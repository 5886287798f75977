import type { BatchCheck } from '../port.ts';

/** Share of invoices whose sums do not add up above which a person is told, in %. */
const tellAbovePercent = 5;

/** Data-quality results of a batch. They warn: wrong arithmetic is the seller's, and is reported, not refused. */
export const einvoiceChecks: readonly BatchCheck[] = [
  {
    code: 'einvoice-sums-differ',
    severity: 'warn',
    stream: 'invoice',
    label: {
      vi: 'Nhiều hóa đơn có cộng dòng, thuế hoặc tổng tiền không khớp',
      en: 'Many invoices whose lines, taxes or totals do not add up',
    },
    remedy: {
      vi: 'Xem các cột line_total_matches, tax_total_matches, grand_total_matches.',
      en: 'See the columns line_total_matches, tax_total_matches, grand_total_matches.',
    },
    sql: `select 'grand_total_matches' as field, format('{}/{}', wrong, every) as value from (
  select count(*) as every, count(*) filter (
    where line_total_matches = false or tax_total_matches = false or grand_total_matches = false
  ) as wrong from decoded_invoice where _status is null
) where wrong * 100 > every * ${tellAbovePercent} and every > 20`,
  },
  {
    code: 'einvoice-digest-differs',
    severity: 'warn',
    stream: 'invoice',
    label: {
      vi: 'Hóa đơn bị sửa sau khi ký (giá trị băm không khớp)',
      en: 'Invoices altered after signing (digest differs)',
    },
    remedy: {
      vi: 'Đối chiếu với cơ quan thuế trước khi dùng các hóa đơn này.',
      en: 'Compare these invoices with the tax authority before using them.',
    },
    sql: `select 'signature_digest' as field, concat_ws('|', form_sign, series, number) as value
from decoded_invoice where signature_digest = 'differs' and _status is null
order by value limit 100`,
  },
  {
    code: 'einvoice-positive-reduction',
    severity: 'warn',
    stream: 'invoice',
    label: {
      vi: 'Hóa đơn điều chỉnh giảm ghi số dương: cần người xem',
      en: 'Adjustments that say "giảm" with positive amounts: a person should look',
    },
    remedy: {
      vi: 'Kiểm tra dấu của số tiền điều chỉnh với người bán.',
      en: "Check the adjustment's sign with the seller.",
    },
    sql: `select 'relation_note' as field, concat_ws('|', form_sign, series, number) as value
from decoded_invoice
where relation = '2' and coalesce(total_before_tax, total) > 0
  and lower(relation_note) like '%giảm%' and _status is null
order by value limit 100`,
  },
];
