import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDate, localTime } from '../../connectors/einvoice/local-time.ts';
import { periodStart } from '../../connectors/einvoice/summary-period.ts';
import { checkDigitHolds, normalTaxCode, taxCodeKind } from '../../connectors/einvoice/tax-code.ts';

const digits = (count: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count })
    .map((d) => d.join(''));

describe('tax codes', () => {
  it.each(['0102671977', '0100684378', '0311357436', '4601622475', '0100109106'])(
    '%s is an enterprise',
    (code) => {
      expect(taxCodeKind(code)).toBe('enterprise');
    },
  );

  it.each([
    ['0100109107', 'invalid'],
    ['0100109106-001', 'branch'],
    ['0100109106001', 'branch'],
    ['0100109107-001', 'invalid'],
    ['031090001234', 'personal'],
    ['03109000123', 'invalid'],
    ['01001O9106', 'invalid'],
    ['', 'absent'],
    [undefined, 'absent'],
    ['  ', 'absent'],
  ])('%s is %s', (code, kind) => {
    expect(taxCodeKind(code)).toBe(kind);
  });

  it('at most one tenth digit completes nine digits', () => {
    fc.assert(
      fc.property(digits(9), (nine) => {
        const valid = Array.from({ length: 10 }, (_, digit) => String(digit)).filter((digit) =>
          checkDigitHolds(nine + digit),
        );
        expect(valid.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('one wrong digit is always noticed', () => {
    fc.assert(
      fc.property(digits(10), fc.nat(9), fc.integer({ min: 1, max: 9 }), (code, at, by) => {
        fc.pre(checkDigitHolds(code));
        const other = String((Number(code[at]) + by) % 10);
        expect(checkDigitHolds(code.slice(0, at) + other + code.slice(at + 1))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('one spelling: normalising twice is normalising once, and the kind does not depend on it', () => {
    fc.assert(
      fc.property(fc.oneof(digits(10), digits(12), digits(13), fc.string()), (code) => {
        const normal = normalTaxCode(code);
        expect(normalTaxCode(normal)).toBe(normal);
        expect(taxCodeKind(normal)).toBe(taxCodeKind(code));
      }),
    );
  });
});

describe('dates in Vietnamese wall time', () => {
  it.each([
    ['2026-10-31', '2026-10-31 00:00:00'],
    ['2026-10-31T17:00:00Z', '2026-11-01 00:00:00'],
    ['2026-10-31T16:59:59Z', '2026-10-31 23:59:59'],
    ['2026-12-31T17:00:00.000Z', '2027-01-01 00:00:00'],
    ['2026-10-31T23:30:00+07:00', '2026-10-31 23:30:00'],
    ['2026-10-31T23:30:00', '2026-10-31 23:30:00'],
    ['31/10/2026', '2026-10-31 00:00:00'],
  ])('%s is %s', (text, wall) => {
    expect(localTime(text)).toBe(wall);
  });

  it.each(['2026-02-31', '2026-13-01', '31-10-2026', 'abc', ''])('%j is no time', (text) => {
    expect(localTime(text)).toBeUndefined();
  });

  it('an instant is its UTC text plus seven hours', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
        (at) => {
          const wall = new Date(at.getTime() + 7 * 3_600_000).toISOString();
          expect(localDate(at.toISOString())).toBe(wall.slice(0, 10));
        },
      ),
    );
  });

  it.each([
    ['T', '10/2026', '2026-10-01'],
    ['Q', '3/2026', '2026-07-01'],
    ['N', '05/10/2026', '2026-10-05'],
    ['T', '13/2026', undefined],
    ['Q', '5/2026', undefined],
    ['X', '10/2026', undefined],
    ['T', '2026-10', undefined],
  ])('period %s %s starts %s', (kind, text, start) => {
    expect(periodStart(kind, text)).toBe(start);
  });
});
