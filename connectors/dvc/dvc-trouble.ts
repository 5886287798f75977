import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';

/** What the service can get wrong. */
export type DvcTrouble =
  | 'access-refused'
  | 'source-error'
  | 'answer-not-json'
  | 'page-repeats'
  | 'page-missing'
  | 'total-unstable';

const words: Readonly<Record<DvcTrouble, Localized>> = {
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
};

const remedy: Localized = {
  vi: 'Chạy lại sau; nếu lặp lại, báo đơn vị vận hành hệ thống một cửa.',
  en: 'Run again later; if it happens again, tell the people who run the one-stop system.',
};

/** An error of the service: fatal for refused access, data for everything it says or serves wrongly. */
export function dvcTrouble(code: DvcTrouble, detail: string, cause?: unknown): PhusaError {
  const message = { vi: `${words[code].vi}: ${detail}`, en: `${words[code].en}: ${detail}` };
  const group = code === 'access-refused' ? 'fatal' : 'data';
  return new PhusaError({ group, code, message, remedy, place: { value: detail }, cause });
}
