import { serviceTrouble, theService } from '../service-trouble.ts';

/** An error of a roster source: fatal for refused access, data for everything it says or sends wrongly. */
export const oneRosterTrouble = serviceTrouble({
  who: theService,
  own: {
    'manifest-missing': {
      vi: 'Gói không có đúng một manifest.csv',
      en: 'The bundle does not have exactly one manifest.csv',
    },
    'manifest-version': {
      vi: 'Phiên bản OneRoster không được hỗ trợ (cần 1.1 hoặc 1.2)',
      en: 'Unsupported OneRoster version (1.1 or 1.2 is needed)',
    },
    'bundle-file-missing': {
      vi: 'Gói thiếu tệp mà manifest.csv khai là có',
      en: 'The bundle lacks a file that manifest.csv declares',
    },
    'bundle-file-unknown': {
      vi: 'manifest.csv khai chế độ không phải bulk, delta hay absent',
      en: 'manifest.csv declares a mode other than bulk, delta or absent',
    },
    'nothing-found': { vi: 'Không có gói OneRoster nào', en: 'There is no OneRoster bundle' },
  },
  remedy: {
    vi: 'Kiểm tra cấu hình; nếu đúng, báo đơn vị vận hành hệ thống quản lý trường học.',
    en: 'Check the configuration; if it is right, tell the people who run the school system.',
  },
});
