import type { Field } from './field.ts';
import { field, money } from './field.ts';

/** Every field of an invoice line, in packing order. */
export const lineFields: readonly Field[] = [
  field('line_no', 'integer', '', 'Dòng thứ', 'Line number', { required: true }),
  field('stated_no', 'varchar', 'STT', 'Số thứ tự ghi', 'Number as stated'),
  field('nature', 'varchar', 'TChat', 'Tính chất', 'Nature'),
  field('item_code', 'varchar', 'MHHDVu', 'Mã hàng hóa, dịch vụ', 'Item code'),
  // Free text: may name a person.
  field('item_name', 'varchar', 'THHDVu', 'Tên hàng hóa, dịch vụ', 'Item name'),
  field('unit', 'varchar', 'DVTinh', 'Đơn vị tính', 'Unit'),
  field('quantity', money, 'SLuong', 'Số lượng', 'Quantity'),
  field('unit_price', money, 'DGia', 'Đơn giá', 'Unit price'),
  field('discount_rate', 'decimal(10,4)', 'TLCKhau', 'Tỷ lệ chiết khấu', 'Discount rate', {
    unit: '%',
  }),
  field('discount', money, 'STCKhau', 'Số tiền chiết khấu', 'Discount'),
  field('amount', money, 'ThTien', 'Thành tiền', 'Amount before tax'),
  field('tax_rate', 'varchar', 'TSuat', 'Thuế suất', 'Tax rate as stated'),
  field('tax_amount', money, 'TThue', 'Tiền thuế', 'Tax amount', { lenient: true }),
];

/** One total per tax rate (`LTSuat`). */
export const taxRateFields: readonly Field[] = [
  field('rate_no', 'integer', '', 'Dòng thứ', 'Row number', { required: true }),
  field('tax_rate', 'varchar', 'TSuat', 'Thuế suất', 'Tax rate as stated'),
  field('amount', money, 'ThTien', 'Thành tiền', 'Amount before tax'),
  field('tax_amount', money, 'TThue', 'Tiền thuế', 'Tax amount'),
];

/** One fee (`LPhi`); only their sum is kept. */
export const feeFields: readonly Field[] = [
  field('fee_name', 'varchar', 'TLPhi', 'Tên loại phí', 'Fee'),
  field('fee', money, 'TPhi', 'Tiền phí', 'Fee amount', { lenient: true }),
];

/** One invoice that this one replaces or adjusts; drafts before QĐ 1450 wrote `…Goc` for `…CLQuan`. */
export const originalFields: readonly Field[] = [
  field('original_no', 'integer', '', 'Thứ tự', 'Ordinal', { required: true }),
  field('relation', 'varchar', 'TCHDon', 'Tính chất (1 thay thế, 2 điều chỉnh)', 'Relation'),
  field(
    'original_kind',
    'varchar',
    'LHDCLQuan | LHDGoc',
    'Loại hóa đơn liên quan',
    'Kind of original',
  ),
  field('original_mst', 'varchar', 'MSTCLQuan', 'MST hóa đơn gốc', "Original's seller tax code", {
    classification: 'personal',
  }),
  field('original_form', 'varchar', 'KHMSHDCLQuan | KHMSHDGoc', 'Mẫu số gốc', 'Original form sign'),
  field('original_series', 'varchar', 'KHHDCLQuan | KHHDGoc', 'Ký hiệu gốc', 'Original series'),
  field('original_number', 'bigint', 'SHDCLQuan | SHDGoc', 'Số hóa đơn gốc', 'Original number', {
    lenient: true,
  }),
  field(
    'original_issue_date',
    'date',
    'NLHDCLQuan | NLHDGoc',
    'Ngày lập gốc',
    'Original issue date',
    {
      lenient: true,
    },
  ),
  field('list_no', 'varchar', 'SBKCLQuan', 'Số bảng kê', 'List number'),
  field('list_date', 'date', 'NBKCLQuan', 'Ngày bảng kê', 'List date', { lenient: true }),
  field('note', 'varchar', 'GChu | LDo', 'Ghi chú', 'Note'),
];
