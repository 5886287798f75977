import type { BatchCheck } from '../port.ts';

/** Checks of series against what is published. */
export const provinceChecks: readonly BatchCheck[] = [
  {
    code: 'days-vanished',
    severity: 'block',
    stream: 'covid_province_day',
    label: {
      vi: 'Chuỗi ngày của một chỉ tiêu ngắn đi hơn 10 %',
      en: 'The days of a measure have become fewer by more than 10 %',
    },
    remedy: {
      vi: 'Đọc lại nguồn; nếu nguồn thật sự rút số liệu, phát hành lô bằng quyết định riêng.',
      en: 'Read the source again; if it truly withdrew them, release the batch by decision.',
    },
    sql: `with now as (select measure, count(*) as n from decoded_covid_province_day where _status is null group by measure),
        before as (select measure, count(*) as n from staging.covid_province_day group by measure)
      select 'measure' as field, b.measure || ': ' || b.n || ' → ' || n.n as value
      from now n join before b using (measure) where n.n < 0.9 * b.n`,
  },
];
