import type { Language } from '../core/localized.ts';

/** The fixed words of a report; none of them holds a digit. */
export interface Wording {
  readonly nation: string;
  readonly motto: string;
  readonly number: string;
  readonly addressees: string;
  readonly recipients: string;
  readonly edition: string;
  readonly shortCode: string;
  readonly operational: string;
  readonly holds: string;
  readonly fails: string;
  readonly checks: string;
  readonly notes: string;
  readonly noRows: string;
  readonly noValue: string;
  readonly tableOf: string;
  readonly window: string;
  readonly references: string;
  readonly report: string;
  readonly category: string;
  readonly areaCode: string;
  readonly areaName: string;
  readonly value: string;
  readonly sheet: string;
  readonly cell: string;
  readonly reference: string;
  readonly exactValue: string;
  readonly printed: string;
}

const VIETNAMESE: Wording = {
  nation: 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
  motto: 'Độc lập - Tự do - Hạnh phúc',
  number: 'Số',
  addressees: 'Kính gửi',
  recipients: 'Nơi nhận',
  edition: 'Bản phát hành số',
  shortCode: 'Mã tra cứu',
  operational: 'Số liệu điều hành, không thay thế số liệu thống kê chính thức',
  holds: 'khớp',
  fails: 'KHÔNG KHỚP',
  checks: 'Kiểm tra đối chiếu',
  notes: 'Ghi chú',
  noRows: 'Không có số liệu trong kỳ',
  noValue: 'Không có số liệu',
  tableOf: 'Biểu',
  window: 'Kỳ số liệu',
  references: 'Tham chiếu',
  report: 'Báo cáo',
  category: 'Kỳ',
  areaCode: 'Mã địa bàn',
  areaName: 'Địa bàn',
  value: 'Giá trị',
  sheet: 'Trang',
  cell: 'Ô',
  reference: 'Tham chiếu truy vết',
  exactValue: 'Giá trị chính xác',
  printed: 'Hiển thị',
};

const ENGLISH: Wording = {
  nation: 'SOCIALIST REPUBLIC OF VIET NAM',
  motto: 'Independence - Freedom - Happiness',
  number: 'No.',
  addressees: 'To',
  recipients: 'Recipients',
  edition: 'Edition',
  shortCode: 'Trace code',
  operational: 'Operational figures; they do not replace official statistics',
  holds: 'equal',
  fails: 'NOT EQUAL',
  checks: 'Reconciliation',
  notes: 'Notes',
  noRows: 'No data in this period',
  noValue: 'No data',
  tableOf: 'Table',
  window: 'Period',
  references: 'References',
  report: 'Report',
  category: 'Period',
  areaCode: 'Area code',
  areaName: 'Area',
  value: 'Value',
  sheet: 'Sheet',
  cell: 'Cell',
  reference: 'Trace reference',
  exactValue: 'Exact value',
  printed: 'Printed',
};

/** The fixed words in a language. */
export function wordingIn(language: Language): Wording {
  return language === 'vi' ? VIETNAMESE : ENGLISH;
}
