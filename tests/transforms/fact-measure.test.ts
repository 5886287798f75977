import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exactRatio, roundHalfUp } from '../../transforms/catalog/exact-ratio.ts';
import { equals, predicateOf } from '../../transforms/catalog/fact-filter.ts';
import { rowsPredicate, tableSql, type Measure } from '../../transforms/catalog/fact-measure.ts';
import { Engine } from './engine.ts';

const words = { label: { vi: 'x', en: 'x' }, formula: { vi: 'x', en: 'x' }, unit: 'VND' };
const fact = 'mart.toy';
const measures: readonly Measure[] = [
  { name: 'n', fact, aggregate: { kind: 'count' }, ...words },
  { name: 'late', fact, aggregate: { kind: 'count' }, where: 'is_late', ...words },
  {
    name: 'paid',
    fact,
    aggregate: { kind: 'sum', column: 'amount' },
    where: 'not is_late',
    ...words,
  },
  { name: 'who', fact, aggregate: { kind: 'count-distinct', column: 'person' }, ...words },
];

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.open();
  await engine.run(`create table mart.toy as select * from (values
    ('a', true, 0.10::decimal(12,2), 'p'), ('a', false, 0.20, 'p'), ('a', false, null, 'q'),
    ('b', true, 7.00, 'q'), (null, false, 1.00, 'r'), ('o''x', false, 2.00, 'r')
  ) t(agency, is_late, amount, person)`);
});
afterAll(() => engine.close());

describe('figures', () => {
  it('each cell of a table equals its own recomputation', async () => {
    const table = await engine.select(tableSql(measures, ['agency'], []));
    expect(table.rows).toHaveLength(4);
    for (const row of table.rows) {
      const [agency, ...cells] = row;
      const filter = equals({ agency: agency === undefined ? null : agency });
      for (const [i, measure] of measures.entries()) {
        const alone = await engine.select(tableSql([measure], [], filter));
        expect(alone.rows).toEqual([[cells[i]]]);
      }
    }
  });

  it('a sum over no rows is 0 and a total row stands even over none', async () => {
    const none = equals({ agency: 'nobody' });
    expect((await engine.select(tableSql(measures, [], none))).rows).toEqual([
      ['0', '0', '0.00', '0'],
    ]);
  });

  it('prints the predicate with its literals', () => {
    const late: Measure = {
      ...words,
      name: 'late',
      fact,
      aggregate: { kind: 'count' },
      where: 'is_late',
    };
    expect(rowsPredicate(late, equals({ agency: "o'x" }))).toBe("agency = 'o''x' and (is_late)");
    expect(rowsPredicate(late, [])).toBe('(is_late)');
  });

  it('refuses names that are none and measures of two facts', () => {
    expect(() => predicateOf([{ column: 'a; drop', op: 'null' }])).toThrow(
      'not a column name: a; drop',
    );
    expect(() =>
      tableSql([{ ...words, name: 'n', fact: 'x.y', aggregate: { kind: 'count' } }], [], []),
    ).toThrow('not a table: x.y');
    const other: Measure = {
      ...words,
      name: 'm',
      fact: 'mart.other',
      aggregate: { kind: 'count' },
    };
    expect(() => tableSql([...measures, other], [], [])).toThrow('share one fact');
  });

  it('every operator selects what it says', async () => {
    const count = async (predicate: string) =>
      (await engine.select(`select count(*) from mart.toy where ${predicate}`)).rows[0]?.[0];
    expect(await count(predicateOf([{ column: 'agency', op: 'in', values: ['a', 'b'] }]))).toBe(
      '4',
    );
    expect(await count(predicateOf([{ column: 'agency', op: 'in', values: [] }]))).toBe('0');
    expect(await count(predicateOf([{ column: 'amount', op: 'between', from: 1, to: 2 }]))).toBe(
      '2',
    );
    expect(await count(predicateOf([{ column: 'amount', op: 'gt', value: 1 }]))).toBe('2');
    expect(await count(predicateOf([{ column: 'amount', op: 'ge', value: 1 }]))).toBe('3');
    expect(await count(predicateOf([{ column: 'amount', op: 'lt', value: 1 }]))).toBe('2');
    expect(await count(predicateOf([{ column: 'amount', op: 'le', value: 1 }]))).toBe('3');
    expect(await count(predicateOf([{ column: 'is_late', op: 'ne', value: true }]))).toBe('4');
    expect(await count(predicateOf([{ column: 'agency', op: 'null' }]))).toBe('1');
    expect(await count(predicateOf([{ column: 'agency', op: 'not-null' }]))).toBe('5');
  });
});

describe('exact ratios', () => {
  it.each([
    ['1', '3', 100, 2, '33.33'],
    ['2', '3', 100, 2, '66.67'],
    ['1', '8', 100, 2, '12.50'],
    ['1', '16', 100, 2, '6.25'],
    ['1', '32', 100, 2, '3.13'],
    ['-1', '32', 100, 2, '-3.13'],
    ['0', '5', 100, 2, '0.00'],
    ['-1', '300000', 100, 2, '0.00'],
    ['123456789012345678901234567890.12', '1', 1, 0, '123456789012345678901234567890'],
    ['10.5', '0.5', 1, 0, '21'],
    ['7', '1', 100000, 2, '700000.00'],
  ])('%s / %s × %s to %s places is %s', (n, d, multiplier, decimals, value) => {
    expect(exactRatio(n, d, multiplier, decimals)).toBe(value);
  });

  it('has none over 0', () => {
    expect(exactRatio('5', '0', 100, 2)).toBeUndefined();
    expect(exactRatio('0', '0.00', 100, 2)).toBeUndefined();
  });

  it('rounds within half a unit, away from zero on a tie', () => {
    expect(roundHalfUp('2.5', 0)).toBe('3');
    expect(roundHalfUp('-2.5', 0)).toBe('-3');
    expect(roundHalfUp('2', 2)).toBe('2.00');
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1 }), (n, d) => {
        const cents = BigInt((exactRatio(String(n), String(d), 1, 2) ?? '').replace('.', ''));
        const twice = 2n * (BigInt(n) * 100n - cents * BigInt(d));
        expect((twice < 0n ? -twice : twice) <= BigInt(d)).toBe(true);
      }),
    );
  });

  it('refuses what is no number', () => {
    expect(() => exactRatio('1e5', '1', 1, 0)).toThrow('not a decimal number: 1e5');
  });
});
