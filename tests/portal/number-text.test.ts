import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerRows } from '../../portal/document/header-rows.ts';
import { numberText } from '../../portal/number-text.ts';
import { periodText } from '../../portal/period-text.ts';
import { timeText } from '../../portal/time-text.ts';

describe('numberText', () => {
  it.each([
    ['1234567.8', undefined, '1.234.567,8'],
    ['999', undefined, '999'],
    ['-1000', undefined, '-1.000'],
    ['0.05', 1, '0,1'],
    ['-0.04', 1, '0,0'],
    ['99.95', 1, '100,0'],
    ['12345678901234567890123', 0, '12.345.678.901.234.567.890.123'],
  ] as const)('%s with %s decimals is %s', (value, decimals, text) => {
    expect(numberText(value, 'vi', decimals)).toBe(text);
  });

  it('loses no digit of any whole number', () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        expect(numberText(String(value), 'vi').replaceAll('.', '')).toBe(String(value));
      }),
    );
  });
});

describe('words for times', () => {
  it('names periods', () => {
    expect(periodText('2026-10@nd09', 'vi')).toBe('tháng 10/2026 (kỳ 15–14)');
    expect(periodText('2026-Q3', 'vi')).toBe('quý III/2026');
    expect(periodText('2026-W45', 'en')).toBe('week 45 of 2026');
    expect(periodText('2026-2027', 'vi')).toBe('2026-2027');
  });

  it('shows Vietnamese time', () => {
    expect(timeText('2026-11-22T18:15:00Z')).toBe('23/11/2026 01:15');
    expect(timeText(undefined)).toBe('');
  });
});

describe('headerRows', () => {
  it('merges equal neighbours and lets plain columns reach down', () => {
    const columns = [
      { key: 'a', label: 'A' },
      { key: 'b', label: 'B', groups: ['G'] },
      { key: 'c', label: 'C', groups: ['G'], unit: '%' },
      { key: 'd', label: 'D', groups: ['H'] },
    ];
    expect(headerRows(columns)).toEqual([
      [
        { text: 'A', columns: 1, rows: 2 },
        { text: 'G', columns: 2, rows: 1 },
        { text: 'H', columns: 1, rows: 1 },
      ],
      [
        { text: 'B', columns: 1, rows: 1 },
        { text: 'C (%)', columns: 1, rows: 1 },
        { text: 'D', columns: 1, rows: 1 },
      ],
    ]);
  });
});
