import type { Localized } from '../../core/localized.ts';
import type { RowProvenance } from './row-provenance.ts';

/**
 * How one number is made from a fact asset: a cell of a report, the value of an indicator. Reports compute a whole table
 * from its rules in one grouped SELECT; a trace computes one figure from the same rule over the same rows. Everything is exact: sums are DECIMAL or
 * integers, a quotient is rounded half up on integers, no float is involved.
 */
export interface FigureRule {
  /** The column's key: `received_online`. */
  readonly name: string;
  readonly label: Localized;
  /** In words, as an official would write it. */
  readonly formula: Localized;
  /** The fact asset whose rows contribute. */
  readonly fact: string;
  /** Named aggregates over the fact's rows. */
  readonly terms: Readonly<Record<string, FigureTerm>>;
  /** SQL over the terms' names; integers or decimals. */
  readonly value: string;
  /** Present for a quotient: value ÷ denominator × multiplier, rounded half up; 0 gives “no denominator”. */
  readonly quotient?: {
    readonly denominator: string;
    readonly multiplier: number;
    readonly decimals: number;
  };
  /** Decree or standard the rule comes from. */
  readonly source?: string;
  /** Which rows of which inputs this figure was made of, where the fact's own provenance is too narrow or too wide. */
  readonly provenance?: readonly RowProvenance[];
}

/** One aggregate over the fact's rows that fulfil a condition. */
export interface FigureTerm {
  /** `count(*)`, `sum(column)`, `count(distinct column)`. */
  readonly aggregate: string;
  /** SQL condition over the fact's columns. */
  readonly where: string;
}

/** A rule that is one aggregate. */
export function aggregateRule(
  rule: Pick<FigureRule, 'name' | 'label' | 'formula' | 'fact'> &
    FigureTerm & { readonly source?: string },
): FigureRule {
  const { aggregate, where, ...rest } = rule;
  return { ...rest, terms: { v: { aggregate, where } }, value: 'v' };
}

/** SELECT giving every figure of a table: the group columns, then one text column for each rule. */
export function tableSql(
  rules: readonly FigureRule[],
  groupBy: readonly string[],
  filter: string,
): string {
  const aggregates = rules.flatMap((rule) => termColumns(rule));
  const values = rules.map((rule) => `${valueSql(rule)} as "${rule.name}"`);
  const group = groupBy.length > 0 ? `\n  group by ${groupBy.join(', ')}` : '';
  return `select ${[...groupBy, ...values].join(',\n  ')}
from (
  select ${[...groupBy, ...aggregates].join(',\n    ')}
  from ${factOf(rules)}
  where ${filter}${group}
)`;
}

/** SELECT giving one figure: one row, one text column `value`. What a trace prints and runs. */
export function figureSql(rule: FigureRule, filter: string): string {
  return oneRow(rule, filter, [`${valueSql(rule)} as value`]);
}

/** The same with the terms it is made of, as texts in the order of the rule, after the value. */
export function figureAndTermsSql(rule: FigureRule, filter: string): string {
  const terms = Object.keys(rule.terms).map(
    (term) => `cast(${termName(rule, term)} as varchar) as ${term}`,
  );
  return oneRow(rule, filter, [`${valueSql(rule)} as value`, ...terms]);
}

function oneRow(rule: FigureRule, filter: string, columns: readonly string[]): string {
  return `select ${columns.join(', ')}
from (
  select ${termColumns(rule).join(',\n    ')}
  from ${rule.fact}
  where ${contributing(rule, filter)}
)`;
}

/** The condition that names the rows contributing to one figure. */
export function contributing(rule: FigureRule, filter: string): string {
  const conditions = [...new Set(Object.values(rule.terms).map(({ where }) => where))];
  if (conditions.includes('true')) return filter;
  return `(${filter}) and (${conditions.map((where) => `(${where})`).join(' or ')})`;
}

function termColumns(rule: FigureRule): readonly string[] {
  return Object.entries(rule.terms).map(
    ([name, { aggregate, where }]) =>
      `coalesce(${aggregate} filter (where ${where}), 0) as ${termName(rule, name)}`,
  );
}

function termName(rule: FigureRule, term: string): string {
  return `${rule.name}__${term}`;
}

function valueSql(rule: FigureRule): string {
  const value = overTerms(rule, rule.value);
  if (!rule.quotient) return `cast(${value} as varchar)`;
  const denominator = overTerms(rule, rule.quotient.denominator);
  return `cast(${exactQuotient(value, denominator, rule.quotient)} as varchar)`;
}

function overTerms(rule: FigureRule, expression: string): string {
  return expression.replace(/[a-z_]+/g, (word) =>
    Object.hasOwn(rule.terms, word) ? termName(rule, word) : word,
  );
}

/** n ÷ d × multiplier on integers, half away from zero; NULL when d is 0. Up to four decimals of n and d are kept. */
function exactQuotient(
  n: string,
  d: string,
  { multiplier, decimals }: { readonly multiplier: number; readonly decimals: number },
): string {
  const whole = (sql: string) => `cast((${sql}) * 10000 as hugeint)`;
  const scale = BigInt(multiplier) * 10n ** BigInt(decimals);
  const rounded = `(2 * abs(${whole(n)}) * ${scale} + abs(${whole(d)})) // nullif(2 * abs(${whole(d)}), 0)`;
  const signed = `(${rounded}) * sign(${n}) * sign(${d})`;
  return `cast(${signed} as decimal(30, 0)) * cast('${unit(decimals)}' as decimal(${decimals + 1}, ${decimals}))`;
}

function unit(decimals: number): string {
  return decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`;
}

function factOf(rules: readonly FigureRule[]): string {
  const facts = [...new Set(rules.map(({ fact }) => fact))];
  const [fact, ...others] = facts;
  if (fact === undefined || others.length > 0) {
    throw new RangeError(`a table is computed from one fact, not ${facts.join(', ')}`);
  }
  return fact;
}
