import { readFileSync } from 'node:fs';
import { csvRows } from '../../transforms/catalog/csv-rows.ts';
import {
  periodCalendarOf,
  workingDayCalendarOf,
} from '../../transforms/catalog/dimension-calendars.ts';

function rowsOf(name: string) {
  const url = new URL(`../../transforms/catalog/dimensions/${name}.csv`, import.meta.url);
  return csvRows(readFileSync(url, 'utf8'));
}

/** The shipped period rules and school terms. */
export const periods = periodCalendarOf(rowsOf('period_kind'), rowsOf('school_term'));

/** The shipped working days. */
export const workingDays = workingDayCalendarOf(rowsOf('working_day'));
