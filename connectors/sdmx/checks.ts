import type { BatchCheck } from '../port.ts';
import { figureChecks } from '../socioeconomic-figure.ts';

/** Delete actions hold a batch: what a publisher takes back may stand in issued reports. */
export const sdmxChecks: readonly BatchCheck[] = [
  ...figureChecks,
  {
    code: 'delete-needs-approval',
    severity: 'block',
    stream: 'socioeconomic_figure',
    label: {
      vi: 'Thông điệp có lệnh xóa số liệu chưa được duyệt',
      en: 'The message holds delete actions that nobody approved',
    },
    remedy: {
      vi: 'Xem các dòng bị xóa; nếu đúng, thêm SHA-256 của tệp vào approvedDeletions của nguồn rồi xử lý lại.',
      en: 'Look at what is deleted; if it is right, add the SHA-256 of the file to approvedDeletions of the source and replay.',
    },
    sql: `select 'period' as field, concat_ws(' ', dataset, indicator, area, period, breakdown) as value
      from decoded_socioeconomic_figure where _status = 'deleted' and _reason = 'delete-needs-approval' limit 100`,
  },
  {
    code: 'delete-wildcard',
    severity: 'block',
    stream: 'socioeconomic_figure',
    label: {
      vi: 'Lệnh xóa không nêu đủ khóa, có thể xóa hàng loạt',
      en: 'A delete action without a whole key, which may delete many figures',
    },
    remedy: {
      vi: 'Hỏi cơ quan công bố khóa cụ thể, hoặc xóa bằng quyết định riêng.',
      en: 'Ask the publisher for the keys, or remove the figures by a decision of its own.',
    },
    sql: `select 'action' as field, coalesce(_raw, '') as value
      from decoded_socioeconomic_figure where _reason = 'delete-wildcard' limit 100`,
  },
];
