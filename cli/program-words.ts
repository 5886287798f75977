import type { Language, Localized } from '../core/localized.ts';

/** What each group of commands is about. */
export const groupSummaries: Readonly<Record<string, Localized>> = {
  connector: { vi: 'Các loại kết nối', en: 'Connectors' },
  source: { vi: 'Nguồn dữ liệu', en: 'Sources' },
  quarantine: { vi: 'Dòng bị cách ly', en: 'Quarantined rows' },
  asset: { vi: 'Bảng dữ liệu', en: 'Assets' },
  indicator: { vi: 'Chỉ tiêu', en: 'Indicators' },
  report: { vi: 'Báo cáo', en: 'Reports' },
  schedule: { vi: 'Lịch chạy', en: 'Schedules' },
  extract: { vi: 'Trích xuất dữ liệu', en: 'Extracts' },
  audit: { vi: 'Nhật ký', en: 'Journal' },
  user: { vi: 'Người dùng', en: 'Users' },
  token: { vi: 'Mã truy cập', en: 'Tokens' },
};

/** Commander's own words. */
interface CommanderWords {
  readonly help: string;
  readonly titles: Readonly<Record<string, string>>;
  readonly translate: (message: string) => string;
}

/** Commander speaks English; these are its headings and the errors people meet. */
export const commanderWords: Readonly<Record<Language, CommanderWords>> = {
  en: { help: 'show help', titles: {}, translate: (message) => message },
  vi: {
    help: 'xem trợ giúp',
    titles: {
      'Usage:': 'Cách dùng:',
      'Options:': 'Tùy chọn:',
      'Commands:': 'Các lệnh:',
      'Arguments:': 'Tham số:',
    },
    translate: translateError,
  },
};

const errors: readonly (readonly [RegExp, string])[] = [
  [/^error: unknown command '(.+?)'/, 'Lỗi: không có lệnh “$1”'],
  [/^error: unknown option '(.+?)'/, 'Lỗi: không có tùy chọn “$1”'],
  [/^error: missing required argument '(.+?)'/, 'Lỗi: thiếu tham số “$1”'],
  [/^error: required option '(.+?)' not specified/, 'Lỗi: thiếu tùy chọn bắt buộc “$1”'],
  [/^error: option '(.+?)' argument missing/, 'Lỗi: tùy chọn “$1” thiếu giá trị'],
  [
    /^error: option '(.+?)' argument '(.+?)' is invalid\. Allowed choices are (.+?)\./,
    'Lỗi: tùy chọn “$1” không nhận “$2”; các giá trị được nhận: $3.',
  ],
  [
    /^error: too many arguments(?: for '(.+?)')?\. Expected (\d+) arguments? but got (\d+)\./,
    'Lỗi: thừa tham số: cần $2, nhận $3.',
  ],
  [/\(Did you mean (?:one of )?(.+?)\?\)/, '(Có phải ý bạn là $1?)'],
];

function translateError(message: string): string {
  return errors.reduce((text, [pattern, words]) => text.replace(pattern, words), message);
}
