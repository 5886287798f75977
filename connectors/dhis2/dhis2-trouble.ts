import { serviceTrouble } from '../service-trouble.ts';

/** An error of a DHIS2 source: fatal for refused access, data for everything it says or sends wrongly. */
export const dhis2Trouble = serviceTrouble({
  who: { vi: 'DHIS2', en: 'DHIS2' },
  own: {
    'content-unknown': {
      vi: 'Tệp không có giá trị báo cáo hay danh mục nào được đọc',
      en: 'The file holds neither data values nor a list that is read',
    },
    'file-secret': {
      vi: 'Tệp chứa mật khẩu nên không được tiếp nhận',
      en: 'The file holds passwords and is not landed',
    },
    'nothing-found': { vi: 'Không có tệp nào để đọc', en: 'There is no file to read' },
  },
  remedy: {
    vi: 'Kiểm tra cấu hình; nếu đúng, báo đơn vị vận hành DHIS2.',
    en: 'Check the configuration; if it is right, tell the people who run DHIS2.',
  },
});
