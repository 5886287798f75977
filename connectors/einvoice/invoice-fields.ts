import type { Field } from './field.ts';
import { field, money } from './field.ts';

const personal = { classification: 'personal' } as const;
const common = 'DLHDon/TTChung';
const seller = 'DLHDon/NDHDon/NBan';
const buyer = 'DLHDon/NDHDon/NMua';
const totals = 'DLHDon/NDHDon/TToan';

/** What names an invoice: (seller, form sign, series, number), TT 91/2026/TT-BTC. */
export const keyFields: readonly Field[] = [
  // A household's tax code is a person's identification number (12 digits): the column is personal as a whole.
  field('seller_mst', 'varchar', `${seller}/MST`, 'MST người bán', "Seller's tax code", {
    ...personal,
    required: true,
  }),
  field('form_sign', 'varchar', `${common}/KHMSHDon`, 'Ký hiệu mẫu số', 'Form sign', {
    required: true,
  }),
  field('series', 'varchar', `${common}/KHHDon`, 'Ký hiệu hóa đơn', 'Series', { required: true }),
  field('number', 'bigint', `${common}/SHDon`, 'Số hóa đơn', 'Invoice number', { required: true }),
];

const headerFields: readonly Field[] = [
  field('schema_version', 'varchar', `${common}/PBan`, 'Phiên bản', 'Schema version'),
  field('invoice_name', 'varchar', `${common}/THDon`, 'Tên hóa đơn', 'Invoice name'),
  field('issue_date', 'date', `${common}/NLap | ${common}/TDLap`, 'Ngày lập', 'Issue date', {
    required: true,
  }),
  field('currency', 'varchar', `${common}/DVTTe`, 'Đơn vị tiền tệ', 'Currency'),
  field('exchange_rate', 'decimal(18,6)', `${common}/TGia`, 'Tỷ giá', 'Exchange rate'),
  field('payment_method', 'varchar', `${common}/HTTToan`, 'Hình thức thanh toán', 'Payment method'),
  field('dossier_no', 'varchar', `${common}/MHSo`, 'Mã hồ sơ', 'Dossier number'),
  field('list_no', 'varchar', `${common}/SBKe`, 'Số bảng kê', 'List number'),
  field('list_date', 'date', `${common}/NBKe`, 'Ngày bảng kê', 'List date', { lenient: true }),
  field(
    'provider_mst',
    'varchar',
    `${common}/MSTTCGP`,
    'MST tổ chức giải pháp',
    'Provider tax code',
  ),
  field(
    'delegated_issuer_mst',
    'varchar',
    `${common}/MSTDVNUNLHDon`,
    'MST đơn vị nhận ủy nhiệm',
    'Delegated issuer tax code',
    personal,
  ),
  field(
    'delegated_issuer_name',
    'varchar',
    `${common}/TDVNUNLHDon`,
    'Tên đơn vị nhận ủy nhiệm',
    'Delegated issuer name',
    personal,
  ),
  field(
    'delegated_issuer_address',
    'varchar',
    `${common}/DCDVNUNLHDon`,
    'Địa chỉ đơn vị nhận ủy nhiệm',
    'Delegated issuer address',
    personal,
  ),
];

/** A party's name, address and contacts may be a person's. */
const partyFields: readonly Field[] = [
  field('seller_name', 'varchar', `${seller}/Ten`, 'Tên người bán', 'Seller name', personal),
  field(
    'seller_address',
    'varchar',
    `${seller}/DChi`,
    'Địa chỉ người bán',
    'Seller address',
    personal,
  ),
  field(
    'seller_phone',
    'varchar',
    `${seller}/SDThoai`,
    'Điện thoại người bán',
    'Seller phone',
    personal,
  ),
  field(
    'seller_email',
    'varchar',
    `${seller}/DCTDTu | ${seller}/Email`,
    'Thư điện tử người bán',
    'Seller e-mail',
    personal,
  ),
  field(
    'seller_account',
    'varchar',
    `${seller}/STKNHang`,
    'Tài khoản người bán',
    'Seller account',
    personal,
  ),
  field('seller_bank', 'varchar', `${seller}/TNHang`, 'Ngân hàng người bán', 'Seller bank'),
  field('buyer_mst', 'varchar', `${buyer}/MST`, 'MST người mua', "Buyer's tax code", personal),
  field('buyer_name', 'varchar', `${buyer}/Ten`, 'Tên người mua', 'Buyer name', personal),
  field(
    'buyer_address',
    'varchar',
    `${buyer}/DChi`,
    'Địa chỉ người mua',
    'Buyer address',
    personal,
  ),
  field('buyer_code', 'varchar', `${buyer}/MKHang`, 'Mã khách hàng', 'Customer code', personal),
  field(
    'buyer_contact',
    'varchar',
    `${buyer}/HVTNMHang`,
    'Họ tên người mua hàng',
    'Buyer person',
    personal,
  ),
  field(
    'buyer_phone',
    'varchar',
    `${buyer}/SDThoai`,
    'Điện thoại người mua',
    'Buyer phone',
    personal,
  ),
  field(
    'buyer_email',
    'varchar',
    `${buyer}/DCTDTu | ${buyer}/Email`,
    'Thư điện tử người mua',
    'Buyer e-mail',
    personal,
  ),
  field(
    'buyer_account',
    'varchar',
    `${buyer}/STKNHang`,
    'Tài khoản người mua',
    'Buyer account',
    personal,
  ),
  field('buyer_bank', 'varchar', `${buyer}/TNHang`, 'Ngân hàng người mua', 'Buyer bank'),
  field(
    'buyer_personal_id',
    'varchar',
    `${buyer}/CCCDan`,
    'Số định danh cá nhân',
    'Personal id',
    personal,
  ),
  field(
    'buyer_budget_unit',
    'varchar',
    `${buyer}/MDVQHNSach`,
    'Mã đơn vị quan hệ ngân sách',
    'Budget unit code',
  ),
];

const totalFields: readonly Field[] = [
  field('total_before_tax', money, `${totals}/TgTCThue`, 'Tổng tiền chưa thuế', 'Total before tax'),
  field('total_tax', money, `${totals}/TgTThue`, 'Tổng tiền thuế', 'Total tax'),
  field(
    'total_not_taxable',
    money,
    `${totals}/TGTKCThue`,
    'Tổng giảm trừ không chịu thuế',
    'Not taxable',
  ),
  field(
    'trade_discount',
    money,
    `${totals}/TTCKTMai`,
    'Tổng chiết khấu thương mại',
    'Trade discount',
  ),
  field('other_deduction', money, `${totals}/TGTKhac`, 'Tổng giảm trừ khác', 'Other deductions'),
  field('total', money, `${totals}/TgTTTBSo`, 'Tổng tiền thanh toán', 'Grand total'),
  field('total_in_words', 'varchar', `${totals}/TgTTTBChu`, 'Tổng tiền bằng chữ', 'Total in words'),
  field('tax_authority_code', 'varchar', 'MCCQT', 'Mã của cơ quan thuế', 'Tax authority code'),
];

/** Filled by the connector: from the envelope, the first related invoice, the signature and the tax codes. */
const derivedFields: readonly Field[] = [
  field('message_type', 'varchar', '', 'Mã loại thông điệp', 'Message type'),
  field(
    'relation',
    'varchar',
    '',
    'Tính chất (1 thay thế, 2 điều chỉnh)',
    'Relation (1 replaces, 2 adjusts)',
  ),
  field('original_kind', 'varchar', '', 'Loại hóa đơn liên quan', 'Kind of original'),
  field('original_form', 'varchar', '', 'Mẫu số hóa đơn gốc', 'Original form sign'),
  field('original_series', 'varchar', '', 'Ký hiệu hóa đơn gốc', 'Original series'),
  field('original_number', 'bigint', '', 'Số hóa đơn gốc', 'Original number', { lenient: true }),
  field('original_issue_date', 'date', '', 'Ngày lập hóa đơn gốc', 'Original issue date', {
    lenient: true,
  }),
  field('relation_note', 'varchar', '', 'Ghi chú điều chỉnh, thay thế', 'Relation note'),
  field('seller_mst_kind', 'varchar', '', 'Loại MST người bán', 'Kind of seller tax code'),
  field('buyer_mst_kind', 'varchar', '', 'Loại MST người mua', 'Kind of buyer tax code'),
  field('signature_present', 'boolean', '', 'Có chữ ký số', 'Signature present'),
  field('signature_digest', 'varchar', '', 'Giá trị băm của chữ ký', 'Signature digest'),
  field('signer_subject', 'varchar', '', 'Chủ thể chữ ký số', 'Signer subject', personal),
  field('signed_at', 'timestamp', '', 'Thời điểm ký', 'Signed at', { lenient: true }),
];

/** Every field of an invoice that comes as text, in packing order. */
export const invoiceFields: readonly Field[] = [
  ...keyFields,
  ...headerFields,
  ...partyFields,
  ...totalFields,
  ...derivedFields,
];
