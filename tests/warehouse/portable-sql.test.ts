import { beforeAll, describe, expect, it } from 'vitest';
import { PhusaError } from '../../core/errors.ts';
import { openTranspiler, type Transpiler } from '../../warehouse/postgres/transpile/transpiler.ts';

let transpiler: Transpiler;

beforeAll(async () => {
  transpiler = await openTranspiler();
});

function refusalOf(sql: string): PhusaError {
  try {
    transpiler.transpile(sql, { file: 'marts/x.sql' });
  } catch (error) {
    if (error instanceof PhusaError) return error;
    throw error;
  }
  throw new Error(`not refused: ${sql}`);
}

describe('what does not carry over is refused with its place', () => {
  it.each([
    ['group by all', 'select a, count(*) from staging.t\ngroup by all', 'group by all'],
    ['order by all', 'select a from staging.t order by all', 'order by all'],
    ['columns left out of a star', 'select * exclude (a) from staging.t', 'star … except'],
    [
      'a semi join, which would be dropped',
      'select a from staging.t semi join staging.s using (a)',
      'semi join',
    ],
    ['a join by time', 'select a from staging.t asof join staging.s on t.a >= s.a', 'asof'],
    ['the row of a greatest value', 'select max_by(a, b) from staging.t', '()'],
    ['a list', 'select list(a)[1] from staging.t', 'list()'],
    ['a list of literals', 'select unnest([1, 2])', 'unnest()'],
    ['a structure', "select {'a': 1}", 'map'],
    ['a field of a structure', 'select a.b.c from staging.t', 'dot'],
    ['a sample', 'select a from staging.t using sample 10', 'sample'],
    ['a mean over a window', 'select avg(a) over () from staging.t', 'over a window'],
    ['any value', 'select any_value(a) from staging.t', 'any value'],
    ['a file', "select a from read_csv('x.csv')", 'read_csv()'],
    ['series in place of a value', 'select generate_series(1, 3)', 'generate_series()'],
    ['an operator of JSON', "select a->>'$.b' from staging.t", 'json'],
    ['a type of one engine', 'select cast(a as uhugeint) from staging.t', 'the type'],
    [
      'a field counted differently',
      'select extract(millisecond from a) from staging.t',
      'extract(',
    ],
    ['a union by name', 'select 1 as a union all by name select 2 as a', 'by name'],
    ['one row for each value', 'select distinct on (a) a, b from staging.t', 'distinct on'],
  ])('%s', (_name, sql, construct) => {
    const error = refusalOf(sql);
    expect(['sql-not-portable', 'sql-invalid']).toContain(error.code);
    expect(error.text.en).toContain(construct);
    expect(error.place.file).toBe('marts/x.sql');
  });

  it('names file, line and column', () => {
    const sql = '/* --- the\nheader --- */\nselect a,\n  max_by(b, c)\nfrom staging.t';
    expect(refusalOf(sql).place).toMatchObject({ file: 'marts/x.sql', line: 4 });
    expect(refusalOf(sql).place.column).toBeGreaterThan(2);
  });

  it('refuses what is no SELECT, and more than one', () => {
    expect(refusalOf('drop table staging.t').code).toBe('sql-not-portable');
    expect(refusalOf('select 1; select 2').code).toBe('sql-invalid');
    expect(refusalOf('select 1 +').code).toBe('sql-invalid');
  });
});

describe('where tables are found', () => {
  it('moves tables by their key and keeps their names', () => {
    const sql = transpiler.transpile(
      'with t as (select a from staging.t) select t.a, s.b from t join mart.s on s.a = t.a join dim.u d on d.a = t.a',
      { relationOf: (key) => (key === 'dim.u' ? undefined : key) },
    );
    expect(sql).toContain('FROM "staging.t" AS "t"');
    expect(sql).toContain('JOIN "mart.s" AS "s"');
    expect(sql).toContain('JOIN "dim"."u" AS "d"');
    expect(sql).toContain('FROM "t" JOIN');
  });

  it('lists the tables that are read', () => {
    const sql =
      'with t as (select 1 as a) select a from t where a in (select a from Mart.s) union select b from dim.u';
    expect(transpiler.tablesOf(sql)).toEqual(['dim.u', 'mart.s']);
  });

  it('tells one place of a table from another in the same SQL', () => {
    const sql = 'select a from staging.t';
    const moved = (name: string) => transpiler.transpile(sql, { relationOf: () => name });
    expect([moved('x'), moved('y'), moved('x')]).toEqual([
      'SELECT "a" FROM "x" AS "t"',
      'SELECT "a" FROM "y" AS "t"',
      'SELECT "a" FROM "x" AS "t"',
    ]);
    expect(transpiler.transpile(sql)).toBe('SELECT "a" FROM "staging"."t"');
  });

  it('keeps bound values', () => {
    expect(transpiler.transpile('select a from staging.t where a = $1 and b < $2')).toContain(
      '"b" < $2',
    );
  });
});
