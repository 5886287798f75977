import { describe, expect, it } from 'vitest';
import { shortDate } from '../../core/calendar-date.ts';
import { longDate, windowText } from '../../render/date-format.ts';

describe('dates by NĐ 30/2020', () => {
  it.each([
    ['2026-01-05', 'ngày 05 tháng 01 năm 2026'],
    ['2026-02-10', 'ngày 10 tháng 02 năm 2026'],
    ['2026-06-29', 'ngày 29 tháng 6 năm 2026'],
    ['2026-09-09', 'ngày 09 tháng 9 năm 2026'],
    ['2026-12-31', 'ngày 31 tháng 12 năm 2026'],
  ])('%s is "%s"', (date, expected) => {
    expect(longDate(date, 'vi')).toBe(expected);
  });

  it('leaves room for the pen, and speaks English', () => {
    expect(longDate(null, 'vi')).toMatch(/^ngày\s+tháng\s+năm\s+$/);
    expect(longDate('2026-01-05', 'en')).toBe('5 January 2026');
  });

  it('writes dates in cells and the window of a column', () => {
    expect(shortDate('2026-09-05')).toBe('05/09/2026');
    expect(windowText({ from: '2026-10-15', to: '2026-11-14' })).toBe('15/10–14/11/2026');
    expect(windowText({ from: '2025-12-15', to: '2026-01-14' })).toBe('15/12/2025–14/01/2026');
    expect(windowText({ from: '2026-10-15', to: '2026-10-15' })).toBe('15/10/2026');
  });
});
