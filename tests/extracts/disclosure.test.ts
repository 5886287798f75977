import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import type { Dataset } from '../../extracts/dataset.ts';
import { differencingRisks, type GivenExtract } from '../../extracts/differencing.ts';
import { extractRequestSchema } from '../../extracts/extract-request.ts';
import { planExtract } from '../../extracts/extract-plan.ts';
import { extractSql, suppressionSql } from '../../extracts/extract-sql.ts';
import {
  caseOf,
  openExtractHome,
  protectedCases,
  requestOf,
  type CaseRow,
  type ExtractHome,
} from './extract-home.ts';

let home: ExtractHome;
beforeAll(async () => {
  home = await openExtractHome();
});
afterAll(() => home.remove());

/** A small generator of even numbers in [0, 1): the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

function randomRows(seed: number): readonly CaseRow[] {
  const random = randomOf(seed);
  const pick = (...from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  const rows = new Map<string, CaseRow>();
  for (let i = 0; i < 60; i += 1) {
    const row = caseOf(`p${Math.floor(random() * 25)}`, pick('A', 'B', 'C'), {
      month: pick('2026-01', '2026-02'),
      age: pick('1', '2', '3'),
      insured: pick('true', 'false'),
    });
    rows.set(`${row['person']}|${row['commune']}|${row['month']}`, row);
  }
  return [...rows.values()];
}

const counts = (fn: string) => [{ column: 'person', fn }];
const request = (changes: JsonObject) => extractRequestSchema.parse(requestOf(changes));

describe('K01: minimum frequency on random tables', () => {
  it.each([3, 5, 10])(
    'n = %i: exactly the cells of fewer persons are empty and marked',
    async (n) => {
      for (let seed = 1; seed <= 8; seed += 1) {
        const rows = randomRows(seed * 31 + n);
        await home.load(rows);
        const present = (
          await home.warehouse.select(
            'select person, commune, month, age::varchar, insured::varchar from mart.person_case',
          )
        ).rows;
        for (const groupBy of [
          [],
          ['commune'],
          ['commune', 'month'],
          ['commune', 'month', 'age'],
        ]) {
          const plan = planExtract(
            request({ groupBy, measures: counts('count') }),
            protectedCases,
            n,
          );
          const { sql, values } = extractSql(plan);
          const table = await home.warehouse.select(sql, { values });
          expect(table.rows).toEqual(bruteForce(present, groupBy, n));
          const hidden = suppressionSql(plan);
          const suppressed = await home.warehouse.select(hidden.sql, { values: hidden.values });
          expect(suppressed.rows).toHaveLength(
            table.rows.filter((row) => row.at(-2) === null).length,
          );
        }
      }
    },
  );
});

const place: Readonly<Record<string, number>> = { commune: 1, month: 2, age: 3 };

function bruteForce(
  rows: readonly (readonly (string | boolean | null)[])[],
  groupBy: readonly string[],
  n: number,
): readonly (readonly (string | null)[])[] {
  const cells = new Map<string, { key: readonly string[]; persons: Set<unknown>; rows: number }>();
  for (const row of rows) {
    const key = groupBy.map((name) => String(row[place[name] ?? 0]));
    const cell = cells.get(key.join('|')) ?? { key, persons: new Set(), rows: 0 };
    cell.persons.add(row[0]);
    cell.rows += 1;
    cells.set(key.join('|'), cell);
  }
  // every combination of the categories that occur is a cell, so that an empty one looks like a small one
  const categories = groupBy.map((_, at) => [
    ...new Set([...cells.values()].map(({ key }) => key[at] ?? '')),
  ]);
  const combinations = categories.reduce<readonly (readonly string[])[]>(
    (all, values) => all.flatMap((key) => values.map((value) => [...key, value])),
    [[]],
  );
  for (const key of combinations) {
    const name = key.join('|');
    if (!cells.has(name)) cells.set(name, { key, persons: new Set(), rows: 0 });
  }
  return [...cells.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { key, persons, rows: count }]) =>
      persons.size >= n ? [...key, String(count), null] : [...key, null, `< ${n}`],
    );
}

/** Another table of the same persons. */
const akinCases: Dataset = { ...protectedCases, key: 'mart.akin_case' };

interface Answer extends GivenExtract {
  readonly cells: readonly { readonly rows: ReadonlySet<number>; readonly open: boolean }[];
}

describe('differencing', () => {
  const given = (changes: JsonObject, suppressed = 0, id = 'x1'): GivenExtract => ({
    id,
    request: request({ measures: counts('count'), asOf: '2026-11-22T00:00:00.000Z', ...changes }),
    suppressed,
  });
  const risks = (a: GivenExtract, b: GivenExtract) =>
    differencingRisks([protectedCases, akinCases], a, [b]).length > 0;
  const filter = (column: string, op: string, value: unknown) =>
    ({ filters: [{ column, op, value }] }) as JsonObject;

  it('K18: two extracts that differ by one commune', () => {
    const wide = given(filter('commune', 'in', ['A', 'B', 'C']));
    const narrow = given(filter('commune', 'in', ['A', 'B']));
    expect(risks(wide, narrow)).toBe(true);
    expect(risks(narrow, wide)).toBe(true);
  });

  it('K17: a dataset about the same subjects, seen from another side', () => {
    const whole = given({ groupBy: ['commune'] });
    const other = given({ groupBy: ['commune'], dataset: akinCases.key });
    expect(risks(whole, other)).toBe(true);
    const apart = { ...filter('commune', 'eq', 'B'), dataset: akinCases.key };
    expect(risks(given(filter('commune', 'eq', 'A')), given(apart))).toBe(false);
  });

  it('the same definition in another order is harmless', () => {
    const two = (order: readonly string[]) =>
      given(
        { groupBy: order, filters: order.map((column) => ({ column, op: 'ne', value: 'x' })) },
        2,
      );
    expect(risks(two(['commune', 'month']), two(['month', 'commune']))).toBe(false);
  });

  it('the same definition of other data is not', () => {
    expect(
      risks(
        given({ groupBy: ['commune'] }),
        given({ groupBy: ['commune'], asOf: '2026-11-23T00:00:00.000Z' }),
      ),
    ).toBe(true);
  });

  it.each([
    ['age', '1', '01'],
    ['age', 1, '1'],
    ['cost', '1.5', '1.50'],
    ['cost', '0', '-0'],
    ['insured', true, 'true'],
  ])('one value in two spellings overlaps with itself: %s %j %j', (column, a, b) => {
    const one = given({ ...filter(column, 'eq', a), groupBy: ['month'] });
    const two = given({ ...filter(column, 'eq', b), groupBy: ['commune'] }, 1);
    expect(risks(one, two)).toBe(true);
  });

  it('different values of one column cannot overlap', () => {
    expect(risks(given(filter('age', 'eq', 1), 1), given(filter('age', 'in', [2, 3]), 1))).toBe(
      false,
    );
  });

  it('distinct counts over the same rows do not add up: refused', () => {
    const distinct = { measures: counts('count_distinct') };
    expect(risks(given({ ...distinct, groupBy: ['month'] }), given(distinct))).toBe(true);
    expect(risks(given({ groupBy: ['month'] }), given({}))).toBe(false);
    expect(risks(given({ groupBy: ['month'] }, 1), given({}))).toBe(true);
  });

  it('no pair of allowed answers gives a small group by subtraction (random tables and requests)', () => {
    const n = 3;
    let allowed = 0;
    for (let seed = 1; seed <= 400; seed += 1) {
      const random = randomOf(seed);
      const rows = randomRows(seed);
      const a = answerOf(rows, randomRequest(random), n);
      const b = answerOf(rows, randomRequest(random), n);
      if (differencingRisks([protectedCases, akinCases], a, [b]).length > 0) continue;
      allowed += 1;
      for (const small of differences(a, b)) {
        const persons = new Set([...small].map((row) => rows[row]?.['person']));
        expect(persons.size === 0 || persons.size >= n, `seed ${seed}`).toBe(true);
      }
    }
    expect(allowed).toBeGreaterThan(20);
  });

  function randomRequest(random: () => number): JsonObject {
    const some = <T>(list: readonly T[]) => list.filter(() => random() < 0.4);
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)];
    const values = { commune: ['A', 'B', 'C'], age: ['1', '2', '03'], insured: ['true', 'false'] };
    const filters = some(Object.entries(values)).map(([column, list]) =>
      random() < 0.5
        ? { column, op: 'in', value: list.slice(0, 1 + Math.floor(random() * list.length)) }
        : { column, op: pick(['eq', 'ne']) ?? 'eq', value: pick(list) ?? '' },
    );
    return { filters, groupBy: some(['commune', 'month', 'age']) };
  }

  function answerOf(rows: readonly CaseRow[], changes: JsonObject, n: number): Answer {
    const wanted = given(changes);
    const cells = new Map<string, Set<number>>();
    rows.forEach((row, index) => {
      if (!wanted.request.filters.every(({ column, op, value }) => fits(row, column, op, value)))
        return;
      const key = wanted.request.groupBy.map((name) => row[name]).join('|');
      cells.set(key, (cells.get(key) ?? new Set()).add(index));
    });
    const judged = [...cells.values()].map((cell) => ({
      rows: cell,
      open: new Set([...cell].map((row) => rows[row]?.['person'])).size >= n,
    }));
    return { ...wanted, cells: judged, suppressed: judged.filter(({ open }) => !open).length };
  }

  function fits(row: CaseRow, column: string, op: string, value: unknown): boolean {
    const same = (one: unknown) => String(one).replace(/^0/, '') === row[column];
    if (op === 'ne') return !same(value);
    return Array.isArray(value) ? value.some(same) : same(value);
  }

  /** Sets of rows whose count is known by subtracting open cells of one answer from an open cell of the other. */
  function* differences(a: Answer, b: Answer): Generator<ReadonlySet<number>> {
    for (const [one, two] of [
      [a, b],
      [b, a],
    ] as const) {
      const open = two.cells.filter((cell) => cell.open);
      for (const whole of one.cells.filter((cell) => cell.open)) {
        const inside = open.filter(({ rows }) => [...rows].every((row) => whole.rows.has(row)));
        for (const part of inside) yield minus(whole.rows, [part.rows]);
        yield minus(
          whole.rows,
          inside.map(({ rows }) => rows),
        );
      }
    }
  }

  function minus(
    whole: ReadonlySet<number>,
    parts: readonly ReadonlySet<number>[],
  ): ReadonlySet<number> {
    return new Set([...whole].filter((row) => !parts.some((part) => part.has(row))));
  }
});
