import type { ErrorGroup, ErrorPlace } from '../../core/errors.ts';
import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';

/** What can be wrong with an e-invoice source as a whole. */
export type EinvoiceTrouble =
  | 'einvoice-no-invoices'
  | 'einvoice-file-differs'
  | 'einvoice-answer'
  | 'einvoice-sign-in'
  | 'einvoice-page-repeats'
  | 'einvoice-pages-incomplete';

interface Wording {
  readonly group: ErrorGroup;
  readonly message: Localized;
  readonly remedy: Localized;
}

const askSender: Localized = {
  vi: 'Liên hệ đơn vị cung cấp dữ liệu hóa đơn.',
  en: 'Contact the provider of the invoice data.',
};

const wordings: Readonly<Record<EinvoiceTrouble, Wording>> = {
  'einvoice-no-invoices': {
    group: 'data',
    message: {
      vi: 'Tệp không chứa hóa đơn hay bảng tổng hợp nào',
      en: 'The file holds no invoice and no summary',
    },
    remedy: {
      vi: 'Kiểm tra loại thông điệp; chỉ nhận HDon, TDiep có HDon và BTHDLieu.',
      en: 'Check the kind of message; HDon, TDiep with HDon, and BTHDLieu are read.',
    },
  },
  'einvoice-file-differs': {
    group: 'retriable',
    message: {
      vi: 'Tệp tải về khác danh mục của nguồn',
      en: "The file differs from the source's own index",
    },
    remedy: { vi: 'Hệ thống sẽ tải lại.', en: 'It will be fetched again.' },
  },
  'einvoice-answer': {
    group: 'data',
    message: {
      vi: 'Trả lời của nguồn không đúng cấu trúc',
      en: "The source's answer has an unexpected form",
    },
    remedy: askSender,
  },
  'einvoice-sign-in': {
    group: 'fatal',
    message: { vi: 'Nguồn từ chối đăng nhập', en: 'The source refuses the sign-in' },
    remedy: {
      vi: 'Kiểm tra clientId và bí mật client_secret.',
      en: 'Check clientId and the secret client_secret.',
    },
  },
  'einvoice-page-repeats': {
    group: 'data',
    message: { vi: 'Nguồn trả lặp lại cùng một trang', en: 'The source repeats the same page' },
    remedy: askSender,
  },
  'einvoice-pages-incomplete': {
    group: 'retriable',
    message: {
      vi: 'Số bản ghi nhận được khác tổng số nguồn công bố',
      en: 'The records received differ from the total that the source states',
    },
    remedy: { vi: 'Hệ thống sẽ đọc lại.', en: 'It will be read again.' },
  },
};

/** The error for a trouble of the source. */
export function einvoiceError(
  code: EinvoiceTrouble,
  detail: string,
  place: ErrorPlace = {},
  cause?: unknown,
): PhusaError {
  const { group, message, remedy } = wordings[code];
  return new PhusaError({
    group,
    code,
    message: { vi: `${message.vi}: ${detail}`, en: `${message.en}: ${detail}` },
    remedy,
    place,
    cause,
  });
}
