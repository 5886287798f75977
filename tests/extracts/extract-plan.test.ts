import { describe, expect, it } from 'vitest';
import { PhusaError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Dataset } from '../../extracts/dataset.ts';
import { planExtract } from '../../extracts/extract-plan.ts';
import { extractRequestSchema } from '../../extracts/extract-request.ts';
import { extractSql, suppressionSql } from '../../extracts/extract-sql.ts';
import { openCases, protectedCases, requestOf } from './extract-home.ts';

const plan = (dataset: Dataset, changes: JsonObject) =>
  planExtract(extractRequestSchema.parse(requestOf(changes)), dataset, 3);

function refusal(dataset: Dataset, changes: JsonObject): PhusaError {
  try {
    plan(dataset, changes);
  } catch (error) {
    if (error instanceof PhusaError) return error;
  }
  throw new Error('not refused');
}

const count = [{ column: 'person', fn: 'count' }];

describe('what is refused before anything is read', () => {
  it.each([
    [
      'rows of persons',
      { columns: ['commune'] },
      'disclosure-rows-refused',
      'mart.person_case chứa dữ liệu từng đối tượng: chỉ được kết xuất số tổng hợp.',
      'mart.person_case is about single subjects: it leaves only as aggregates.',
    ],
    [
      'sums',
      { measures: [{ column: 'cost', fn: 'sum' }] },
      'disclosure-needs-dominance',
      'sum(cost) cần kiểm soát tiết lộ chưa được hỗ trợ; chỉ xuất được count_distinct(person), count(commune), count(person).',
      'sum(cost) would need disclosure control that is not offered; only count_distinct(person), count(commune), count(person) leave.',
    ],
    [
      'counts of another column, which hide a filter on its missing values',
      { measures: [{ column: 'day', fn: 'count' }] },
      'disclosure-needs-dominance',
      'count(day) cần kiểm soát tiết lộ chưa được hỗ trợ; chỉ xuất được count_distinct(person), count(commune), count(person).',
      'count(day) would need disclosure control that is not offered; only count_distinct(person), count(commune), count(person) leave.',
    ],
    [
      'grouping by a personal column',
      { groupBy: ['person'], measures: count },
      'disclosure-personal-column',
      'Cột “person” định danh đối tượng, không được kết xuất, gộp nhóm hay lọc theo.',
      'Column “person” identifies subjects: it cannot be output, grouped or filtered by.',
    ],
    [
      'filtering by a personal column',
      { filters: [{ column: 'person', op: 'eq', value: 'p1' }], measures: count },
      'disclosure-personal-column',
      'Cột “person” định danh đối tượng, không được kết xuất, gộp nhóm hay lọc theo.',
      'Column “person” identifies subjects: it cannot be output, grouped or filtered by.',
    ],
    [
      'grouping by what is no category',
      { groupBy: ['file_no'], measures: count },
      'disclosure-fine-column',
      'Cột “file_no” quá chi tiết để gộp nhóm hay lọc theo; được dùng: commune, month, age, cost, day, insured.',
      'Column “file_no” is too fine to group or filter by; use: commune, month, age, cost, day, insured.',
    ],
    [
      'G15: filtering by what is no category',
      { filters: [{ column: 'file_no', op: 'eq', value: '7' }], measures: count },
      'disclosure-fine-column',
      'Cột “file_no” quá chi tiết để gộp nhóm hay lọc theo; được dùng: commune, month, age, cost, day, insured.',
      'Column “file_no” is too fine to group or filter by; use: commune, month, age, cost, day, insured.',
    ],
    [
      'K15: extremes of an amount',
      { measures: [{ column: 'cost', fn: 'max' }] },
      'disclosure-needs-dominance',
      'max(cost) cần kiểm soát tiết lộ chưa được hỗ trợ; chỉ xuất được count_distinct(person), count(commune), count(person).',
      'max(cost) would need disclosure control that is not offered; only count_distinct(person), count(commune), count(person) leave.',
    ],
    [
      'G02: an unknown column',
      { groupBy: ['salary'], measures: count },
      'column-unknown',
      'Bộ dữ liệu mart.person_case không có cột “salary”.',
      'Dataset mart.person_case has no column “salary”.',
    ],
    [
      'columns and measures at once',
      { columns: ['commune'], measures: count },
      'shape-mixed',
      'Yêu cầu có cả “columns” và “measures”: chọn một trong hai.',
      'The request has both “columns” and “measures”: choose one.',
    ],
    [
      'a column named twice',
      { groupBy: ['commune', 'commune'], measures: count },
      'shape-repeated',
      'Cột “commune” được nêu hai lần.',
      'Column “commune” is named twice.',
    ],
    [
      'G04: a number that is none',
      { filters: [{ column: 'age', op: 'eq', value: 'ba mươi' }], measures: count },
      'filter-invalid',
      'Điều kiện eq trên “age” có giá trị không phù hợp.',
      'Condition eq on “age” has an unfit value.',
    ],
  ])('%s', (_what, changes, code, vi, en) => {
    const error = refusal(protectedCases, changes);
    expect(error).toMatchObject({
      code,
      group: 'data',
      text: { vi: `Không thể kết xuất: ${vi}`, en: `The extract is refused: ${en}` },
    });
  });

  it('K17: sums over persons whose units nobody can count any more leave in no shape', () => {
    const summed: Dataset = {
      ...openCases,
      protected: { subject: 'person', unitColumn: undefined, counted: [], dimensions: [] },
    };
    for (const changes of [
      { columns: ['commune'] },
      { groupBy: ['commune'], measures: [{ column: 'age', fn: 'count' }] },
    ]) {
      expect(refusal(summed, changes)).toMatchObject({ code: 'disclosure-units-unknown' });
    }
  });

  it('a measure of a personal column of an open dataset', () => {
    const named: Dataset = { ...openCases, columns: protectedCases.columns };
    const error = refusal(named, { measures: [{ column: 'person', fn: 'min' }] });
    expect(error.code).toBe('disclosure-personal-column');
  });

  it('names all problems together', () => {
    const error = refusal(protectedCases, { columns: ['salary'], groupBy: ['person'] });
    expect(error.text.en).toContain('“salary”');
    expect(error.text.en).toContain('aggregates');
  });

  it('an empty request', () => {
    expect(refusal(openCases, {})).toMatchObject({ code: 'shape-empty' });
  });

  it('a sum of text', () => {
    const error = refusal(openCases, { measures: [{ column: 'commune', fn: 'sum' }] });
    expect(error.code).toBe('measure-invalid');
  });

  it.each([
    ['in', []],
    ['in', 'x'],
    ['between', ['a']],
    ['between', ['a', 'b', 'c']],
    ['null', 'x'],
    ['eq', ['x']],
    ['eq', undefined],
  ])('%s with the value %j', (op, value) => {
    const filter = { column: 'commune', op, ...(value === undefined ? {} : { value }) };
    expect(refusal(openCases, { columns: ['commune'], filters: [filter] }).code).toBe(
      'filter-invalid',
    );
  });

  it.each([
    ['day', '2026-02-30'],
    ['day', '05/01/2026'],
    ['age', '1.5'],
    ['age', '1e3'],
    ['age', 'NaN'],
    ['cost', '1,5'],
    ['cost', '9'.repeat(40)],
    ['insured', 'yes'],
    ['commune', 'a\0b'],
  ])('a value that is none of its column: %s = %j', (column, value) => {
    const filters = [{ column, op: 'eq', value }];
    expect(refusal(openCases, { columns: ['commune'], filters }).code).toBe('filter-invalid');
  });
});

describe('what the schema refuses', () => {
  it.each([
    ['G03: an operator that is none', { filters: [{ column: 'age', op: '= 1; --', value: 1 }] }],
    [
      'G04: an object as value',
      { filters: [{ column: 'age', op: 'eq', value: { name: 'admin' } }] },
    ],
    ['G04: null as value', { filters: [{ column: 'age', op: 'eq', value: null }] }],
    ['G04: __proto__', JSON.parse('{"__proto__x": 1}') as JsonObject],
    [
      'G06: 100,000 values',
      { filters: [{ column: 'age', op: 'in', value: Array(100_000).fill(1) }] },
    ],
    ['a function that is none', { measures: [{ column: 'age', fn: 'median' }] }],
    ['no purpose', { purpose: ' ' }],
    ['no recipient', { recipient: '' }],
    ['a format that is none', { format: 'exe' }],
    ['an expiry that is no day', { expires: '2026-02-30' }],
  ])('%s', (_what, changes) => {
    expect(extractRequestSchema.safeParse(requestOf(changes)).success).toBe(false);
  });
});

const hostile = [
  'x"; drop table staging.person_case --',
  "'; drop table staging.person_case; --",
  'commune"',
  '$1',
  '*',
  'person) from mart.person_case --',
  '\u0000',
  '＂；drop',
  '"',
  'commune, person',
];

describe('SQL of an extract', () => {
  it.each(hostile)('G01, G08: %j is no column and never becomes SQL', (name) => {
    for (const changes of [
      { columns: [name] },
      { groupBy: [name], measures: [{ column: 'age', fn: 'count' }] },
      { columns: ['age'], filters: [{ column: name, op: 'eq', value: 1 }] },
      { measures: [{ column: name, fn: 'sum' }] },
    ]) {
      expect(refusal(openCases, changes).code).toBe('column-unknown');
    }
  });

  it.each(hostile.filter((text) => !text.includes('\0')))(
    'G05, G07: %j as a value is bound, never text of the statement',
    (value) => {
      const filters = [{ column: 'commune', op: 'eq', value }];
      const { sql, values } = extractSql(plan(openCases, { columns: ['age'], filters }));
      expect(sql).toBe(
        'select "age" from mart.open_case where "commune" = cast($1 as varchar) order by all',
      );
      expect(values).toEqual([value]);
    },
  );

  it('counts units and marks the cells below the minimum', () => {
    const { sql } = extractSql(plan(protectedCases, { groupBy: ['commune'], measures: count }));
    expect(sql).toMatch(/count\(distinct case when .* else nullif\("person", ''\) end\) as _units/);
    expect(sql).toContain('case when _units < 3 then \'< 3\' end as "person_count_mark"');
  });

  it('lists the suppressed cells with the groups they stand in', () => {
    const { sql } = suppressionSql(plan(protectedCases, { groupBy: ['commune'], measures: count }));
    expect(sql).toMatch(/^select "commune", 3 as minimum from /);
    expect(sql).toContain('where _units < 3 order by "commune"');
  });
});
