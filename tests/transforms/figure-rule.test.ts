import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aggregateRule,
  contributing,
  figureAndTermsSql,
  figureSql,
  tableSql,
  type FigureRule,
} from '../../transforms/catalog/figure-rule.ts';
import { computeTable } from '../../transforms/catalog/figure-table.ts';
import { equalTo, tableName, within } from '../../transforms/catalog/predicate.ts';
import { Engine } from './engine.ts';

const words = { label: { vi: 'x', en: 'x' }, formula: { vi: 'x', en: 'x' } };
const fact = 'mart.toy';
const single = (name: string, aggregate: string, where = 'true') =>
  aggregateRule({ ...words, name, fact, aggregate, where });
const share: FigureRule = {
  ...words,
  name: 'share',
  fact,
  terms: {
    late: { aggregate: 'count(*)', where: 'is_late' },
    all: { aggregate: 'count(*)', where: 'true' },
  },
  value: 'late',
  quotient: { denominator: 'all', multiplier: 100, decimals: 2 },
};
const rules = [
  single('n', 'count(*)'),
  single('late', 'count(*)', 'is_late'),
  single('paid', 'sum(amount)', 'not is_late'),
  single('who', 'count(distinct person)'),
  share,
];

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.open();
  await engine.run(`create table mart.toy as select * from (values
    ('a', true, 0.10::decimal(12,2), 'p'), ('a', false, 0.20, 'p'), ('a', false, null, 'q'),
    ('b', true, 7.00, 'q'), (null, false, 1.00, 'r'), ('o\'\'x', false, 2.00, 'r')
  ) t(agency, is_late, amount, person)`);
});
afterAll(() => engine.close());

const ask = async (sql: string) => (await engine.select(sql)).rows;

describe('a rule', () => {
  it('gives for each cell of a table what it gives alone', async () => {
    const table = await computeTable(engine, {
      id: 'toy',
      rules,
      groupBy: ['agency'],
      filter: 'true',
      rows: [{ key: ['total'], filter: 'true' }],
      members: [['nobody']],
    });
    expect(table.rows.map(({ key }) => key.join()).sort()).toEqual([
      '-',
      'a',
      'b',
      'nobody',
      "o'x",
      'total',
    ]);
    for (const { filter, values } of table.rows)
      for (const rule of rules)
        expect(await ask(figureSql(rule, filter))).toEqual([[values[rule.name]]]);
  });

  it('counts 0 and sums to 0 over no rows, and has no quotient there', async () => {
    expect(await ask(tableSql(rules, [], equalTo('agency', 'nobody')))).toEqual([
      ['0', '0', '0.00', '0', null],
    ]);
  });

  it('gives its terms beside its value', async () => {
    expect(await ask(figureAndTermsSql(share, equalTo('agency', 'a')))).toEqual([
      ['33.33', '1', '3'],
    ]);
  });

  it('names the rows that contribute', () => {
    const late = single('late', 'count(*)', 'is_late');
    expect(contributing(late, equalTo('agency', "o'x"))).toBe("(agency = 'o''x') and ((is_late))");
    expect(contributing(share, 'true')).toBe('true');
  });

  it('computes a table from one fact only', () => {
    const other = { ...single('m', 'count(*)'), fact: 'mart.other' };
    expect(() => tableSql([...rules, other], [], 'true')).toThrow('one fact');
  });
});

describe('a quotient', () => {
  const quotient = async (n: string, d: string, multiplier: number, decimals: number) => {
    const rule: FigureRule = {
      ...words,
      name: 'q',
      fact: `(select ${n} as n, ${d} as d)`,
      terms: {
        n: { aggregate: 'sum(n)', where: 'true' },
        d: { aggregate: 'sum(d)', where: 'true' },
      },
      value: 'n',
      quotient: { denominator: 'd', multiplier, decimals },
    };
    return (await ask(figureSql(rule, 'true')))[0]?.[0];
  };

  it.each([
    ['1', '3', 100, 2, '33.33'],
    ['2', '3', 100, 2, '66.67'],
    ['1', '8', 100, 2, '12.50'],
    ['1', '32', 100, 2, '3.13'],
    ['-1', '32', 100, 2, '-3.13'],
    ['0', '5', 100, 2, '0.00'],
    ['-1', '300000', 100, 2, '0.00'],
    ['123456789012345678.12', '1', 1, 0, '123456789012345678'],
    ['10.5', '0.5', 1, 0, '21'],
    ['5', '2', 1, 0, '3'],
    ['-5', '2', 1, 0, '-3'],
    ['7', '1', 100000, 2, '700000.00'],
    ['5', '0', 100, 2, null],
    ['0', '0.00', 100, 2, null],
  ])('%s / %s × %s to %s places is %s', async (n, d, multiplier, decimals, value) => {
    expect(await quotient(n, d, multiplier, decimals)).toBe(value);
  });

  it('is within half a unit, away from zero on a tie', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1 }), async (n, d) => {
        const cents = BigInt(String(await quotient(`(${n})`, String(d), 1, 2)).replace('.', ''));
        const twice = 2n * (BigInt(n) * 100n - cents * BigInt(d));
        const off = twice < 0n ? -twice : twice;
        expect(off <= BigInt(d)).toBe(true);
        if (off === BigInt(d)) expect(n < 0 ? twice > 0n : twice < 0n).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('predicates', () => {
  it('quote their literals and take names only', () => {
    expect(equalTo('agency', "o'x")).toBe("agency = 'o''x'");
    expect(equalTo('agency', null)).toBe('agency is null');
    expect(within('day', '2026-01-01', '2026-01-31')).toBe(
      "day between '2026-01-01' and '2026-01-31'",
    );
    expect(() => equalTo('a; drop', null)).toThrow('not a column name: a; drop');
    expect(() => tableName('x.y')).toThrow('not a table: x.y');
  });
});
