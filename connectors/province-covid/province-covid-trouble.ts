import { serviceTrouble } from '../service-trouble.ts';

/** An error of the portal or its files. */
export const provinceCovidTrouble = serviceTrouble({
  who: { vi: 'Cổng dữ liệu', en: 'The portal' },
  own: {
    'provinces-unclear': {
      vi: 'Danh sách tỉnh rỗng hoặc có hai tỉnh cùng số',
      en: 'The list of provinces is empty or has a number twice',
    },
    'member-shifted': {
      vi: 'Cổng trả số liệu của tỉnh khác với tỉnh được hỏi (hai cách đánh số)',
      en: 'The portal answers for another province than was asked for (two numberings)',
    },
    'file-not-found': { vi: 'Không có tệp', en: 'There is no file' },
  },
  remedy: {
    vi: 'Kiểm tra base, files và pathOf; nếu đúng, báo đơn vị vận hành cổng dữ liệu.',
    en: 'Check base, files and pathOf; if they are right, tell the people who run the portal.',
  },
});
