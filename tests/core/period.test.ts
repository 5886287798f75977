import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dateOfDayNumber } from '../../core/calendar-date.ts';
import { formatPeriod, parsePeriod, readPeriod, type PeriodKind } from '../../core/period.ts';
import { PeriodCalendar } from '../../core/period-calendar.ts';
import { periodLabel } from '../../core/period-label.ts';
import { PhusaError } from '../../core/errors.ts';
import { periods } from './dimension-rows.ts';

const day = fc.integer({ min: 10_000, max: 30_000 }).map(dateOfDayNumber);
/** Series that tile time: each day lies in exactly one period. */
const tiling = fc.constantFrom<readonly [PeriodKind, string]>(
  ['day', 'calendar'],
  ['week', 'calendar'],
  ['month', 'calendar'],
  ['month', 'nd09'],
  ['quarter', 'calendar'],
  ['quarter', 'nd09'],
  ['half', 'nd09'],
  ['year', 'calendar'],
  ['year', 'nd09'],
);

function windowOf(id: string): readonly [string, string] {
  const { from, to } = periods.window(periods.parse(id));
  return [from, to];
}

describe('period ids', () => {
  it.each([
    ['2026', '2026-01-01', '2026-12-31'],
    ['2026-Q3', '2026-07-01', '2026-09-30'],
    ['2026-H1', '2026-01-01', '2026-06-30'],
    ['2026-9M', '2026-01-01', '2026-09-30'],
    ['2026-10', '2026-10-01', '2026-10-31'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2026-W45', '2026-11-02', '2026-11-08'],
    ['2026-W53', '2026-12-28', '2027-01-03'],
    ['2026-11-22', '2026-11-22', '2026-11-22'],
    ['2026-2027', '2026-09-05', '2027-05-31'],
    ['2026-2027-HK1', '2026-09-05', '2027-01-17'],
    ['2026-10@nd09', '2026-09-15', '2026-10-14'],
    ['2026-01@nd09', '2025-12-15', '2026-01-14'],
    ['2026-03@nd09', '2026-02-15', '2026-03-14'],
    ['2026-Q1@nd09', '2025-12-15', '2026-03-14'],
    ['2026-Q3@nd09', '2026-06-15', '2026-09-14'],
    ['2026-H1@nd09', '2025-12-15', '2026-06-14'],
    ['2026-H2@nd09', '2026-06-15', '2026-12-14'],
    ['2026-9M@nd09', '2025-12-15', '2026-09-14'],
    ['2026@nd09', '2025-12-15', '2026-12-14'],
  ])('%s covers %s to %s and is written back the same', (id, from, to) => {
    expect(windowOf(id)).toEqual([from, to]);
    expect(formatPeriod(parsePeriod(id))).toBe(id);
  });

  it.each(
    '2026-13 2026-00 2026-Q5 2026-H3 2026-W54 2025-W53 2026-02-29 2026-2028 2026-10@ 2026-11-22@nd09 26-10 2026-1 @nd09 2026-W1'.split(
      ' ',
    ),
  )('%s is refused with a remedy', (id) => {
    expect(readPeriod(id)).toBeUndefined();
    expect(() => parsePeriod(id)).toThrow(PhusaError);
    expect(() => parsePeriod(id)).toThrow(`Not a period: "${id}"`);
  });

  it('refuses a window that no rule defines and a school year without dates', () => {
    expect(() => periods.parse('2026-10@nd10')).toThrow('Not a period: "2026-10@nd10"');
    expect(() => periods.parse('2050-2051')).toThrow('Not a period: "2050-2051"');
  });

  it('follows a rule only while it is in force', () => {
    const base = { kind: 'month', window: 'x', sendWithin: 2, legalBasis: 'QĐ' } as const;
    const calendar = new PeriodCalendar([
      { ...base, anchorDay: 15, shift: -1, validFrom: '2020-01-01', validTo: '2026-06-30' },
      { ...base, anchorDay: 20, shift: -1, validFrom: '2026-07-01', validTo: undefined },
    ]);
    expect(calendar.window(calendar.parse('2026-06@x')).from).toBe('2026-05-15');
    expect(calendar.window(calendar.parse('2026-08@x')).from).toBe('2026-07-20');
  });

  it('holds weeks that begin on a Friday when the rule says so', () => {
    const calendar = new PeriodCalendar([
      {
        kind: 'week',
        window: 'friday',
        anchorDay: 5,
        shift: -1,
        validFrom: '2020-01-01',
        validTo: undefined,
        sendWithin: undefined,
        legalBasis: '',
      },
    ]);
    expect(calendar.window(calendar.parse('2026-W45@friday'))).toEqual({
      from: '2026-10-30',
      to: '2026-11-05',
    });
  });
});

describe('periods tile time', () => {
  it('every day lies in exactly one period, and its neighbours touch it', () => {
    fc.assert(
      fc.property(day, tiling, (date, [kind, window]) => {
        const period = periods.containing(kind, date, window);
        expect(period).toBeDefined();
        if (!period) return;
        const { from, to } = periods.window(period);
        expect(from <= date && date <= to).toBe(true);
        const next = periods.next(period);
        const previous = periods.previous(period);
        expect(next && periods.window(next).from).toBe(addDays(to, 1));
        expect(previous && periods.window(previous).to).toBe(addDays(from, -1));
        expect(next && periods.previous(next)).toEqual(period);
      }),
      { numRuns: 300 },
    );
  });

  it('ids round trip', () => {
    fc.assert(
      fc.property(day, tiling, (date, [kind, window]) => {
        const period = periods.containing(kind, date, window);
        expect(period && parsePeriod(formatPeriod(period))).toEqual(period);
      }),
      { numRuns: 200 },
    );
  });

  it('the last complete period ended before the day and its successor has not', () => {
    fc.assert(
      fc.property(day, tiling, (date, [kind, window]) => {
        const last = periods.lastComplete(kind, date, window);
        const next = last && periods.next(last);
        expect(last && periods.window(last).to < date).toBe(true);
        expect(next && periods.window(next).to >= date).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('twelve reporting months, four quarters and two halves fill the reporting year', () => {
    const range = periods.window(periods.parse('2026@nd09'));
    for (const [kind, count] of [
      ['month', 12],
      ['quarter', 4],
      ['half', 2],
    ] as const) {
      const parts = periods.overlapping(kind, range, 'nd09');
      expect(parts).toHaveLength(count);
      expect(parts.map((p) => periods.window(p))[0]?.from).toBe(range.from);
      expect(parts.map((p) => periods.window(p)).at(-1)?.to).toBe(range.to);
    }
  });
});

describe('neighbouring periods', () => {
  function lastYear(id: string): string | undefined {
    const period = periods.samePeriodLastYear(parsePeriod(id));
    return period && formatPeriod(period);
  }

  it('finds the same period of last year, or none', () => {
    expect(lastYear('2026-10@nd09')).toBe('2025-10@nd09');
    expect(lastYear('2026-W45')).toBe('2025-W45');
    expect(lastYear('2026-W53')).toBeUndefined();
    expect(lastYear('2024-02-29')).toBeUndefined();
    expect(lastYear('2026-2027-HK1')).toBe('2025-2026-HK1');
  });

  it('steps nine months to nine months, and terms over the summer', () => {
    const previous = (id: string) => {
      const period = periods.previous(parsePeriod(id));
      return period && formatPeriod(period);
    };
    expect(previous('2026-9M@nd09')).toBe('2025-9M@nd09');
    expect(previous('2026-2027-HK1')).toBe('2025-2026-HK2');
    expect(previous('2026-W01')).toBe('2025-W52');
    expect(previous('2026-01@nd09')).toBe('2025-12@nd09');
  });

  it('is complete only after its last day', () => {
    const last = (date: string) => {
      const period = periods.lastComplete('month', date, 'nd09');
      return period && formatPeriod(period);
    };
    expect(last('2026-11-14')).toBe('2026-10@nd09');
    expect(last('2026-11-15')).toBe('2026-11@nd09');
    expect(last('2026-12-31')).toBe('2026-12@nd09');
  });
});

describe('labels', () => {
  it.each([
    ['2026-10@nd09', 'Tháng 10/2026 (15/09/2026–14/10/2026)'],
    ['2026-10', 'Tháng 10/2026'],
    ['2026-Q3@nd09', 'Quý III/2026 (15/06/2026–14/09/2026)'],
    ['2026-H1', '6 tháng đầu năm 2026'],
    ['2026-9M@nd09', '9 tháng năm 2026 (15/12/2025–14/09/2026)'],
    ['2026', 'Năm 2026'],
    ['2026-W45', 'Tuần 45/2026 (02/11/2026–08/11/2026)'],
    ['2026-11-22', 'Ngày 22/11/2026'],
    ['2026-2027-HK1', 'Học kỳ 1, năm học 2026-2027'],
  ])('%s is "%s"', (id, label) => {
    expect(periodLabel(parsePeriod(id), periods).vi).toBe(label);
  });
});
