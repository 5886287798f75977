import type { Field } from './field.ts';
import { field, money } from './field.ts';

const common = 'DLBTHop/TTChung';

/** Head of a summary of invoices (MLTDiep 400): sellers of fuel and tickets report only this. */
export const summaryHeadFields: readonly Field[] = [
  field('seller_mst', 'varchar', `${common}/MST`, 'MST người bán', "Seller's tax code", {
    classification: 'personal',
    required: true,
  }),
  field('summary_no', 'varchar', `${common}/SBTHDLieu`, 'Số bảng tổng hợp', 'Summary number', {
    required: true,
  }),
  field('period_kind', 'varchar', `${common}/LKDLieu`, 'Loại kỳ (T, Q, N)', 'Kind of period', {
    required: true,
  }),
  field('period_text', 'varchar', `${common}/KDLieu`, 'Kỳ dữ liệu ghi', 'Period as stated', {
    required: true,
  }),
  field('supplement_no', 'integer', `${common}/BSLThu`, 'Bổ sung lần thứ', 'Supplement number'),
  field('is_first', 'varchar', `${common}/LDau`, 'Lần đầu', 'First issue'),
  field('issue_date', 'date', `${common}/NLap`, 'Ngày lập', 'Issue date', { required: true }),
  field('schema_version', 'varchar', `${common}/PBan`, 'Phiên bản', 'Schema version'),
  field('seller_name', 'varchar', `${common}/TNNT`, 'Tên người nộp thuế', 'Taxpayer name', {
    classification: 'personal',
  }),
  field('goods_kind', 'varchar', `${common}/LHHoa`, 'Loại hàng hóa', 'Kind of goods'),
  field('currency', 'varchar', `${common}/DVTTe`, 'Đơn vị tiền tệ', 'Currency'),
  field('seller_mst_kind', 'varchar', '', 'Loại MST người bán', 'Kind of seller tax code'),
  field('period_start', 'date', '', 'Ngày đầu kỳ', 'First day of the period', { required: true }),
];

/** One line of a summary. */
export const summaryLineFields: readonly Field[] = [
  field('line_no', 'integer', '', 'Dòng thứ', 'Line number', { required: true }),
  field('item_code', 'varchar', 'MHHDVu | MHHoa', 'Mã hàng', 'Item code'),
  field('item_name', 'varchar', 'THHDVu', 'Tên hàng', 'Item name'),
  field('form_sign', 'varchar', 'KHMSHDon', 'Ký hiệu mẫu số', 'Form sign'),
  field('series', 'varchar', 'KHHDon', 'Ký hiệu hóa đơn', 'Series'),
  field('number', 'varchar', 'SHDon', 'Số hóa đơn', 'Invoice number'),
  field('invoice_date', 'date', 'NLap', 'Ngày lập hóa đơn', 'Invoice date', { lenient: true }),
  field('buyer_mst', 'varchar', 'MSTNMua | MSTKHang', 'MST người mua', "Buyer's tax code", {
    classification: 'personal',
  }),
  field('buyer_name', 'varchar', 'TNMua | TKHang', 'Tên người mua', 'Buyer name', {
    classification: 'personal',
  }),
  field('unit', 'varchar', 'DVTinh', 'Đơn vị tính', 'Unit'),
  field('quantity', money, 'SLuong', 'Số lượng', 'Quantity'),
  field('amount', money, 'TTCThue', 'Tiền chưa thuế', 'Amount before tax'),
  field('tax_rate', 'varchar', 'TSuat', 'Thuế suất', 'Tax rate as stated'),
  field('tax_amount', money, 'TgTThue', 'Tiền thuế', 'Tax amount'),
  field('total', money, 'TgTTToan', 'Tổng thanh toán', 'Total'),
  field('change', 'varchar', 'TCTBao | TThai', 'Tính chất thông báo (0 mới … 5)', 'Kind of notice'),
  field('note', 'varchar', 'GChu', 'Ghi chú', 'Note'),
];
