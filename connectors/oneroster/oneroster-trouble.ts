import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';

/** What a roster source can get wrong. */
export type OneRosterTrouble =
  | 'access-refused'
  | 'source-error'
  | 'answer-not-json'
  | 'page-repeats'
  | 'page-missing'
  | 'total-unstable'
  | 'manifest-missing'
  | 'manifest-version'
  | 'bundle-file-missing'
  | 'bundle-file-unknown'
  | 'nothing-found';

const words: Readonly<Record<OneRosterTrouble, Localized>> = {
  'access-refused': {
    vi: 'Dịch vụ từ chối tài khoản hoặc mã truy cập',
    en: 'The service refuses the account or token',
  },
  'source-error': { vi: 'Dịch vụ báo lỗi', en: 'The service reports an error' },
  'answer-not-json': {
    vi: 'Dịch vụ không trả JSON trọn vẹn',
    en: 'The service did not answer with complete JSON',
  },
  'page-repeats': { vi: 'Dịch vụ lặp lại một trang', en: 'The service repeats a page' },
  'page-missing': {
    vi: 'Dịch vụ trả ít bản ghi hơn tổng số đã khai',
    en: 'The service gives fewer records than the total it declared',
  },
  'total-unstable': {
    vi: 'Tổng số bản ghi thay đổi trong khi đọc',
    en: 'The total changes while it is being read',
  },
  'manifest-missing': {
    vi: 'Gói không có đúng một manifest.csv',
    en: 'The bundle does not have exactly one manifest.csv',
  },
  'manifest-version': {
    vi: 'Phiên bản OneRoster không được hỗ trợ (cần 1.1 hoặc 1.2)',
    en: 'Unsupported OneRoster version (1.1 or 1.2 is needed)',
  },
  'bundle-file-missing': {
    vi: 'Gói thiếu tệp mà manifest.csv khai là có',
    en: 'The bundle lacks a file that manifest.csv declares',
  },
  'bundle-file-unknown': {
    vi: 'manifest.csv khai chế độ không phải bulk, delta hay absent',
    en: 'manifest.csv declares a mode other than bulk, delta or absent',
  },
  'nothing-found': { vi: 'Không có gói OneRoster nào', en: 'There is no OneRoster bundle' },
};

const remedy: Localized = {
  vi: 'Kiểm tra cấu hình; nếu đúng, báo đơn vị vận hành hệ thống quản lý trường học.',
  en: 'Check the configuration; if it is right, tell the people who run the school system.',
};

/** An error of a roster source: fatal for refused access, data for everything it says or sends wrongly. */
export function oneRosterTrouble(
  code: OneRosterTrouble,
  detail: string,
  cause?: unknown,
): PhusaError {
  const message = { vi: `${words[code].vi}: ${detail}`, en: `${words[code].en}: ${detail}` };
  const group = code === 'access-refused' ? 'fatal' : 'data';
  return new PhusaError({ group, code, message, remedy, place: { value: detail }, cause });
}
