import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCron } from '../../core/calendar-cron.ts';
import type { CalendarExpression } from '../../core/calendar-expression.ts';
import { slotsBetween } from '../../core/slot-calendar.ts';
import { periods, workingDays } from './dimension-rows.ts';

function slots(expression: CalendarExpression, from: string, to: string, zone?: string) {
  const calendars = { periods, workingDays, ...(zone === undefined ? {} : { zone }) };
  return slotsBetween(expression, new Date(from), new Date(to), calendars).map(
    ({ at, period }) => `${at.toISOString().slice(0, 16)} ${period}`,
  );
}

describe('slots in Vietnamese time', () => {
  it('a daily slot is for the day before', () => {
    expect(
      slots(
        { kind: 'daily', at: '07:00' },
        '2026-11-20T07:00:00+07:00',
        '2026-11-22T07:00:00+07:00',
      ),
    ).toEqual(['2026-11-21T00:00 2026-11-20', '2026-11-22T00:00 2026-11-21']);
  });

  it('a weekly slot is for the last complete ISO week', () => {
    expect(
      slots({ kind: 'weekly', weekday: 1, at: '08:30' }, '2026-11-01T00:00Z', '2026-11-16T23:00Z'),
    ).toEqual([
      '2026-11-02T01:30 2026-W44',
      '2026-11-09T01:30 2026-W45',
      '2026-11-16T01:30 2026-W46',
    ]);
  });

  it('D08 a monthly slot on day 31 falls on the last day of short months, 29 February too', () => {
    const found = slots(
      { kind: 'monthly', day: 31, at: '17:00' },
      '2024-01-31T10:00Z',
      '2024-05-01T00:00Z',
    );
    expect(found).toEqual([
      '2024-02-29T10:00 2024-01',
      '2024-03-31T10:00 2024-02',
      '2024-04-30T10:00 2024-03',
    ]);
  });

  it('D08 the last working day steps back over holidays and weekends', () => {
    const found = slots(
      { kind: 'last-working-day', at: '16:00' },
      '2026-01-01T00:00Z',
      '2026-06-30T23:00Z',
    );
    expect(found.map((s) => s.slice(0, 10))).toEqual([
      '2026-01-30',
      '2026-02-27',
      '2026-03-31',
      '2026-04-29',
      '2026-05-29',
      '2026-06-30',
    ]);
  });

  it('D08 two working days after the reporting month pass over Tết', () => {
    const after = {
      kind: 'after-period',
      period: 'month@nd09',
      workingDays: 2,
      at: '09:00',
    } as const;
    expect(slots(after, '2026-01-15T00:00Z', '2026-12-31T00:00Z')).toEqual([
      '2026-01-16T02:00 2026-01@nd09',
      '2026-02-24T02:00 2026-02@nd09',
      '2026-03-17T02:00 2026-03@nd09',
      '2026-04-16T02:00 2026-04@nd09',
      '2026-05-18T02:00 2026-05@nd09',
      '2026-06-16T02:00 2026-06@nd09',
      '2026-07-16T02:00 2026-07@nd09',
      '2026-08-18T02:00 2026-08@nd09',
      '2026-09-16T02:00 2026-09@nd09',
      '2026-10-16T02:00 2026-10@nd09',
      '2026-11-17T02:00 2026-11@nd09',
      '2026-12-16T02:00 2026-12@nd09',
    ]);
  });

  it('D08 cron day 31 and 29 February fire only where the day exists', () => {
    const thirtyFirst = slots(
      { kind: 'cron', text: '0 7 31 * *' },
      '2026-01-01T00:00Z',
      '2026-06-30T00:00Z',
    );
    expect(thirtyFirst.map((s) => s.slice(0, 10))).toEqual([
      '2026-01-31',
      '2026-03-31',
      '2026-05-31',
    ]);
    const leap = slots(
      { kind: 'cron', text: '0 7 29 2 *' },
      '2023-01-01T00:00Z',
      '2029-01-01T00:00Z',
    );
    expect(leap.map((s) => s.slice(0, 10))).toEqual(['2024-02-29', '2028-02-29']);
  });

  it('consecutive windows give each slot once', () => {
    const minute = 60_000;
    const expression = { kind: 'cron', text: '*/20 6-8 * * 1-5' } as const;
    const start = Date.parse('2026-11-02T00:00Z');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4000 }), (minutes) => {
        const at = (ms: number) => new Date(ms).toISOString();
        const [middle, end] = [start + minutes * minute, start + 5000 * minute];
        expect([
          ...slots(expression, at(start), at(middle)),
          ...slots(expression, at(middle), at(end)),
        ]).toEqual(slots(expression, at(start), at(end)));
      }),
      { numRuns: 30 },
    );
  });
});

describe('D07 zones with daylight saving', () => {
  it('runs once on the day clocks go forward, an hour later by wall clock', () => {
    const daily = { kind: 'daily', at: '02:30' } as const;
    const found = slots(daily, '2026-03-28T00:00Z', '2026-03-31T00:00Z', 'Europe/Berlin');
    expect(found.map((s) => s.slice(0, 16))).toEqual([
      '2026-03-28T01:30',
      '2026-03-29T01:30',
      '2026-03-30T00:30',
    ]);
  });

  it('runs once on the day clocks go back', () => {
    const daily = { kind: 'daily', at: '02:30' } as const;
    const found = slots(daily, '2026-10-24T12:00Z', '2026-10-26T12:00Z', 'Europe/Berlin');
    expect(found.map((s) => s.slice(0, 16))).toEqual(['2026-10-25T00:30', '2026-10-26T01:30']);
  });
});

describe('cron text', () => {
  it('reads lists, ranges, steps and both names of Sunday', () => {
    const cron = parseCron('5,35 6-7 * * 7');
    expect(cron.times).toEqual(['06:05', '06:35', '07:05', '07:35']);
    expect(cron.matchesDay('2026-11-22')).toBe(true);
    expect(parseCron('0 0 * * 0').matchesDay('2026-11-22')).toBe(true);
    expect(cron.matchesDay('2026-11-23')).toBe(false);
  });

  it('matches day or weekday when both are restricted', () => {
    const cron = parseCron('0 0 1 * 1');
    expect(['2026-11-01', '2026-11-02', '2026-11-03'].map((d) => cron.matchesDay(d))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([
    '',
    '* * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '5-1 * * * *',
    '*/0 * * * *',
    'a * * * *',
  ])('"%s" is refused', (text) => {
    expect(() => parseCron(text)).toThrow(`Not a cron expression: "${text}"`);
  });
});
