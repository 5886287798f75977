import { PeriodCalendar } from '../../core/period-calendar.ts';
import type { PeriodRule, SchoolTerm } from '../../core/period-rule.ts';
import { WorkingDayCalendar, type WorkingDayException } from '../../core/working-day-calendar.ts';
import type { CsvRow } from './csv-rows.ts';

/** Rows of `dim.period_kind` as rules. Throws RangeError naming the row that is none. */
function periodRules(rows: readonly CsvRow[]): readonly PeriodRule[] {
  return rows.map((row) => ({
    kind: ruledKind(row['kind'] ?? ''),
    window: row['window_code'] ?? '',
    anchorDay: Number(row['anchor_day']),
    shift: Number(row['shift']),
    validFrom: row['valid_from'] ?? '',
    validTo: optional(row['valid_to']),
    sendWithin: optionalNumber(row['send_within_working_days']),
    legalBasis: row['legal_basis'] ?? '',
  }));
}

/** What stands in `dim.school_term.term` for the school year itself. */
const WHOLE_YEAR = 'NAM';

/** Rows of `dim.school_term`. */
function schoolTerms(rows: readonly CsvRow[]): readonly SchoolTerm[] {
  return rows.map((row) => ({
    year: Number(row['school_year']),
    term: row['term'] === WHOLE_YEAR ? undefined : row['term'],
    from: row['first_day'] ?? '',
    to: row['last_day'] ?? '',
  }));
}

/** What periods mean, from the rows of `dim.period_kind` and `dim.school_term`. */
export function periodCalendarOf(
  kinds: readonly CsvRow[],
  terms: readonly CsvRow[] = [],
): PeriodCalendar {
  return new PeriodCalendar(periodRules(kinds), schoolTerms(terms));
}

/** Which days offices work, from the rows of `dim.working_day`. */
export function workingDayCalendarOf(rows: readonly CsvRow[]): WorkingDayCalendar {
  return new WorkingDayCalendar(rows.map(workingDayException));
}

function workingDayException(row: CsvRow): WorkingDayException {
  const kind = row['kind'] === 'working-saturday' ? 'working-saturday' : 'off';
  return { day: row['day'] ?? '', kind, name: row['name_vi'] ?? '' };
}

const RULED = ['month', 'quarter', 'half', 'nine-months', 'year', 'week'] as const;

function ruledKind(text: string): PeriodRule['kind'] {
  const kind = RULED.find((known) => known === text);
  if (kind === undefined) throw new RangeError(`dim.period_kind: no kind "${text}"`);
  return kind;
}

function optional(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}

function optionalNumber(text: string | undefined): number | undefined {
  const given = optional(text);
  return given === undefined ? undefined : Number(given);
}
