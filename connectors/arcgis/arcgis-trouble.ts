import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';

/** What a map service can get wrong. */
export type ArcgisTrouble =
  | 'access-refused'
  | 'source-error'
  | 'answer-not-json'
  | 'page-repeats'
  | 'page-missing'
  | 'total-unstable'
  | 'paging-impossible'
  | 'file-not-found';

const words: Readonly<Record<ArcgisTrouble, Localized>> = {
  'access-refused': {
    vi: 'Dịch vụ bản đồ từ chối tài khoản hoặc mã truy cập',
    en: 'The map service refuses the account or token',
  },
  'source-error': { vi: 'Dịch vụ bản đồ báo lỗi', en: 'The map service reports an error' },
  'answer-not-json': {
    vi: 'Dịch vụ bản đồ không trả JSON trọn vẹn',
    en: 'The map service did not answer with complete JSON',
  },
  'page-repeats': {
    vi: 'Dịch vụ bản đồ bỏ qua tham số trang và lặp lại đối tượng',
    en: 'The map service ignores paging and repeats features',
  },
  'page-missing': {
    vi: 'Dịch vụ bản đồ trả ít đối tượng hơn đã khai',
    en: 'The map service gives fewer features than it declared',
  },
  'total-unstable': {
    vi: 'Số đối tượng thay đổi trong khi đọc, hoặc hai cách đếm không khớp',
    en: 'The number of features changes while it is being read, or two counts differ',
  },
  'paging-impossible': {
    vi: 'Lớp không cho đọc từng phần: không có offset, mã đối tượng hay phạm vi',
    en: 'The layer cannot be read in parts: no offset, object ids or extent',
  },
  'file-not-found': { vi: 'Không có tệp của lớp', en: 'There is no file of the layer' },
};

const remedy: Localized = {
  vi: 'Kiểm tra địa chỉ lớp, điều kiện và cách phân trang; nếu đúng, báo đơn vị vận hành dịch vụ bản đồ.',
  en: 'Check the address, condition and paging of the layer; if they are right, tell the people who run the map service.',
};

/** An error of a map service: fatal for refused access, data for everything it says or sends wrongly. */
export function arcgisTrouble(code: ArcgisTrouble, detail: string, cause?: unknown): PhusaError {
  const message = { vi: `${words[code].vi}: ${detail}`, en: `${words[code].en}: ${detail}` };
  const group = code === 'access-refused' ? 'fatal' : 'data';
  return new PhusaError({ group, code, message, remedy, place: { value: detail }, cause });
}
