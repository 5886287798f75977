import type { Localized } from '../../core/localized.ts';
import type { PhusaError } from '../../core/errors.ts';
import { refusal } from './refusal.ts';

/** Why an archive is refused. */
export type ZipTrouble =
  | 'zip-truncated'
  | 'zip-damaged'
  | 'zip-too-many-entries'
  | 'zip-too-big'
  | 'zip-ratio'
  | 'zip-size-differs'
  | 'zip-overlap'
  | 'zip-unsafe-name'
  | 'zip-link'
  | 'zip-duplicate-name'
  | 'zip-encrypted'
  | 'zip-method'
  | 'zip-nested';

const messages: Readonly<Record<ZipTrouble, Localized>> = {
  'zip-truncated': { vi: 'Tệp nén bị cắt cụt', en: 'The archive is cut short' },
  'zip-damaged': { vi: 'Tệp nén bị hỏng', en: 'The archive is damaged' },
  'zip-too-many-entries': {
    vi: 'Tệp nén có quá nhiều mục',
    en: 'The archive has too many entries',
  },
  'zip-too-big': {
    vi: 'Nội dung giải nén vượt giới hạn',
    en: 'The archive unpacks to more than allowed',
  },
  'zip-ratio': {
    vi: 'Tỷ lệ nén bất thường (bom nén)',
    en: 'Suspicious compression ratio (zip bomb)',
  },
  'zip-size-differs': {
    vi: 'Kích thước thật khác kích thước ghi trong tệp nén',
    en: 'An entry is not as long as the archive says',
  },
  'zip-overlap': {
    vi: 'Các mục trong tệp nén chồng lên nhau',
    en: 'Entries of the archive overlap',
  },
  'zip-unsafe-name': {
    vi: 'Tên mục trỏ ra ngoài thư mục',
    en: 'An entry name points outside the archive',
  },
  'zip-link': {
    vi: 'Tệp nén chứa liên kết hoặc tệp đặc biệt',
    en: 'The archive holds a link or special file',
  },
  'zip-duplicate-name': {
    vi: 'Hai mục trùng tên (không phân biệt hoa thường)',
    en: 'Two entries have the same name (ignoring case)',
  },
  'zip-encrypted': { vi: 'Mục bị đặt mật khẩu', en: 'An entry is encrypted' },
  'zip-method': { vi: 'Cách nén không được hỗ trợ', en: 'Unsupported compression method' },
  'zip-nested': { vi: 'Tệp nén lồng trong tệp nén', en: 'An archive inside the archive' },
};

const remedy: Localized = {
  vi: 'Đề nghị nơi gửi tạo lại tệp nén và gửi lại.',
  en: 'Ask the sender to make the archive again and send it anew.',
};

/**
 * The `data` error for a refused archive.
 * @param file - the archive as a person would call it
 * @param detail - the entry, the number or the reader's own words
 */
export function zipError(
  code: ZipTrouble,
  file: string,
  detail: string,
  cause?: unknown,
): PhusaError {
  const where = `: ${file} (${detail})`;
  return refusal(code, {
    what: messages[code],
    where: { vi: where, en: where },
    remedy,
    place: { file, value: detail },
    cause,
  });
}
