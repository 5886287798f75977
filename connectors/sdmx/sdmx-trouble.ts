import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';

/** Why an SDMX message, or a service, is refused. */
export type SdmxTrouble =
  | 'structure-message'
  | 'metadata-message'
  | 'query-message'
  | 'cross-sectional'
  | 'content-unknown'
  | 'message-too-big'
  | 'index-unknown'
  | 'series-outside'
  | 'source-error'
  | 'source-deferred'
  | 'answer-empty'
  | 'nothing-found';

const words: Readonly<Record<SdmxTrouble, Localized>> = {
  'structure-message': {
    vi: 'Thông điệp SDMX cấu trúc (không phải số liệu)',
    en: 'An SDMX structure message, not data',
  },
  'metadata-message': {
    vi: 'Thông điệp SDMX siêu dữ liệu (không phải số liệu)',
    en: 'An SDMX metadata message, not data',
  },
  'query-message': {
    vi: 'Thông điệp SDMX truy vấn (không phải số liệu)',
    en: 'An SDMX query message, not data',
  },
  'cross-sectional': {
    vi: 'Bố cục chéo của SDMX 2.0, không đọc được khi thiếu cấu trúc',
    en: 'Cross-sectional layout of SDMX 2.0, unreadable without its structure',
  },
  'content-unknown': {
    vi: 'Nội dung không phải thông điệp SDMX nào được biết',
    en: 'The content is no SDMX message that is known',
  },
  'message-too-big': { vi: 'Thông điệp JSON quá lớn', en: 'The JSON message is too big' },
  'index-unknown': {
    vi: 'Chỉ số trong thông điệp trỏ tới thành phần không có',
    en: 'An index of the message points at a component that is not there',
  },
  'series-outside': {
    vi: 'Quan sát không nằm trong tập dữ liệu nào',
    en: 'An observation stands outside any data set',
  },
  'source-error': { vi: 'Nguồn báo lỗi trong thông điệp', en: 'The source reports an error' },
  'source-deferred': {
    vi: 'Nguồn hoãn trả lời vì yêu cầu quá lớn',
    en: 'The source defers its answer because too much was asked for',
  },
  'answer-empty': { vi: 'Nguồn không có dòng số liệu nào', en: 'The source has no data' },
  'nothing-found': { vi: 'Không có tệp SDMX nào', en: 'There is no SDMX file' },
};

const remedy: Localized = {
  vi: 'Kiểm tra khóa, cấu hình; chia nhỏ yêu cầu; nếu vẫn vậy, báo cơ quan công bố.',
  en: 'Check key and configuration; ask for less at a time; if it stays so, tell the publisher.',
};

/** The `data` error for a refused message or answer. */
export function sdmxTrouble(code: SdmxTrouble, detail: string, cause?: unknown): PhusaError {
  const message = { vi: `${words[code].vi}: ${detail}`, en: `${words[code].en}: ${detail}` };
  return new PhusaError({ group: 'data', code, message, remedy, place: { value: detail }, cause });
}
