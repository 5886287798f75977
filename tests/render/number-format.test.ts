import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDecimals } from '../../render/compare-decimals.ts';
import { figureText, openValue } from '../../render/figure-text.ts';
import { formatNumber, roundDecimal } from '../../render/number-format.ts';
import { figure } from './sample-document.ts';

/** Rounds `units / 10^places` half away from zero with integers only: the independent reference. */
function referenceRounding(units: bigint, places: number, decimals: number): bigint {
  if (decimals >= places) return units * 10n ** BigInt(decimals - places);
  const divisor = 10n ** BigInt(places - decimals);
  const magnitude = units < 0n ? -units : units;
  const rounded = (2n * magnitude + divisor) / (2n * divisor);
  return units < 0n ? -rounded : rounded;
}

function decimalText(units: bigint, places: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const sign = units < 0n ? '-' : '';
  return places === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-places)}`;
}

const DECIMAL = fc.record({
  units: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
  places: fc.integer({ min: 0, max: 12 }),
  decimals: fc.integer({ min: 0, max: 10 }),
});

describe('E17 numbers', () => {
  it.each([
    ['1234567.885', 2, 'vi', '1.234.567,89'],
    ['1234567.885', 2, 'en', '1,234,567.89'],
    ['-1234', 0, 'vi', '-1.234'],
    ['-0.4', 0, 'vi', '0'],
    ['999.995', 2, 'vi', '1.000,00'],
    ['2.675', 2, 'vi', '2,68'],
    ['0', 1, 'vi', '0,0'],
    ['12345678901234567890.5', 0, 'vi', '12.345.678.901.234.567.891'],
  ] as const)('E17 %s with %i decimals in %s is %s', (value, decimals, language, expected) => {
    expect(formatNumber(value, { decimals }, language)).toBe(expected);
  });

  it('E17 percent, percentage points and signs', () => {
    expect(formatNumber('12.45', { decimals: 1, unit: 'percent' }, 'vi')).toBe('12,5%');
    const points = { decimals: 2, unit: 'percentage-point', sign: true } as const;
    expect(formatNumber('0.754', points, 'vi')).toBe('+0,75 điểm %');
    expect(formatNumber('-0.756', points, 'en')).toBe('-0.76 pp');
    expect(formatNumber('0.001', points, 'vi')).toBe('0,00 điểm %');
  });

  it('E17 rounding equals integer arithmetic for any decimal', () => {
    fc.assert(
      fc.property(DECIMAL, ({ units, places, decimals }) => {
        const expected = referenceRounding(units, places, decimals);
        const rounded = roundDecimal(decimalText(units, places), decimals);
        expect(BigInt(rounded.replace('.', ''))).toBe(expected);
        expect(rounded.split('.')[1]?.length ?? 0).toBe(decimals);
        expect(rounded.startsWith('-')).toBe(expected < 0n);
      }),
    );
  });

  it('E17 a formatted number reads back as the rounded one', () => {
    fc.assert(
      fc.property(DECIMAL, ({ units, places, decimals }) => {
        const value = decimalText(units, places);
        const printed = formatNumber(value, { decimals }, 'vi');
        expect(printed.replaceAll('.', '').replace(',', '.')).toBe(roundDecimal(value, decimals));
        expect(printed).toMatch(/^-?\d{1,3}(\.\d{3})*(,\d+)?$/);
      }),
    );
  });

  it('compares decimals exactly', () => {
    fc.assert(
      fc.property(DECIMAL, DECIMAL, (a, b) => {
        const scale = (d: typeof a): bigint => d.units * 10n ** BigInt(12 - d.places);
        const order = scale(a) < scale(b) ? -1 : Number(scale(a) > scale(b));
        const compared = compareDecimals(
          decimalText(a.units, a.places),
          decimalText(b.units, b.places),
        );
        expect(compared).toBe(order);
      }),
    );
  });
});

describe('E17 marks in reports', () => {
  const format = { decimals: 1 };
  it.each([
    ['zero', '0'],
    ['no-event', '-'],
    ['not-collected', '…'],
    ['no-denominator', '—'],
    ['primary-suppressed', '< 3'],
    ['secondary-suppressed', 'x'],
  ] as const)('E17 %s prints %s', (mark, expected) => {
    expect(figureText(figure('t.r.c', null, format, mark), 'vi')).toBe(expected);
  });

  it('E17 a suppressed value never shows, not even to a program', () => {
    const hidden = figure('t.r.c', '2', format, 'primary-suppressed');
    expect(figureText({ ...hidden, threshold: 5 }, 'vi')).toBe('< 5');
    expect(openValue(hidden)).toBeNull();
  });

  it('E17 a figure with neither value nor mark is refused with its reference', () => {
    expect(() => figureText(figure('t.r.c', null, format), 'vi')).toThrow(/t\.r\.c/);
  });
});
