import { assertNever } from './assert-never.ts';
import {
  addDays,
  dateOfMonth,
  isoWeekOf,
  mondayOfIsoWeek,
  monthNumberOf,
  type CalendarDate,
  type DateRange,
} from './calendar-date.ts';
import {
  formatPeriod,
  invalidPeriod,
  MONTHLY_KINDS,
  parsePeriod,
  readPeriod,
  type MonthlyKind,
  type MonthlyPeriod,
  type Period,
  type PeriodKind,
  type WeekPeriod,
} from './period.ts';
import type { PeriodRule, SchoolTerm } from './period-rule.ts';

type RuledPeriod = MonthlyPeriod | WeekPeriod;

/** What periods mean: names to days and back, by rules given as data. Build it once from `dim.period_kind`. */
export class PeriodCalendar {
  readonly #rules: readonly PeriodRule[];
  readonly #terms: readonly SchoolTerm[];

  constructor(rules: readonly PeriodRule[], terms: readonly SchoolTerm[] = []) {
    this.#rules = rules;
    this.#terms = terms;
  }

  /** Reads an id and makes sure that it covers days; throws data `period-invalid`. */
  parse(text: string): Period {
    const period = parsePeriod(text);
    this.window(period);
    return period;
  }

  /** First and last day, inclusive. Throws data `period-invalid` when no rule or school term covers it. */
  window(period: Period): DateRange {
    switch (period.kind) {
      case 'day':
        return { from: period.date, to: period.date };
      case 'school-year':
        return this.#termOf(period, undefined);
      case 'school-term':
        return this.#termOf(period, period.term);
      case 'week':
        return this.#ruled(period);
      case 'month':
      case 'quarter':
      case 'half':
      case 'nine-months':
      case 'year':
        return this.#ruled(period);
      default:
        return assertNever(period);
    }
  }

  /** Whether a day lies in a period. */
  containsDate(period: Period, date: CalendarDate): boolean {
    const { from, to } = this.window(period);
    return from <= date && date <= to;
  }

  /**
   * The period before of the same kind. Before nine months come the nine months of the year before (they do not tile
   * time). Undefined for a school term before the first one known.
   */
  previous(period: Period): Period | undefined {
    return this.#step(period, -1);
  }

  /** The period after of the same kind. */
  next(period: Period): Period | undefined {
    return this.#step(period, 1);
  }

  /** The same period a year earlier; undefined where there was none (29 February, week 53). */
  samePeriodLastYear(period: Period): Period | undefined {
    const year = 'year' in period ? period.year - 1 : Number(period.date.slice(0, 4)) - 1;
    const text = formatPeriod(
      period.kind === 'day'
        ? { ...period, date: `${String(year)}${period.date.slice(4)}` }
        : { ...period, year },
    );
    return readPeriod(text);
  }

  /** The period of a kind in which a day lies; undefined in school holidays and October to December for nine months. */
  containing(kind: PeriodKind, date: CalendarDate, window = 'calendar'): Period | undefined {
    const guess = this.#around(kind, date, window);
    return guess.find((period) => this.containsDate(period, date));
  }

  /** The latest period of a kind that has ended before a day (its last day is earlier). */
  lastComplete(kind: PeriodKind, date: CalendarDate, window = 'calendar'): Period | undefined {
    return this.#around(kind, date, window)
      .filter((period) => this.window(period).to < date)
      .at(-1);
  }

  /** All periods of a kind that share a day with a range, in order. */
  overlapping(kind: PeriodKind, range: DateRange, window = 'calendar'): readonly Period[] {
    const found: Period[] = [];
    let period: Period | undefined = this.#around(kind, range.from, window)[0];
    while (period && this.window(period).from <= range.to) {
      if (this.window(period).to >= range.from) found.push(period);
      period = this.next(period);
    }
    return found;
  }

  /** The rule in force for a period; undefined for days and school periods. Throws data `period-invalid`. */
  ruleOf(period: Period): PeriodRule | undefined {
    return 'window' in period ? this.#ruleOf(period) : undefined;
  }

  #ruled(period: RuledPeriod): DateRange {
    const rule = this.#ruleOf(period);
    const start = nominalUnit(period);
    const length = period.kind === 'week' ? 1 : MONTHLY_KINDS[period.kind].months;
    const day = period.kind === 'week' ? dayOfWeekUnit : dateOfMonth;
    return {
      from: day(start + rule.shift, rule.anchorDay),
      to: addDays(day(start + rule.shift + length, rule.anchorDay), -1),
    };
  }

  #ruleOf(period: RuledPeriod): PeriodRule {
    const unit = nominalUnit(period);
    const first = period.kind === 'week' ? dayOfWeekUnit(unit, 1) : dateOfMonth(unit, 1);
    const rule = this.#rules.find(
      (r) =>
        r.kind === period.kind &&
        r.window === period.window &&
        r.validFrom <= first &&
        (r.validTo === undefined || first <= r.validTo),
    );
    if (!rule) throw invalidPeriod(formatPeriod(period));
    return rule;
  }

  #termOf(period: Period & { readonly year: number }, term: string | undefined): DateRange {
    const found = this.#terms.find((t) => t.year === period.year && t.term === term);
    if (!found) throw invalidPeriod(formatPeriod(period));
    return { from: found.from, to: found.to };
  }

  #step(period: Period, by: 1 | -1): Period | undefined {
    switch (period.kind) {
      case 'day':
        return { kind: 'day', date: addDays(period.date, by) };
      case 'week':
        return weekOf(addDays(mondayOfIsoWeek(period.year, period.index), 7 * by), period.window);
      case 'month':
      case 'quarter':
      case 'half':
      case 'nine-months':
      case 'year':
        return stepMonthly(period, by);
      case 'school-year':
      case 'school-term':
        return this.#stepTerm(period, by);
      default:
        return assertNever(period);
    }
  }

  #stepTerm(period: Period, by: 1 | -1): Period | undefined {
    const all = this.#schoolPeriods(period.kind);
    const position = all.findIndex((other) => formatPeriod(other) === formatPeriod(period));
    return position < 0 ? undefined : all[position + by];
  }

  #schoolPeriods(kind: PeriodKind): readonly Period[] {
    return this.#terms
      .filter((t) => (t.term === undefined) === (kind === 'school-year'))
      .toSorted((a, b) => (a.from < b.from ? -1 : 1))
      .map(({ year, term }) =>
        term === undefined ? { kind: 'school-year', year } : { kind: 'school-term', year, term },
      );
  }

  /** Periods of a kind around a day, in order: far enough on both sides for any anchor within two units. */
  #around(kind: PeriodKind, date: CalendarDate, window: string): readonly Period[] {
    if (kind === 'school-year' || kind === 'school-term') return this.#schoolPeriods(kind);
    let period: Period | undefined = nominal(kind, date, window);
    for (let i = 0; i < 2 && period; i += 1) period = this.previous(period);
    const found: Period[] = [];
    for (let i = 0; i < 5 && period; i += 1) {
      found.push(period);
      period = this.next(period);
    }
    return found;
  }
}

function nominal(
  kind: Exclude<PeriodKind, 'school-year' | 'school-term'>,
  date: CalendarDate,
  window: string,
): Period {
  if (kind === 'day') return { kind, date };
  if (kind === 'week') return weekOf(date, window);
  const month = monthNumberOf(date);
  const year = Math.floor(month / 12);
  const { months, perYear } = MONTHLY_KINDS[kind];
  const index = Math.min(Math.floor((month - year * 12) / months) + 1, perYear);
  return { kind, year, index, window };
}

function weekOf(date: CalendarDate, window: string): WeekPeriod {
  const { year, week } = isoWeekOf(date);
  return { kind: 'week', year, index: week, window };
}

function stepMonthly(period: MonthlyPeriod, by: number): MonthlyPeriod {
  const { perYear } = MONTHLY_KINDS[period.kind satisfies MonthlyKind];
  const ordinal = period.year * perYear + period.index - 1 + by;
  const year = Math.floor(ordinal / perYear);
  return { ...period, year, index: ordinal - year * perYear + 1 };
}

/** The period's first unit as a running number: months since year 0, or weeks since the one of 1970-01-05. */
function nominalUnit(period: RuledPeriod): number {
  if (period.kind === 'week') return weekUnit(mondayOfIsoWeek(period.year, period.index));
  return period.year * 12 + (period.index - 1) * MONTHLY_KINDS[period.kind].months;
}

const FIRST_MONDAY: CalendarDate = '1970-01-05';

function weekUnit(monday: CalendarDate): number {
  return (Date.parse(monday) - Date.parse(FIRST_MONDAY)) / (7 * 86_400_000);
}

function dayOfWeekUnit(unit: number, weekday: number): CalendarDate {
  return addDays(FIRST_MONDAY, unit * 7 + weekday - 1);
}
