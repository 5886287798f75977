import { COMMUNES } from '../city/units.ts';
import { isoDay } from '../days.ts';
import { at, hash } from '../random.ts';
import { amountText } from './amount.ts';
import type { Invoice, InvoiceLine, RateTotal } from './invoice.ts';
import { sellerSignature } from './signature.ts';
import { element, escaped, shortEmpty } from './xml.ts';

const NAMESPACE = 'http://kekhaithue.gdt.gov.vn/HDon';
/** Which vendor does what; the numbers are Seller.vendor. */
const WITH_NAMESPACE = 1;
const SHORT_EMPTY = 2;
const WITH_NEWLINES = 3;

/** SHDon as written: some vendors pad with zeros. */
export function numberText(invoice: Invoice): string {
  const number = String(invoice.entry.number);
  return invoice.seller.vendor === WITH_NAMESPACE ? number.padStart(8, '0') : number;
}

function money(invoice: Invoice, amount: number): string {
  return amountText(amount, invoice.currency);
}

function relation(invoice: Invoice): string {
  const { original, entry } = invoice;
  if (original === undefined) return '';
  return element(
    'TTHDLQuan',
    element('TCHDon', entry.kind === 'replacement' ? 1 : 2) +
      element('LHDCLQuan', 1) +
      element('KHMSHDCLQuan', original.form) +
      element('KHHDCLQuan', original.series) +
      element('SHDCLQuan', numberText(original)) +
      element('NLHDCLQuan', isoDay(original.entry.day)) +
      element('GChu', 'Dữ liệu mô phỏng'),
  );
}

function general(invoice: Invoice): string {
  const { seller, currency, form } = invoice;
  const empties = seller.vendor === SHORT_EMPTY ? '<MHSo></MHSo><SBKe></SBKe><NBKe></NBKe>' : '';
  return element(
    'TTChung',
    element('PBan', seller.version) +
      element('THDon', form === 1 ? 'Hóa đơn giá trị gia tăng' : 'Hóa đơn bán hàng') +
      element('KHMSHDon', form) +
      element('KHHDon', invoice.series) +
      element('SHDon', numberText(invoice)) +
      empties +
      element('NLap', isoDay(invoice.entry.day)) +
      element('DVTTe', currency.code) +
      (currency.code === 'VND' ? '' : element('TGia', currency.rate.toFixed(2))) +
      element('HTTToan', invoice.entry.number % 3 === 0 ? 'Chuyển khoản' : 'TM/CK') +
      relation(invoice),
  );
}

function sellerPart(invoice: Invoice): string {
  const { seller } = invoice;
  const place = at(COMMUNES, seller.commune).name;
  const empties = seller.vendor === SHORT_EMPTY ? '<SDThoai></SDThoai><Fax></Fax>' : '';
  return element(
    'NBan',
    element('Ten', escaped(seller.name)) +
      element('MST', seller.taxCode) +
      element('DChi', `${place}, thành phố Hải Phòng`) +
      empties,
  );
}

function buyerPart(invoice: Invoice): string {
  const { buyer, seller } = invoice;
  const code = buyer.taxCode ?? '';
  const noCode = seller.vendor === SHORT_EMPTY ? '<MST></MST>' : '';
  const isPersonal = code.length === 12 && seller.version === '2.1.0';
  return element(
    'NMua',
    element(buyer.isFirm ? 'Ten' : 'HVTNMHang', escaped(buyer.name)) +
      (code === '' ? noCode : element('MST', code)) +
      (isPersonal ? element('CCCDan', code) : '') +
      element('DChi', 'Thành phố Hải Phòng'),
  );
}

function quantityPart(invoice: Invoice, line: InvoiceLine): string {
  if (line.nature === 3 || line.nature === 4) return '';
  return (
    element('DVTinh', line.product.unit) +
    element('SLuong', line.quantity) +
    element('DGia', money(invoice, line.price)) +
    (line.discount === 0
      ? ''
      : element('TLCKhau', 5) + element('STCKhau', money(invoice, line.discount)))
  );
}

function linePart(invoice: Invoice, line: InvoiceLine, number: number): string {
  const nature = element('TChat', line.nature);
  const order = element('STT', number);
  const isNote = line.nature === 4;
  return element(
    'HHDVu',
    (invoice.seller.vendor === WITH_NEWLINES ? order + nature : nature + order) +
      (isNote ? '' : element('MHHDVu', line.product.code)) +
      element('THHDVu', escaped(line.name)) +
      quantityPart(invoice, line) +
      (isNote ? '' : element('ThTien', money(invoice, line.amount))) +
      (isNote || invoice.form === 2 ? '' : element('TSuat', line.product.rate)),
  );
}

function ratePart(invoice: Invoice, total: RateTotal): string {
  const rate = element('TSuat', total.rate);
  const amount = element('ThTien', money(invoice, total.amount));
  const tax = element('TThue', money(invoice, total.tax));
  return element(
    'LTSuat',
    invoice.seller.vendor === SHORT_EMPTY ? tax + amount + rate : rate + amount + tax,
  );
}

function totalsPart(invoice: Invoice): string {
  const taxed =
    element('TgTCThue', money(invoice, invoice.totalBeforeTax)) +
    element('TgTThue', money(invoice, invoice.totalTax));
  const rates = element(
    'THTTLTSuat',
    invoice.rates.map((rate) => ratePart(invoice, rate)).join(''),
  );
  const vat = invoice.seller.vendor === WITH_NAMESPACE ? taxed + rates : rates + taxed;
  return element(
    'TToan',
    (invoice.form === 2 ? '' : vat) +
      (invoice.discountTotal === 0
        ? ''
        : element('TTCKTMai', money(invoice, invoice.discountTotal))) +
      element('TgTTTBSo', money(invoice, invoice.total)) +
      element('TgTTTBChu', 'Số tiền bằng chữ (mô phỏng)'),
  );
}

function vendorField(invoice: Invoice): string {
  if (invoice.seller.vendor !== 0) return '';
  const field =
    element('TTruong', 'Nhãn') + element('KDLieu', 'string') + element('DLieu', 'Dữ liệu mô phỏng');
  return element('TTKhac', element('TTin', field));
}

/** What the seller's signature covers, without its own tags. */
function signedContent(invoice: Invoice): string {
  const lines = invoice.lines
    .map((line, i) => linePart(invoice, line, i + 1))
    .join(invoice.seller.vendor === WITH_NEWLINES ? '\n' : '');
  const parties =
    invoice.seller.vendor === WITH_NEWLINES
      ? buyerPart(invoice) + sellerPart(invoice)
      : sellerPart(invoice) + buyerPart(invoice);
  const body = element('NDHDon', parties + element('DSHHDVu', lines) + totalsPart(invoice));
  return general(invoice) + body + vendorField(invoice);
}

function authorityCode(invoice: Invoice): string {
  if (!invoice.isCoded) return '';
  const { entry, seller } = invoice;
  const words = [1, 2, 3, 4].map((word) => hash(entry.day, seller.position, entry.number, word));
  const code = words.map((word) => word.toString(16).toUpperCase().padStart(8, '0')).join('');
  return seller.vendor === SHORT_EMPTY
    ? `<MCCQT Id="M1${code}"></MCCQT>`
    : element('MCCQT', `M1${code}`);
}

/** The whole `HDon` element. */
export function invoiceXml(invoice: Invoice): string {
  const { seller, entry } = invoice;
  const id = `HD${String(seller.position)}-${String(entry.day)}-${String(entry.number)}`;
  const namespace = seller.vendor === WITH_NAMESPACE ? ` xmlns="${NAMESPACE}"` : '';
  const content = signedContent(invoice);
  const canonical = `<DLHDon${namespace} Id="${id}">${content}</DLHDon>`;
  const signature = sellerSignature(invoice, id, canonical);
  const code = seller.vendor === WITH_NEWLINES ? element('DLQRCode', 'mo-phong') : '';
  const xml =
    `<HDon${namespace}><DLHDon Id="${id}">${content}</DLHDon>` +
    `${code}${authorityCode(invoice)}${element('DSCKS', signature)}</HDon>`;
  return seller.vendor === SHORT_EMPTY ? shortEmpty(xml) : xml;
}

/** A single-invoice file. */
export function invoiceFile(invoice: Invoice): string {
  const start = invoice.seller.vendor === 0 ? '' : '<?xml version="1.0" encoding="UTF-8"?>\n';
  return start + invoiceXml(invoice);
}
