import { describe, expect, it } from 'vitest';
import { exactJson } from '../../connectors/sdmx/exact-json.ts';
import { sdmxPeriod } from '../../connectors/sdmx/period.ts';

describe('periods of SDMX', () => {
  it.each([
    ['2014', '2014'],
    ['2014-A1', '2014'],
    ['2014-S2', '2014-H2'],
    ['2014-Q4', '2014-Q4'],
    ['2014Q4', '2014-Q4'],
    ['2014-B1', '2014-H1'],
    ['2014-M07', '2014-07'],
    ['2014-07', '2014-07'],
    ['2014-07Z', '2014-07'],
    ['2014-W05', '2014-W05'],
    ['2014-D032', '2014-02-01'],
    ['2014-07-09', '2014-07-09'],
    ['2014-07-09T00:00:00', '2014-07-09'],
    ['2014-07-01/P1M', '2014-07'],
    ['2014-07-01/P3M', '2014-Q3'],
    ['2014-07-01T00:00:00/P6M', '2014-H2'],
    ['2014-01-01/P1Y', '2014'],
  ])('%s is %s', (given, period) => {
    expect(sdmxPeriod(given)).toBe(period);
  });

  it.each([
    '',
    '2014-T1',
    '2014-Q5',
    '2014-13',
    '2014-02-30',
    '2014-W54',
    '2014-D366',
    '2014-02-01/P3M',
    '2014-01-02/P1M',
    'x',
  ])('%s is none', (given) => {
    expect(sdmxPeriod(given)).toBeUndefined();
  });
});

it('A43 JSON numbers keep every digit; strings are left alone', () => {
  expect(
    exactJson('{"a":[1e400,-0.10,12345678901234567890.123],"b":"x 1.0 \\"2\\"","c":{"3":null}}'),
  ).toEqual({
    a: ['1e400', '-0.10', '12345678901234567890.123'],
    b: 'x 1.0 "2"',
    c: { '3': null },
  });
  expect(() => exactJson('{"a":NaN}')).toThrow(SyntaxError);
});
