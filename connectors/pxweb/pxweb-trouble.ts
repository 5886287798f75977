import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';

const words = {
  'file-not-found': {
    message: { vi: 'Không có tệp của bảng', en: 'There is no file of the table' },
    remedy: { vi: 'Đặt tệp .px hoặc .json vào thư mục.', en: 'Put the .px or .json file there.' },
  },
  'answer-not-json': {
    message: { vi: 'PX-Web không trả lời bằng JSON', en: 'PX-Web did not answer with JSON' },
    remedy: {
      vi: 'Kiểm tra địa chỉ; nếu API bị chặn, tải tệp về và dùng thư mục.',
      en: 'Check the address; where the API is closed, download the files and use a directory.',
    },
  },
  'dimension-unknown': {
    message: { vi: 'Bảng không có chiều', en: 'The table has no dimension' },
    remedy: {
      vi: 'Đối chiếu tên chiều với bảng của nguồn.',
      en: 'Compare the dimension names with the table of the source.',
    },
  },
  'member-unknown': {
    message: { vi: 'Chiều không có giá trị', en: 'The dimension has no value' },
    remedy: {
      vi: 'Nguồn có thể đã đổi tên giá trị; sửa cấu hình.',
      en: 'The source may have renamed it; correct the configuration.',
    },
  },
  'member-shifted': {
    message: {
      vi: 'Nguồn trả lời giá trị khác với giá trị đã hỏi',
      en: 'The source answered other values than were asked',
    },
    remedy: {
      vi: 'Bảng vừa đổi trong lúc đọc; đọc lại nguồn.',
      en: 'The table changed while it was read; read the source again.',
    },
  },
  'member-ambiguous': {
    message: {
      vi: 'Hai giá trị của chiều có cùng tên và không có mã',
      en: 'Two values of a dimension have one name and no code',
    },
    remedy: { vi: 'Báo đơn vị cung cấp.', en: 'Tell the provider.' },
  },
} as const satisfies Record<string, { readonly message: Localized; readonly remedy: Localized }>;

/** An error of group data about one table of a PX-Web. */
export function pxwebTrouble(
  code: keyof typeof words,
  table: string,
  detail: string,
  cause?: unknown,
): PhusaError {
  const { message, remedy } = words[code];
  return new PhusaError({
    group: 'data',
    code,
    message: { vi: `${message.vi}: ${table}: ${detail}`, en: `${message.en}: ${table}: ${detail}` },
    remedy,
    place: { file: table, value: detail },
    cause,
  });
}
