import type { RowProvenance } from '../../transforms/catalog/row-provenance.ts';

const DAYS = 'staging.covid_daily';

/** A commune's own days, and under the newest map those of the units it was made of. */
const SAME_PLACE = '(s.commune_code = f.commune_code or s.current_commune_code = f.commune_code)';

/** The days of the week itself. */
export const ownDays: RowProvenance = days('s.report_date between f.first_day and f.last_day');

/** The days before the week. */
export function previousDays(count: number): RowProvenance {
  return days(`s.report_date between f.first_day - ${count} and f.first_day - 1`);
}

/** The days of the ISO week with the same number a year before; 52 or 53 weeks back. */
export const sameWeekLastYear: RowProvenance = days(
  's.report_date between f.first_day - 371 and f.last_day - 364',
);

/** The days from the year's first ISO week (its Monday is at most four days after 29 December) to the week's end. */
export const yearDays: RowProvenance = days(
  "s.report_date between cast(date_trunc('year', f.last_day) as date) - 3 and f.last_day",
);

/** The populations a rate may rest on. */
export const populationRows: RowProvenance = {
  asset: 'dim.population',
  on: { commune_code: 'commune_code' },
  match: 's.valid_from <= f.last_day',
};

function days(when: string): RowProvenance {
  return { asset: DAYS, on: {}, match: `${SAME_PLACE} and ${when}` };
}
