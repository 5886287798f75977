import { PhusaError, type ErrorGroup } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';

/** What can go wrong between a manifest and its source. */
export type ManifestTrouble =
  | 'sign-in-refused'
  | 'source-error'
  | 'answer-not-readable'
  | 'answer-type'
  | 'end-unproved'
  | 'page-repeats'
  | 'page-missing'
  | 'total-unstable'
  | 'total-missing'
  | 'window-too-full'
  | 'job-failed'
  | 'job-timeout'
  | 'slice-missing'
  | 'revisit-limit'
  | 'files-missing'
  | 'reference-empty'
  | 'start-invalid'
  | 'rows-outside';

const words: Readonly<Record<ManifestTrouble, Localized>> = {
  'sign-in-refused': { vi: 'Nguồn từ chối đăng nhập', en: 'The source refuses the sign-in' },
  'source-error': { vi: 'Nguồn báo lỗi trong nội dung trả về', en: 'The source reports an error' },
  'answer-not-readable': {
    vi: 'Nội dung trả về không trọn vẹn hoặc sai định dạng đã khai',
    en: 'The answer is not complete, or not of the declared format',
  },
  'answer-type': {
    vi: 'Nguồn trả loại nội dung khác với khai báo',
    en: 'The source answers with another media type than declared',
  },
  'end-unproved': {
    vi: 'Không biết dữ liệu đã trọn hay bị cắt',
    en: 'It cannot be told whether the data are whole or cut off',
  },
  'page-repeats': { vi: 'Nguồn lặp lại một trang', en: 'The source repeats a page' },
  'page-missing': {
    vi: 'Số bản ghi nhận được khác tổng số nguồn đã khai',
    en: 'The records received are not as many as the source declared',
  },
  'total-unstable': {
    vi: 'Tổng số bản ghi thay đổi trong khi đọc',
    en: 'The total changes while it is being read',
  },
  'total-missing': { vi: 'Nguồn không cho tổng số', en: 'The source does not give the total' },
  'window-too-full': {
    vi: 'Khoảng thời gian nhỏ nhất vẫn vượt giới hạn số bản ghi của nguồn',
    en: "The smallest window still reaches the source's cap on records",
  },
  'job-failed': {
    vi: 'Nguồn không lập được tệp kết xuất',
    en: 'The export job of the source failed',
  },
  'job-timeout': {
    vi: 'Tệp kết xuất chưa xong sau thời hạn',
    en: 'The export job is not done in time',
  },
  'slice-missing': {
    vi: 'Luồng cha không có giá trị để hỏi',
    en: 'The parent stream gives no value',
  },
  'revisit-limit': {
    vi: 'Quá nhiều bản ghi phải hỏi lại',
    en: 'More records have to be asked for again than allowed',
  },
  'files-missing': {
    vi: 'Thư mục không có tệp nào khớp mẫu tên',
    en: 'No file of the directory fits the pattern',
  },
  'reference-empty': { vi: 'Tham chiếu không có giá trị', en: 'A reference has no value' },
  'start-invalid': { vi: 'Ngày bắt đầu không hợp lệ', en: 'The start is no date' },
  'rows-outside': {
    vi: 'Số dòng nằm ngoài khoảng đã khai',
    en: 'The number of rows is outside of what is declared',
  },
};

const groups: Partial<Record<ManifestTrouble, ErrorGroup>> = {
  'sign-in-refused': 'fatal',
  'reference-empty': 'fatal',
  'start-invalid': 'fatal',
  'job-timeout': 'retriable',
};

const adapt: Localized = {
  vi: 'So manifest với tài liệu của nguồn, thử bằng: phusa source preview.',
  en: 'Compare the manifest with the documentation of the source; try: phusa source preview.',
};
const again: Localized = {
  vi: 'Chạy lại sau; nếu lặp lại, báo đơn vị vận hành nguồn.',
  en: 'Run again later; if it happens again, tell the people who run the source.',
};
const passing = new Set<ManifestTrouble>([
  'total-unstable',
  'page-repeats',
  'page-missing',
  'job-timeout',
  'answer-not-readable',
]);

/** An error of a manifest's source: data unless it is for the configuration or another time to mend. */
export function manifestTrouble(
  code: ManifestTrouble,
  detail: string,
  cause?: unknown,
): PhusaError {
  return new PhusaError({
    group: groups[code] ?? 'data',
    code,
    message: { vi: `${words[code].vi}: ${detail}`, en: `${words[code].en}: ${detail}` },
    remedy: passing.has(code) ? again : adapt,
    place: { value: detail },
    cause,
  });
}
