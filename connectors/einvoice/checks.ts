import type { BatchCheck } from '../port.ts';

/** Share of invoices whose sums do not add up above which a person is told, in %. */
const tellAbovePercent = 5;

const invoiceName = `concat_ws('|', form_sign, series, number)`;
const firstOfBatch = `qualify row_number() over (partition by batch order by value) <= 100
order by batch, value`;

/** Whether any invoice has what any of the checks looks for: nearly all have not, and are looked at once. */
const when = `select 1 from decoded_invoice where signature_digest = 'differs' or relation = '2'
  or line_total_matches = false or tax_total_matches = false or grand_total_matches = false`;

/** A question about the good invoices of a batch, and about those of each of several batches decoded together. */
function question(
  about: (invoices: string) => string,
): Required<Pick<BatchCheck, 'when' | 'sql' | 'each'>> {
  const own = '(select null as batch, * from decoded_invoice where _status is null)';
  const all = '(select t.batch, d.* from decoded_invoice d join together t on t.file = d._file)';
  return { when, sql: `select field, value from (${about(own)})`, each: about(all) };
}

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
    ...question(
      (
        invoices,
      ) => `select batch, 'grand_total_matches' as field, format('{}/{}', wrong, every) as value from (
  select batch, count(*) as every, count(*) filter (
    where line_total_matches = false or tax_total_matches = false or grand_total_matches = false
  ) as wrong from ${invoices} group by batch
) where wrong * 100 > every * ${tellAbovePercent} and every > 20`,
    ),
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
    ...question(
      (invoices) => `select batch, 'signature_digest' as field, ${invoiceName} as value
from ${invoices} where signature_digest = 'differs' ${firstOfBatch}`,
    ),
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
    ...question(
      (invoices) => `select batch, 'relation_note' as field, ${invoiceName} as value
from ${invoices} where relation = '2' and coalesce(total_before_tax, total) > 0
  and lower(relation_note) like '%giảm%' ${firstOfBatch}`,
    ),
  },
];
