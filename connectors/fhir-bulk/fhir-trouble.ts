import { serviceTrouble } from '../service-trouble.ts';

/** An error of a FHIR source: fatal for refused access, data for everything it says or sends wrongly. */
export const fhirTrouble = serviceTrouble({
  who: { vi: 'Máy chủ FHIR', en: 'The FHIR server' },
  own: {
    'export-not-started': {
      vi: 'Máy chủ FHIR không nhận yêu cầu kết xuất',
      en: 'The FHIR server did not start an export',
    },
    'export-expired': {
      vi: 'Kết quả kết xuất hết hạn trước khi đọc xong',
      en: 'The export expired before it was read',
    },
    'export-too-long': {
      vi: 'Kết xuất không xong trong thời gian cho phép',
      en: 'The export did not finish in the time allowed',
    },
    'export-has-errors': {
      vi: 'Máy chủ FHIR báo có phần không kết xuất được',
      en: 'The FHIR server reports parts that it could not export',
    },
    'manifest-invalid': {
      vi: 'Bảng kê tệp kết xuất không đúng chuẩn',
      en: 'The manifest of the export is not as the standard says',
    },
    'file-miscounted': {
      vi: 'Tệp kết xuất không đủ số bản ghi đã khai',
      en: 'A file of the export has another number of resources than declared',
    },
    'file-cut': {
      vi: 'Tệp kết xuất không rõ đã hết hay bị cắt',
      en: 'It is not sure that a file of the export came to its end',
    },
    'nothing-found': { vi: 'Không có tệp .ndjson nào', en: 'There is no .ndjson file' },
  },
  remedy: {
    vi: 'Đọc lại nguồn; nếu vẫn vậy, kiểm tra cấu hình hoặc báo đơn vị vận hành máy chủ FHIR.',
    en: 'Read the source again; if it stays so, check the configuration or tell the people who run the server.',
  },
});
