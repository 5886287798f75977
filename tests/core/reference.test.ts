import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundariesOf, formatArea, parseArea } from '../../core/area.ts';
import {
  canonicalShortCode,
  formatReference,
  parseReference,
  shortCodeOf,
  shortCodeSource,
  type Reference,
} from '../../core/reference.ts';

const part = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const reference: fc.Arbitrary<Reference> = fc.oneof(
  fc.record({
    kind: fc.constant('edition' as const),
    report: part,
    period: part,
    version: fc.integer({ min: 1, max: 99 }),
    cell: fc.option(
      fc.record({
        table: part,
        row: fc.array(fc.string({ maxLength: 8 }), { minLength: 1, maxLength: 3 }),
        column: part,
      }),
      { nil: undefined },
    ),
  }),
  fc.record({ kind: fc.constant('indicator' as const), code: part, period: part, area: part }),
  fc.record({
    kind: fc.constant('row' as const),
    asset: part,
    key: fc.array(fc.string({ maxLength: 8 }), { minLength: 1, maxLength: 3 }),
  }),
);

describe('references', () => {
  it('read back what they write', () => {
    fc.assert(
      fc.property(reference, (given) => {
        expect(parseReference(formatReference(given))).toEqual(given);
      }),
      { numRuns: 300 },
    );
  });

  it('are written as people script against them', () => {
    expect(
      formatReference({
        kind: 'edition',
        report: 'administrative-procedure',
        period: '2026-10@nd09',
        version: 1,
        cell: { table: 't1', row: ['H31.10', 'a|b'], column: 'received' },
      }),
    ).toBe('edition:administrative-procedure/2026-10@nd09/v1#t1.H31%2E10|a%7Cb.received');
    expect(
      formatReference({ kind: 'indicator', code: 'TTHC.2.1', period: '2026-10@nd09', area: '31' }),
    ).toBe('indicator:TTHC.2.1/2026-10@nd09/31');
    expect(
      formatReference({ kind: 'row', asset: 'staging.dossier', key: ['G09.20-20260609-0092637'] }),
    ).toBe('row:staging.dossier/G09%2E20-20260609-0092637');
  });

  it.each([
    '',
    'edition:x',
    'edition:a/b/v0',
    'edition:a/b/v1#x',
    'indicator:a/b',
    'row:x',
    'foo:bar/x',
    'row:a/%zz',
  ])('"%s" is refused', (text) => {
    expect(() => parseReference(text)).toThrow(`Not a reference: "${text}"`);
  });
});

describe('short codes', () => {
  const source = shortCodeSource('home-1', 'edition:x/2026/v1');
  const code = shortCodeOf(createHash('sha256').update(source).digest());

  it('are eight Crockford characters', () => {
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
    expect(shortCodeOf(new Uint8Array([255, 255, 255, 255, 255]))).toBe('ZZZZZZZZ');
    expect(shortCodeOf(new Uint8Array([0, 0, 0, 0, 1]))).toBe('00000001');
  });

  it('are read as people type them', () => {
    expect(canonicalShortCode('abcd-oil1')).toBe('ABCD0111');
    expect(parseReference(code.toLowerCase())).toEqual({ kind: 'short-code', code });
  });
});

describe('areas', () => {
  it('keep leading zeros and their date', () => {
    expect(parseArea('01')).toEqual({ level: 'province', code: '01', at: undefined });
    expect(parseArea('00004@2025-06-30')).toEqual({
      level: 'commune',
      code: '00004',
      at: '2025-06-30',
    });
    for (const text of ['01', '00004', '00004@2025-06-30']) {
      expect(formatArea(parseArea(text))).toBe(text);
    }
  });

  it.each(['1', '004', '000004', '00004@', '00004@2025-06-31', 'xx'])('%s is refused', (text) => {
    expect(() => parseArea(text)).toThrow(`Not an area: "${text}"`);
  });

  it('boundaries: override, then own date, then the period end', () => {
    expect(boundariesOf(parseArea('31'), '2026-10-14')).toBe('2026-10-14');
    expect(boundariesOf(parseArea('31@2025-06-30'), '2026-10-14')).toBe('2025-06-30');
    expect(boundariesOf(parseArea('31@2025-06-30'), '2026-10-14', '2025-07-01')).toBe('2025-07-01');
  });
});
