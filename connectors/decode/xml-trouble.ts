import type { Localized } from '../../core/localized.ts';
import type { PhusaError } from '../../core/errors.ts';
import { refusal } from './refusal.ts';

/** Why a document is refused. */
export type XmlTrouble =
  | 'xml-empty'
  | 'xml-truncated'
  | 'xml-malformed'
  | 'xml-dtd'
  | 'xml-html'
  | 'xml-not-xml'
  | 'xml-encoding'
  | 'xml-too-deep'
  | 'xml-too-many-attributes'
  | 'xml-name-too-long'
  | 'xml-token-too-long'
  | 'xml-too-long';

const messages: Readonly<Record<XmlTrouble, Localized>> = {
  'xml-empty': { vi: 'Tệp XML rỗng', en: 'The XML file is empty' },
  'xml-truncated': { vi: 'Tệp XML bị cắt cụt', en: 'The XML file is cut short' },
  'xml-malformed': { vi: 'XML sai cú pháp', en: 'The XML is malformed' },
  'xml-dtd': {
    vi: 'XML có DTD (thực thể ngoài, bom XML) nên bị từ chối',
    en: 'XML with a DTD (external entities, XML bomb) is refused',
  },
  'xml-html': {
    vi: 'Nhận được trang web (HTML) thay vì XML',
    en: 'A web page (HTML) came instead of XML',
  },
  'xml-not-xml': { vi: 'Nội dung không phải XML', en: 'The content is not XML' },
  'xml-encoding': {
    vi: 'Bảng mã của XML không đọc được',
    en: 'The encoding of the XML cannot be read',
  },
  'xml-too-deep': { vi: 'XML lồng quá sâu', en: 'The XML is nested too deep' },
  'xml-too-many-attributes': {
    vi: 'Phần tử XML có quá nhiều thuộc tính',
    en: 'An XML element has too many attributes',
  },
  'xml-name-too-long': { vi: 'Tên trong XML quá dài', en: 'A name in the XML is too long' },
  'xml-token-too-long': { vi: 'Giá trị trong XML quá dài', en: 'A value in the XML is too long' },
  'xml-too-long': { vi: 'Tệp XML quá lớn', en: 'The XML file is too long' },
};

const remedy: Localized = {
  vi: 'Đề nghị nơi gửi kiểm tra và gửi lại tệp.',
  en: 'Ask the sender to check the file and send it anew.',
};

/**
 * The `data` error for a refused document.
 * @param file - the file as a person would call it
 */
export function xmlError(
  code: XmlTrouble,
  file: string,
  line: number,
  detail: string,
  cause?: unknown,
): PhusaError {
  const tail = detail === '' ? '' : `: ${detail}`;
  return refusal(code, {
    what: messages[code],
    where: { vi: ` (${file}, dòng ${line})${tail}`, en: ` (${file}, line ${line})${tail}` },
    remedy,
    place: { file, line },
    cause,
  });
}
