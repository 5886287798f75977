import { serviceTrouble, theService } from '../service-trouble.ts';

/** An error of the service: fatal for refused access, data for everything it says or serves wrongly. */
export const dvcTrouble = serviceTrouble({
  who: theService,
  own: {},
  remedy: {
    vi: 'Chạy lại sau; nếu lặp lại, báo đơn vị vận hành hệ thống một cửa.',
    en: 'Run again later; if it happens again, tell the people who run the one-stop system.',
  },
});
