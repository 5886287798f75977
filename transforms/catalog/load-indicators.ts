import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { assertNever } from '../../core/assert-never.ts';
import type { PeriodSeries } from '../../core/calendar-expression.ts';
import { PhusaError } from '../../core/errors.ts';
import type { Indicator, IndicatorPart } from './indicator.ts';

const localized = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) });
const columnName = z.string().regex(/^[a-z_][a-z0-9_]*$/);
const areaColumns = z.strictObject({ own: columnName, current: columnName });

const SERIES = [
  'day',
  'week',
  'month',
  'month@nd09',
  'quarter',
  'quarter@nd09',
  'half@nd09',
  'nine-months@nd09',
  'year',
  'year@nd09',
] as const satisfies readonly PeriodSeries[];

const aggregate = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('count') }),
  z.strictObject({ kind: z.literal('sum'), column: columnName }),
  z.strictObject({ kind: z.literal('count-distinct'), column: columnName }),
]);

const part = z.strictObject({
  label: localized,
  formula: localized,
  aggregate,
  where: z.string().optional(),
  unit: z.string(),
});

const indicatorFile = z.strictObject({
  code: z.string().regex(/^[A-Z0-9][A-Za-z0-9.-]*$/),
  position: z.int(),
  group: localized,
  name: localized,
  breakdown: z.array(z.strictObject({ column: columnName, label: localized })),
  periods: z.array(z.enum(SERIES)).min(1),
  responsible: localized,
  higher_code: z.string().optional(),
  unit: z.string(),
  formula: localized,
  legal_basis: z.array(z.string()).min(1),
  fact: z.string().regex(/^(mart|staging)\.[a-z_][a-z0-9_]*$/),
  cut: z.strictObject({
    period: z.union([z.strictObject({ id: columnName }), z.strictObject({ day: columnName })]),
    commune: areaColumns.optional(),
    province: areaColumns.optional(),
  }),
  numerator: part,
  denominator: part.optional(),
  multiplier: z.int().default(1),
  decimals: z.int().min(0).max(6),
  note: localized.optional(),
});

type IndicatorFile = z.infer<typeof indicatorFile>;

/** The indicators of a folder by position. Throws fatal `indicator-invalid` listing the faults of every file. */
export async function loadIndicators(directory: string): Promise<readonly Indicator[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.yaml')).sort();
  const read = await Promise.all(names.map((name) => readIndicator(directory, name)));
  const indicators = read.flatMap((r) => ('indicator' in r ? [r.indicator] : []));
  const problems = read.flatMap((r) => ('problem' in r ? [r.problem] : []));
  problems.push(...repeatedCodes(indicators));
  if (problems.length > 0) throw invalidIndicators(problems);
  return indicators.toSorted((a, b) => a.position - b.position);
}

async function readIndicator(
  directory: string,
  name: string,
): Promise<{ readonly indicator: Indicator } | { readonly problem: string }> {
  const text = await readFile(path.join(directory, name), 'utf8');
  const result = indicatorFile.safeParse(parse(text));
  if (!result.success) {
    const faults = result.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`);
    return { problem: `${name}: ${faults.join('; ')}` };
  }
  if (name !== `${result.data.code}.yaml`) {
    return { problem: `${name}: the code is ${result.data.code}` };
  }
  return { indicator: indicatorOf(result.data) };
}

function indicatorOf(file: IndicatorFile): Indicator {
  const { higher_code, legal_basis, numerator, denominator, cut, note, ...rest } = file;
  return {
    ...rest,
    higherCode: higher_code,
    legalBasis: legal_basis,
    cut: { period: cut.period, commune: cut.commune, province: cut.province },
    numerator: partOf(numerator),
    denominator: denominator && partOf(denominator),
    note,
  };
}

function partOf({ aggregate, where, ...words }: z.infer<typeof part>): IndicatorPart {
  return { ...words, aggregate: aggregateSql(aggregate), where: where ?? 'true' };
}

function aggregateSql(declared: z.infer<typeof aggregate>): string {
  switch (declared.kind) {
    case 'count':
      return 'count(*)';
    case 'sum':
      return `sum(${declared.column})`;
    case 'count-distinct':
      return `count(distinct ${declared.column})`;
    default:
      return assertNever(declared);
  }
}

function repeatedCodes(indicators: readonly Indicator[]): readonly string[] {
  const positions = indicators.map((i) => i.position);
  return indicators
    .filter((i, n) => positions.indexOf(i.position) !== n)
    .map((i) => `${i.code}.yaml: position ${i.position} is taken`);
}

function invalidIndicators(problems: readonly string[]): PhusaError {
  const list = problems.join('\n');
  return new PhusaError({
    group: 'fatal',
    code: 'indicator-invalid',
    message: { vi: `Chỉ tiêu khai báo sai:\n${list}`, en: `Indicators are not valid:\n${list}` },
    remedy: {
      vi: 'Sửa các tệp trong transforms/catalog/indicators.',
      en: 'Correct the files in transforms/catalog/indicators.',
    },
  });
}
