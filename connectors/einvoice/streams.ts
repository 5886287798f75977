import type { ColumnContract, StreamContract } from '../../core/stream-contract.ts';
import type { Field } from './field.ts';
import { columnOf, field, money } from './field.ts';
import { invoiceFields, keyFields } from './invoice-fields.ts';
import { lineFields, originalFields, taxRateFields } from './line-fields.ts';
import { portalFields } from './portal-fields.ts';
import { summaryHeadFields, summaryLineFields } from './summary-fields.ts';

const invoiceKey = keyFields.map(({ column }) => column);

/** Columns that {@link invoiceChecks} computes, in its order. */
const checkFields: readonly Field[] = [
  field('is_coded', 'boolean', '', 'Có mã của cơ quan thuế', 'Coded by the tax authority'),
  field('series_year', 'integer', '', 'Năm của ký hiệu', 'Year of the series'),
  field('series_kind', 'varchar', '', 'Loại của ký hiệu', 'Kind letter of the series'),
  field('line_count', 'integer', '', 'Số dòng hàng', 'Number of lines'),
  field('fee_total', money, '', 'Tổng tiền phí', 'Total fees'),
  field('signed_after_issue', 'boolean', '', 'Ký không trước ngày lập', 'Signed on or after issue'),
  field('line_total_matches', 'boolean', '', 'Cộng dòng khớp tổng', 'Lines add up to the total'),
  field('tax_total_matches', 'boolean', '', 'Cộng thuế khớp tổng', 'Taxes add up to the total'),
  field('grand_total_matches', 'boolean', '', 'Tổng thanh toán khớp', 'Grand total adds up'),
];

const rateFields: readonly Field[] = [
  field('tax_rate_percent', 'decimal(7,4)', '', 'Thuế suất (%)', 'Tax rate (%)', { unit: '%' }),
];

const lineChecks: readonly Field[] = [
  ...rateFields,
  field('amount_matches', 'boolean', '', 'Thành tiền khớp', 'Amount adds up'),
];

function columns(...groups: readonly (readonly Field[])[]): readonly ColumnContract[] {
  return groups.flat().map(columnOf);
}

const invoice: StreamContract = {
  stream: 'invoice',
  layer: 'staging',
  label: { vi: 'Hóa đơn điện tử', en: 'E-invoices' },
  columns: columns(invoiceFields, checkFields),
  key: invoiceKey,
  subject: 'enterprise',
  deletes: 'none',
};

const invoiceLine: StreamContract = {
  stream: 'invoice_line',
  layer: 'staging',
  label: { vi: 'Dòng hàng hóa, dịch vụ của hóa đơn', en: 'Invoice lines' },
  columns: columns(keyFields, lineFields, lineChecks),
  key: [...invoiceKey, 'line_no'],
  subject: 'enterprise',
  parent: 'invoice',
  deletes: 'none',
};

const invoiceTaxRate: StreamContract = {
  stream: 'invoice_tax_rate',
  layer: 'staging',
  label: { vi: 'Tổng theo thuế suất của hóa đơn', en: 'Invoice totals per tax rate' },
  columns: columns(keyFields, taxRateFields, rateFields),
  key: [...invoiceKey, 'rate_no'],
  subject: 'enterprise',
  parent: 'invoice',
  deletes: 'none',
};

const invoiceOriginal: StreamContract = {
  stream: 'invoice_original',
  layer: 'staging',
  label: {
    vi: 'Hóa đơn bị thay thế, điều chỉnh',
    en: 'Invoices that an invoice replaces or adjusts',
  },
  columns: columns(keyFields, originalFields),
  key: [...invoiceKey, 'original_no'],
  subject: 'enterprise',
  parent: 'invoice',
  deletes: 'none',
};

const invoiceSummary: StreamContract = {
  stream: 'invoice_summary',
  layer: 'staging',
  label: { vi: 'Bảng tổng hợp dữ liệu hóa đơn (400)', en: 'Invoice summaries (400)' },
  columns: columns(summaryHeadFields, summaryLineFields, rateFields),
  key: ['seller_mst', 'period_kind', 'period_text', 'summary_no', 'line_no'],
  subject: 'enterprise',
  deletes: 'none',
};

const portalState: StreamContract = {
  stream: 'invoice_portal_state',
  layer: 'staging',
  label: { vi: 'Trạng thái hóa đơn trên Cổng', en: 'Invoice states at the portal' },
  columns: columns(portalFields),
  key: invoiceKey,
  subject: 'enterprise',
  deletes: 'none',
};

/** Streams that come together from an XML file or a zip of them. */
export const fileStreams: readonly StreamContract[] = [
  invoice,
  invoiceLine,
  invoiceTaxRate,
  invoiceOriginal,
  invoiceSummary,
];

/** Streams that the portal's state pages give. */
export const portalStreams: readonly StreamContract[] = [portalState];
