import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';

/** What a DHIS2 source can get wrong. */
export type Dhis2Trouble =
  | 'access-refused'
  | 'source-error'
  | 'answer-not-json'
  | 'page-repeats'
  | 'page-missing'
  | 'total-unstable'
  | 'content-unknown'
  | 'file-secret'
  | 'nothing-found';

const words: Readonly<Record<Dhis2Trouble, Localized>> = {
  'access-refused': {
    vi: 'DHIS2 từ chối tài khoản hoặc mã truy cập',
    en: 'DHIS2 refuses the account or token',
  },
  'source-error': { vi: 'DHIS2 báo lỗi', en: 'DHIS2 reports an error' },
  'answer-not-json': {
    vi: 'DHIS2 không trả JSON trọn vẹn',
    en: 'DHIS2 did not answer with complete JSON',
  },
  'page-repeats': { vi: 'DHIS2 lặp lại một trang', en: 'DHIS2 repeats a page' },
  'page-missing': {
    vi: 'DHIS2 trả ít bản ghi hơn tổng số đã khai',
    en: 'DHIS2 gives fewer records than the total it declared',
  },
  'total-unstable': {
    vi: 'Tổng số bản ghi thay đổi trong khi đọc',
    en: 'The total changes while it is being read',
  },
  'content-unknown': {
    vi: 'Tệp không có giá trị báo cáo hay danh mục nào được đọc',
    en: 'The file holds neither data values nor a list that is read',
  },
  'file-secret': {
    vi: 'Tệp chứa mật khẩu nên không được tiếp nhận',
    en: 'The file holds passwords and is not landed',
  },
  'nothing-found': { vi: 'Không có tệp nào để đọc', en: 'There is no file to read' },
};

const remedy: Localized = {
  vi: 'Kiểm tra cấu hình; nếu đúng, báo đơn vị vận hành DHIS2.',
  en: 'Check the configuration; if it is right, tell the people who run DHIS2.',
};

/** An error of a DHIS2 source: fatal for refused access, data for everything it says or sends wrongly. */
export function dhis2Trouble(code: Dhis2Trouble, detail: string, cause?: unknown): PhusaError {
  const message = { vi: `${words[code].vi}: ${detail}`, en: `${words[code].en}: ${detail}` };
  const group = code === 'access-refused' ? 'fatal' : 'data';
  return new PhusaError({ group, code, message, remedy, place: { value: detail }, cause });
}
