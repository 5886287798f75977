import { serviceTrouble } from '../service-trouble.ts';

/** The `data` error for a refused SDMX message or answer. */
export const sdmxTrouble = serviceTrouble({
  who: { vi: 'Nguồn SDMX', en: 'The SDMX source' },
  own: {
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
    'source-deferred': {
      vi: 'Nguồn hoãn trả lời vì yêu cầu quá lớn',
      en: 'The source defers its answer because too much was asked for',
    },
    'answer-cut': {
      vi: 'Thông điệp CSV bị cắt: dòng cuối không trọn',
      en: 'The CSV message is cut off: its last line is not ended',
    },
    'answer-empty': { vi: 'Nguồn không có dòng số liệu nào', en: 'The source has no data' },
    'nothing-found': { vi: 'Không có tệp SDMX nào', en: 'There is no SDMX file' },
  },
  remedy: {
    vi: 'Kiểm tra khóa, cấu hình; chia nhỏ yêu cầu; nếu vẫn vậy, báo cơ quan công bố.',
    en: 'Check key and configuration; ask for less at a time; if it stays so, tell the publisher.',
  },
});
