import { serviceTrouble } from '../service-trouble.ts';

/** An error of a map service: fatal for refused access, data for everything it says or sends wrongly. */
export const arcgisTrouble = serviceTrouble({
  who: { vi: 'Dịch vụ bản đồ', en: 'The map service' },
  own: {
    'paging-impossible': {
      vi: 'Lớp không cho đọc từng phần: không có offset, mã đối tượng hay phạm vi',
      en: 'The layer cannot be read in parts: no offset, object ids or extent',
    },
    'file-not-found': { vi: 'Không có tệp của lớp', en: 'There is no file of the layer' },
  },
  remedy: {
    vi: 'Kiểm tra địa chỉ lớp, điều kiện và cách phân trang; nếu đúng, báo đơn vị vận hành dịch vụ bản đồ.',
    en: 'Check the address, condition and paging of the layer; if they are right, tell the people who run the map service.',
  },
});
