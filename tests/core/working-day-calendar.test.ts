import { describe, expect, it } from 'vitest';
import { WorkingDayCalendar } from '../../core/working-day-calendar.ts';
import { instantOf, localTimeOf, endOfDay } from '../../core/calendar-zone.ts';
import { workingDays } from './dimension-rows.ts';

describe('working days', () => {
  it.each([
    ['2026-11-24', false],
    ['2025-11-24', true],
    ['2026-02-13', true],
    ['2026-02-16', false],
    ['2026-02-23', true],
    ['2026-08-22', true],
    ['2026-08-31', false],
    ['2026-11-21', false],
    ['2024-05-04', true],
  ])('%s worked: %s', (day, worked) => {
    expect(workingDays.isWorking(day)).toBe(worked);
  });

  it('adds and counts working days over Tết', () => {
    expect(workingDays.addWorkingDays('2026-02-13', 1)).toBe('2026-02-23');
    expect(workingDays.addWorkingDays('2026-02-23', -1)).toBe('2026-02-13');
    expect(workingDays.addWorkingDays('2026-02-14', 0)).toBe('2026-02-14');
    expect(workingDays.workingDaysBetween('2026-02-13', '2026-02-24')).toBe(2);
    expect(workingDays.workingDaysBetween('2026-02-24', '2026-02-13')).toBe(-2);
  });

  it('counts what it adds', () => {
    for (let n = 1; n < 60; n += 1) {
      const day = workingDays.addWorkingDays('2026-01-31', n);
      expect(workingDays.workingDaysBetween('2026-01-31', day)).toBe(n);
    }
  });

  it('refuses a table that closes offices for ever', () => {
    const days = Array.from({ length: 90 }, (_, i) =>
      new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10),
    );
    const closed = new WorkingDayCalendar(
      days.map((day) => ({ day, kind: 'off' as const, name: 'nghỉ' })),
    );
    expect(() => closed.addWorkingDays('2026-01-01', 1)).toThrow(
      'No working day within 60 days of 2026-01-02',
    );
  });
});

describe('zones', () => {
  it('reads and makes Vietnamese wall time', () => {
    expect(localTimeOf(new Date('2026-11-21T17:00:00Z'))).toEqual({
      date: '2026-11-22',
      time: '00:00',
    });
    expect(instantOf({ date: '2026-11-22', time: '07:30' }).toISOString()).toBe(
      '2026-11-22T00:30:00.000Z',
    );
    expect(endOfDay('2026-11-22').toISOString()).toBe('2026-11-22T16:59:59.999Z');
  });
});
