import type { Field } from './field.ts';
import { field, money } from './field.ts';

const personal = { classification: 'personal' } as const;

/** Fields of an invoice's record at hoadondientu.gdt.gov.vn; paths are JSON names. */
export const portalFields: readonly Field[] = [
  field('seller_mst', 'varchar', 'nbmst', 'MST người bán', "Seller's tax code", {
    ...personal,
    required: true,
  }),
  field('form_sign', 'varchar', 'khmshdon', 'Ký hiệu mẫu số', 'Form sign', { required: true }),
  field('series', 'varchar', 'khhdon', 'Ký hiệu hóa đơn', 'Series', { required: true }),
  field('number', 'bigint', 'shdon', 'Số hóa đơn', 'Invoice number', { required: true }),
  field('issue_date', 'date', 'tdlap', 'Ngày lập', 'Issue date', { required: true }),
  field('seller_name', 'varchar', 'nbten', 'Tên người bán', 'Seller name', personal),
  field('buyer_mst', 'varchar', 'nmmst', 'MST người mua', "Buyer's tax code", personal),
  field('buyer_name', 'varchar', 'nmten', 'Tên người mua', 'Buyer name', personal),
  field('currency', 'varchar', 'dvtte', 'Đơn vị tiền tệ', 'Currency'),
  field('exchange_rate', 'decimal(18,6)', 'tgia', 'Tỷ giá', 'Exchange rate'),
  field('total_before_tax', money, 'tgtcthue', 'Tổng tiền chưa thuế', 'Total before tax'),
  field('total_tax', money, 'tgtthue', 'Tổng tiền thuế', 'Total tax'),
  field('total', money, 'tgtttbso', 'Tổng tiền thanh toán', 'Grand total'),
  field('trade_discount', money, 'ttcktmai', 'Tổng chiết khấu thương mại', 'Trade discount'),
  field('state', 'integer', 'tthai', 'Trạng thái (1–6)', 'State (1–6)', { required: true }),
  field('processing', 'integer', 'ttxly', 'Trạng thái xử lý (0–8)', 'Processing (0–8)'),
  field('updated_at', 'timestamp', 'ncnhat', 'Thời điểm cập nhật', 'Updated at'),
];
