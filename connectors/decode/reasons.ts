import type { Localized } from '../../core/localized.ts';

/** Why a row, a file or a batch was set aside, in words for the person who has to do something about it. */
export interface Reason {
  readonly label: Localized;
  readonly remedy: Localized;
}

const tellProvider: Localized = {
  vi: 'Báo đơn vị cung cấp sửa bản ghi này rồi đọc lại nguồn.',
  en: 'Ask the provider to correct this record, then read the source again.',
};
const readAgain: Localized = {
  vi: 'Đọc lại nguồn; nếu vẫn vậy, báo đơn vị cung cấp.',
  en: 'Read the source again; if it stays so, tell the provider.',
};
const adaptOrTell: Localized = {
  vi: 'Đối chiếu với tài liệu của nguồn; nếu nguồn đã đổi cách ghi, cập nhật bộ kết nối rồi xử lý lại.',
  en: 'Compare with the documentation of the source; if it changed, update the connector and replay.',
};

/** Every reason code that the shared decoders give; codes are stable, people filter by them. */
const reasons = {
  'value-missing': {
    label: { vi: 'Thiếu giá trị bắt buộc', en: 'A required value is missing' },
    remedy: tellProvider,
  },
  'integer-invalid': {
    label: { vi: 'Không phải số nguyên', en: 'Not a whole number' },
    remedy: adaptOrTell,
  },
  'number-invalid': {
    label: { vi: 'Không phải số', en: 'Not a number' },
    remedy: adaptOrTell,
  },
  'date-invalid': {
    label: {
      vi: 'Ngày không tồn tại hoặc sai cách ghi',
      en: 'No such date, or an unknown spelling',
    },
    remedy: tellProvider,
  },
  'timestamp-invalid': {
    label: {
      vi: 'Thời điểm không tồn tại hoặc sai cách ghi',
      en: 'No such time, or an unknown spelling',
    },
    remedy: tellProvider,
  },
  'boolean-invalid': {
    label: { vi: 'Không phải giá trị có/không', en: 'Neither yes nor no' },
    remedy: adaptOrTell,
  },
  'code-unknown': {
    label: { vi: 'Mã không có trong danh mục', en: 'The code is not in the code list' },
    remedy: {
      vi: 'Cập nhật danh mục nếu đây là mã mới, rồi xử lý lại vùng cách ly.',
      en: 'Update the code list if the code is new, then replay the quarantine.',
    },
  },
  'area-unknown': {
    label: {
      vi: 'Không có đơn vị hành chính này vào ngày của bản ghi',
      en: 'No such administrative unit on the day of the record',
    },
    remedy: adaptOrTell,
  },
  'area-ambiguous': {
    label: {
      vi: 'Tên ứng với nhiều đơn vị hành chính',
      en: 'The name fits several administrative units',
    },
    remedy: {
      vi: 'Khai tỉnh (area.provinces), ghi cả loại đơn vị, hoặc dùng mã.',
      en: 'Declare the province (area.provinces), write the kind of unit, or use codes.',
    },
  },
  'agency-unknown': {
    label: {
      vi: 'Không có cơ quan này vào ngày của bản ghi',
      en: 'No such agency on the day of the record',
    },
    remedy: {
      vi: 'Bổ sung danh mục cơ quan (dim.agency) rồi xử lý lại vùng cách ly.',
      en: 'Add it to the list of agencies (dim.agency), then replay the quarantine.',
    },
  },
  'agency-ambiguous': {
    label: { vi: 'Tên ứng với nhiều cơ quan', en: 'The name fits several agencies' },
    remedy: adaptOrTell,
  },
  'unit-unknown': {
    label: {
      vi: 'Đơn vị tính khác với đơn vị đã khai của cột',
      en: "Another unit of measure than the column's",
    },
    remedy: adaptOrTell,
  },
  'value-outside': {
    label: { vi: 'Giá trị nằm ngoài khoảng cho phép', en: 'The value is outside of its range' },
    remedy: tellProvider,
  },
  'value-pattern': {
    label: { vi: 'Giá trị không đúng mẫu', en: 'The value does not fit its pattern' },
    remedy: tellProvider,
  },
  'column-missing': {
    label: { vi: 'Nguồn không còn cột đã khai', en: 'The source no longer has a declared column' },
    remedy: adaptOrTell,
  },
  'column-renamed': {
    label: { vi: 'Cột đổi tên ở nguồn', en: 'The column has another name at the source' },
    remedy: {
      vi: 'Chấp nhận tên mới: phusa source adopt, rồi xử lý lại vùng cách ly.',
      en: 'Take up the new name: phusa source adopt, then replay the quarantine.',
    },
  },
  'column-new': {
    label: { vi: 'Nguồn có cột mới chưa khai', en: 'The source has a column that nobody declared' },
    remedy: {
      vi: 'Khai cột mới hoặc bỏ qua nó: phusa source adopt [--ignore], rồi xử lý lại vùng cách ly.',
      en: 'Declare it or leave it out: phusa source adopt [--ignore], then replay the quarantine.',
    },
  },
  'record-not-object': {
    label: { vi: 'Bản ghi không phải đối tượng JSON', en: 'The record is not a JSON object' },
    remedy: tellProvider,
  },
  'line-missing-columns': {
    label: { vi: 'Dòng thiếu cột', en: 'The line has too few columns' },
    remedy: readAgain,
  },
  'line-extra-columns': {
    label: { vi: 'Dòng thừa cột', en: 'The line has too many columns' },
    remedy: tellProvider,
  },
  'line-quotes': {
    label: { vi: 'Dấu nháy không khép', en: 'Quotes are not balanced' },
    remedy: tellProvider,
  },
  'line-not-utf8': {
    label: { vi: 'Dòng không phải UTF-8', en: 'The line is not UTF-8' },
    remedy: {
      vi: 'Yêu cầu nguồn xuất UTF-8 (không dùng TCVN3, VNI, windows-1258).',
      en: 'Ask for an export in UTF-8 (not TCVN3, VNI or windows-1258).',
    },
  },
  'line-too-long': {
    label: { vi: 'Dòng quá dài', en: 'The line is too long' },
    remedy: tellProvider,
  },
  'line-malformed': {
    label: { vi: 'Dòng không đọc được', en: 'The line cannot be read' },
    remedy: tellProvider,
  },
  'file-empty': {
    label: { vi: 'Tệp rỗng', en: 'The file is empty' },
    remedy: readAgain,
  },
  'file-cut': {
    label: { vi: 'Tệp bị cắt cụt', en: 'The file is cut off' },
    remedy: readAgain,
  },
  'file-name-unknown': {
    label: {
      vi: 'Tên tệp không theo quy tắc',
      en: 'The name of the file does not follow the rule',
    },
    remedy: adaptOrTell,
  },
  'files-unlike': {
    label: {
      vi: 'Các tệp khác nhau, phải đọc từng tệp',
      en: 'The files differ, each has to be read alone',
    },
    remedy: readAgain,
  },
  'file-not-csv': {
    label: { vi: 'Nội dung không phải bảng CSV', en: 'The content is not a CSV table' },
    remedy: readAgain,
  },
  'file-not-utf8': {
    label: { vi: 'Tệp không phải UTF-8', en: 'The file is not UTF-8' },
    remedy: {
      vi: 'Yêu cầu nguồn xuất UTF-8.',
      en: 'Ask for an export in UTF-8.',
    },
  },
  'encoding-unknown': {
    label: {
      vi: 'Không nhận ra bảng mã của tệp',
      en: 'The encoding of the file is not recognised',
    },
    remedy: {
      vi: 'Yêu cầu nguồn xuất UTF-8, hoặc khai đúng bảng mã (TCVN3, VNI, VISCII, windows-1258).',
      en: 'Ask for UTF-8, or declare the encoding (TCVN3, VNI, VISCII, windows-1258).',
    },
  },
  'encoding-broken': {
    label: {
      vi: 'Nội dung không theo bảng mã của tệp',
      en: 'The content breaks the encoding of the file',
    },
    remedy: readAgain,
  },
  'file-not-xlsx': {
    label: { vi: 'Không phải tệp XLSX đọc được', en: 'Not a readable XLSX file' },
    remedy: {
      vi: 'Lưu lại tệp ở dạng .xlsx, không đặt mật khẩu.',
      en: 'Save the file as .xlsx, without a password.',
    },
  },
  'cell-address-invalid': {
    label: { vi: 'Địa chỉ ô không hợp lệ', en: 'A cell address is invalid' },
    remedy: tellProvider,
  },
  'sheet-too-many-merged': {
    label: { vi: 'Trang tính có quá nhiều ô gộp', en: 'The sheet has too many merged cells' },
    remedy: tellProvider,
  },
  'sheet-missing': {
    label: { vi: 'Không có trang tính cần đọc', en: 'The sheet to be read is missing' },
    remedy: adaptOrTell,
  },
  'header-not-found': {
    label: {
      vi: 'Không tìm thấy các dòng tiêu đề của bảng',
      en: 'The header rows of the table are not found',
    },
    remedy: adaptOrTell,
  },
  'header-ambiguous': {
    label: {
      vi: 'Hai cột cùng khớp một tiêu đề',
      en: 'Two columns fit one header',
    },
    remedy: adaptOrTell,
  },
  'number-ambiguous': {
    label: {
      vi: 'Số viết bằng chữ có thể hiểu theo hai cách',
      en: 'A number written as text can be read in two ways',
    },
    remedy: adaptOrTell,
  },
  'file-not-px': {
    label: { vi: 'Không phải tệp PX', en: 'Not a PX file' },
    remedy: readAgain,
  },
  'px-malformed': {
    label: { vi: 'Câu lệnh PX không đọc được', en: 'A PX statement cannot be read' },
    remedy: tellProvider,
  },
  'file-not-json-stat': {
    label: { vi: 'Không phải bảng JSON-stat', en: 'Not a JSON-stat table' },
    remedy: readAgain,
  },
  'cells-miscounted': {
    label: {
      vi: 'Số ô dữ liệu không khớp với các chiều của bảng',
      en: 'The number of cells differs from what the dimensions make',
    },
    remedy: readAgain,
  },
  'cube-too-big': {
    label: { vi: 'Bảng có quá nhiều ô', en: 'The table has too many cells' },
    remedy: {
      vi: 'Chia nhỏ bảng (theo năm, theo địa bàn) rồi tải lại.',
      en: 'Split the table (by year, by area) and load it again.',
    },
  },
  'period-unknown': {
    label: { vi: 'Kỳ số liệu không nhận ra được', en: 'The period is not recognised' },
    remedy: adaptOrTell,
  },
  'file-not-parquet': {
    label: { vi: 'Không phải tệp Parquet đọc được', en: 'Not a readable Parquet file' },
    remedy: readAgain,
  },
  'file-not-feed': {
    label: { vi: 'Không phải bản tin RSS hay Atom', en: 'Neither RSS nor Atom' },
    remedy: readAgain,
  },
  'file-not-event': {
    label: { vi: 'Không có sự kiện XML hay JSON', en: 'Holds no event in XML or JSON' },
    remedy: adaptOrTell,
  },
  'gzip-damaged': {
    label: { vi: 'Tệp nén gzip hỏng hoặc bị cắt', en: 'The gzip file is damaged or cut off' },
    remedy: readAgain,
  },
  'gzip-too-big': {
    label: { vi: 'Tệp giải nén lớn bất thường', en: 'The file unpacks to far too much' },
    remedy: tellProvider,
  },
  'archive-member-missing': {
    label: { vi: 'Tệp nén không có tệp cần đọc', en: 'The archive lacks the wanted file' },
    remedy: adaptOrTell,
  },
  'geometry-invalid': {
    label: { vi: 'Tọa độ không hợp lệ', en: 'The coordinates are invalid' },
    remedy: tellProvider,
  },
  'projection-unknown': {
    label: { vi: 'Hệ tọa độ không đọc được', en: 'The projection cannot be read' },
    remedy: {
      vi: 'Yêu cầu nguồn trả WGS 84 (4326) hoặc Web Mercator (3857), hoặc đọc lớp không kèm hình học.',
      en: 'Ask the source for WGS 84 (4326) or Web Mercator (3857), or read the layer without geometry.',
    },
  },
  'file-not-json': {
    label: { vi: 'Nội dung không phải JSON trọn vẹn', en: 'The content is not complete JSON' },
    remedy: readAgain,
  },
  'records-missing': {
    label: { vi: 'Không có danh sách bản ghi', en: 'The list of records is missing' },
    remedy: readAgain,
  },
  'header-missing-column': {
    label: {
      vi: 'Dòng tiêu đề thiếu cột bắt buộc',
      en: 'A required column is missing from the header',
    },
    remedy: adaptOrTell,
  },
  'header-duplicate': {
    label: { vi: 'Dòng tiêu đề có cột trùng tên', en: 'Two columns of the header have one name' },
    remedy: tellProvider,
  },
  'header-unknown-column': {
    label: { vi: 'Dòng tiêu đề có cột lạ', en: 'The header has an unknown column' },
    remedy: adaptOrTell,
  },
  'source-error': {
    label: {
      vi: 'Nguồn báo lỗi trong nội dung trả về',
      en: 'The source reports an error in its answer',
    },
    remedy: readAgain,
  },
} as const satisfies Record<string, Reason>;

/** A code of the registry. */
export type ReasonCode = keyof typeof reasons;

/** The words of a code. */
export function reasonOf(code: ReasonCode): Reason {
  return reasons[code];
}

/** The words of a code that may come from elsewhere (the warehouse, a connector); undefined when not ours. */
export function findReason(code: string): Reason | undefined {
  return isReasonCode(code) ? reasons[code] : undefined;
}

function isReasonCode(code: string): code is ReasonCode {
  return Object.hasOwn(reasons, code);
}
