import { breakdownKey } from '../socioeconomic-figure.ts';
import { attributeNames, notApplicable, totalCode } from './components.ts';
import type { SdmxConfig } from './config.ts';

/** Texts by component. */
export type Components = Readonly<Record<string, string>>;

/** An observation as a message gives it: its key, its attributes, one measure. */
export interface Observation {
  readonly dataset: string;
  readonly action: string;
  readonly key: Components;
  readonly attributes: Components;
  /** Set where a message has several measures. */
  readonly measure: string | undefined;
  readonly value: string | undefined;
  /** Names of members, where the message carries them. */
  readonly names?: Components;
}

/** Columns of the table of texts that every format is brought to. */
export const textColumns = [
  'dataset',
  'action',
  'indicator',
  'indicator_name',
  'area',
  'area_name',
  'period_given',
  'breakdown',
  'unit',
  'multiplier',
  'decimals',
  'status',
  'value',
  'aggregate_over',
  'record',
] as const;

/** One of them. */
export type TextColumn = (typeof textColumns)[number];

/** The texts of an observation. */
export function figureTexts(
  { dataset, action, key, attributes, measure, value, names = {} }: Observation,
  config: SdmxConfig,
): Readonly<Record<TextColumn, string | null>> {
  const indicator = config.indicator.find((name) => Object.hasOwn(key, name));
  const area = config.area.find((name) => Object.hasOwn(key, name));
  const others = Object.entries(key).filter(
    ([name, member]) =>
      name !== indicator &&
      name !== area &&
      name !== config.time &&
      !notApplicable.includes(member),
  );
  const divided = Object.fromEntries(
    measure === undefined ? others : [...others, ['MEASURE', measure]],
  );
  const first = (wanted: readonly string[]) =>
    wanted.map((name) => attributes[name]).find((text) => text !== undefined) ?? null;
  return {
    dataset: config.dataset ?? dataset,
    action,
    indicator: member(key, indicator),
    indicator_name: indicator === undefined ? null : (names[indicator] ?? null),
    area: member(key, area),
    area_name: area === undefined ? null : (names[area] ?? null),
    period_given: key[config.time] ?? null,
    breakdown: breakdownKey(divided),
    unit: first(attributeNames.unit) ?? key['unit'] ?? null,
    multiplier: first(attributeNames.multiplier),
    decimals: first(attributeNames.decimals),
    status: first(attributeNames.status),
    value: value ?? null,
    aggregate_over: totalsOf(key, config),
    record: JSON.stringify({ ...key, ...attributes, value: value ?? null }),
  };
}

function member(key: Components, dimension: string | undefined): string {
  const text = dimension === undefined ? '' : (key[dimension] ?? '');
  return notApplicable.includes(text) ? '' : text;
}

/** Names of the dimensions whose member is a total; null where none is known to be. */
function totalsOf(key: Components, { totals }: SdmxConfig): string | null {
  const over = Object.entries(key)
    .filter(([name, text]) => text === totalCode || totals[name]?.includes(text) === true)
    .map(([name]) => name)
    .sort();
  return over.length === 0 ? null : over.join(',');
}
