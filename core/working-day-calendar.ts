import { addDays, isoWeekday, type CalendarDate } from './calendar-date.ts';
import { PhusaError } from './errors.ts';

/** One exception to "Monday to Friday": a row of the editable table `dim.working_day`. */
export interface WorkingDayException {
  readonly day: CalendarDate;
  readonly kind: 'off' | 'working-saturday';
  readonly name: string;
}

/** Longest stretch without a working day that is believed; above it the table is wrong. */
const LONGEST_CLOSURE = 60;

/** Which days offices work: Monday to Friday, less the days off, plus make-up Saturdays (Labour Code Art 111–112). */
export class WorkingDayCalendar {
  readonly #off: ReadonlySet<CalendarDate>;
  readonly #extra: ReadonlySet<CalendarDate>;

  constructor(exceptions: readonly WorkingDayException[]) {
    this.#off = daysOf(exceptions, 'off');
    this.#extra = daysOf(exceptions, 'working-saturday');
  }

  /** Whether offices work on a day. */
  isWorking(day: CalendarDate): boolean {
    if (this.#extra.has(day)) return true;
    return isoWeekday(day) <= 5 && !this.#off.has(day);
  }

  /** The day itself if worked, else the next working day (backwards: the one before). */
  nearest(day: CalendarDate, direction: 1 | -1 = 1): CalendarDate {
    for (let i = 0, date = day; i < LONGEST_CLOSURE; i += 1, date = addDays(date, direction)) {
      if (this.isWorking(date)) return date;
    }
    throw endlessClosure(day);
  }

  /** The `count`-th working day after a day (before it when negative); 0 gives the day itself. */
  addWorkingDays(day: CalendarDate, count: number): CalendarDate {
    const direction = count < 0 ? -1 : 1;
    let date = day;
    for (let left = Math.abs(count); left > 0; left -= 1) {
      date = this.nearest(addDays(date, direction), direction);
    }
    return date;
  }

  /** Working days after `from` up to and including `to`; negative when `to` is earlier. */
  workingDaysBetween(from: CalendarDate, to: CalendarDate): number {
    if (to < from) return -this.workingDaysBetween(to, from);
    let count = 0;
    for (let date = addDays(from, 1); date <= to; date = addDays(date, 1)) {
      if (this.isWorking(date)) count += 1;
    }
    return count;
  }
}

function daysOf(
  exceptions: readonly WorkingDayException[],
  kind: WorkingDayException['kind'],
): ReadonlySet<CalendarDate> {
  return new Set(exceptions.filter((e) => e.kind === kind).map((e) => e.day));
}

function endlessClosure(day: CalendarDate): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'working-days-missing',
    message: {
      vi: `Không có ngày làm việc nào trong ${LONGEST_CLOSURE} ngày kể từ ${day}`,
      en: `No working day within ${LONGEST_CLOSURE} days of ${day}`,
    },
    remedy: {
      vi: 'Sửa bảng ngày làm việc (dim.working_day).',
      en: 'Correct the working-day table (dim.working_day).',
    },
    place: { value: day },
  });
}
