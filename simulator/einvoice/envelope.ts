import { firmTaxCode } from '../city/people.ts';
import { hash } from '../random.ts';
import { isoDay } from '../days.ts';
import { monthText, type FuelSummary, type SummaryLine } from './fuel-summary.ts';
import { element, escaped } from './xml.ts';

/** MLTDiep: 200 to get a code, 203 uncoded, 400 summary. */
export type MessageType = 200 | 203 | 400;

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
/** The provider through which the messages go (invented). */
const PROVIDER = firmTaxCode(7_777);

function messageCode(type: MessageType, key: number): string {
  const words = [1, 2, 3, 4].map((word) => hash(type, key, word).toString(16).padStart(8, '0'));
  return `V${PROVIDER}${words.join('').toUpperCase()}`;
}

/** A `TDiep` file with its parts; `key` makes its code unique. */
export function envelope(type: MessageType, key: number, parts: readonly string[]): string {
  const head = element(
    'TTChung',
    element('PBan', '2.0.1') +
      element('MNGui', `V${PROVIDER}`) +
      element('MNNhan', 'TCT') +
      element('MLTDiep', type) +
      element('MTDiep', messageCode(type, key)) +
      '<MTDTChieu/>' +
      element('MST', PROVIDER) +
      element('SLuong', parts.length),
  );
  return `${DECLARATION}<TDiep>${head}${element('DLieu', parts.join('\n'))}</TDiep>`;
}

function summaryLine(line: SummaryLine, number: number, month: number): string {
  const note =
    line.change === 2 ? element('GChu', `Điều chỉnh kỳ trước ${monthText(month - 1)}`) : '';
  return element(
    'DLieu',
    element('STT', number) +
      element('MHHDVu', line.fuel.code) +
      element('THHDVu', line.fuel.name) +
      element('DVTinh', 'lít') +
      element('SLuong', line.quantity) +
      element('TTCThue', line.amount) +
      element('TSuat', line.rate) +
      element('TgTThue', line.tax) +
      element('TgTTToan', line.amount + line.tax) +
      element('TCTBao', line.change) +
      note,
  );
}

/** A `BTHDLieu` element. */
export function summaryXml(summary: FuelSummary, number: number): string {
  const { seller, month } = summary;
  const head = element(
    'TTChung',
    element('PBan', '2.0.1') +
      element('MSo', '01/TH-HĐĐT') +
      element('Ten', 'Bảng tổng hợp dữ liệu hóa đơn điện tử') +
      element('SBTHDLieu', number) +
      element('LKDLieu', 'T') +
      element('KDLieu', monthText(month)) +
      element('LDau', 1) +
      element('BSLThu', 0) +
      element('NLap', isoDay(summary.writtenOn)) +
      element('TNNT', escaped(seller.name)) +
      element('MST', seller.taxCode) +
      element('HDDIn', 0) +
      element('LHHoa', 1) +
      element('DVTTe', 'VND'),
  );
  const lines = summary.lines.map((line, i) => summaryLine(line, i + 1, month)).join('');
  const id = `BTH${String(seller.position)}-${String(month)}`;
  const body = element('NDBTHDLieu', element('DSDLieu', lines));
  return element('BTHDLieu', `<DLBTHop Id="${id}">${head}${body}</DLBTHop>`);
}
