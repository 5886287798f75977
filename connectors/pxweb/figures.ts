import { literal, quoted } from '../../core/sql-text.ts';
import type { Cube, CubeDimension } from '../decode/cube.ts';
import { periodOfText, vintageOfText } from '../decode/period-text.ts';
import type { TypedColumn } from '../decode/typed-select.ts';
import { scaledNumber, unitTable } from '../decode/unit-table.ts';
import { unitInName } from '../decode/unit-text.ts';
import type { PxwebConfig, PxwebTable } from './config.ts';
import { pxwebTrouble } from './pxweb-trouble.ts';
import { sameText } from './selection.ts';

/** Where a cube's cells are. */
interface CubePlace {
  readonly long: string;
  readonly file: number;
}

/** The columns of the stream, over the rows of {@link figureRows}. */
export const figureColumns: readonly TypedColumn[] = [
  ...['publisher', 'dataset', 'indicator', 'indicator_name', 'area', 'area_name'].map(ready),
  { name: 'period', type: 'varchar', from: 'period', form: 'clean' },
  ...['period_as_given', 'breakdown', 'breakdown_name', 'vintage'].map(ready),
  { name: 'value', type: 'decimal(38,12)', from: 'scaled', form: 'clean' },
  ...['unit', 'value_as_given', 'unit_as_given'].map(ready),
  { name: 'multiplier', type: 'integer', from: 'multiplier', form: 'value' },
  ready('status'),
  { name: 'decimals', type: 'integer', from: 'decimals', form: 'value' },
  ready('aggregate_over'),
];

function ready(name: string): TypedColumn {
  return { name, type: 'varchar', from: name, form: 'clean' };
}

/**
 * SQL for the figures of a cube: one row for each cell. Dimensions are told apart by their configured names, else by
 * their role; all others are breakdowns. Codes that are mere ordinals are replaced by texts.
 * Throws data `dimension-unknown`, `member-ambiguous`.
 */
export function figureRows(
  config: PxwebConfig,
  table: PxwebTable,
  cube: Cube,
  { long: from, file }: CubePlace,
): string {
  const place = placesOf(table, cube);
  const member = (k: number) => ({ key: keyOf(table, cube, k), text: `text_${k}` });
  const indicator =
    place.indicator === undefined
      ? { key: literal(table.id), text: literal(cube.label) }
      : member(place.indicator);
  const area = place.area === undefined ? { key: `''`, text: `''` } : member(place.area);
  const long = quoted(from);
  return `select *, coalesce(u.meaning, unit_as_given) as unit, coalesce(u.exponent, '0')::integer as multiplier,
      ${scaledNumber('value')} as scaled
    from (select ${literal(config.publisher)} as publisher, ${literal(table.id)} as dataset,
      ${indicator.key} as indicator, ${indicator.text} as indicator_name, ${area.key} as area, ${area.text} as area_name,
      period, period_text as period_as_given, ${breakdownOf(table, cube, place.others)} as breakdown,
      ${wordsOf(cube, place.others)} as breakdown_name,
      coalesce(nullif(stated, ''), ${literal(table.vintage ?? '')}) as vintage,
      value, given as value_as_given, ${unitGiven(cube, place.indicator)} as unit_as_given, status, decimals,
      ${aggregatesOf(table, cube, [place.area, ...place.others])} as aggregate_over,
      ${file}::integer as _file, n + 1 as _row,
      case when period is null then 'period-unknown' end as _malformed
      from ${long} join ${periodTable(table, cube, place.time, long)}) f
    left join ${unitTable(unitTexts(cube))} on u.text = f.unit_as_given`;
}

/** SQL for the period and stated vintage of each member of the time dimension, with the condition to join it by. */
function periodTable(table: PxwebTable, cube: Cube, k: number | undefined, long: string): string {
  if (k === undefined) {
    const period = literal(table.period ?? '');
    return `(select ${period} as period, ${period} as period_text, '' as stated) p on true`;
  }
  const key = keyOf(table, cube, k);
  return `(select *, coalesce(${periodOfText('period_key')}, ${periodOfText('period_text')}) as period,
      ${vintageOfText('period_text')} as stated
    from (select distinct ${key} as period_key, text_${k} as period_text from ${long})) p
    on p.period_key = ${key} and p.period_text = text_${k}`;
}

interface Places {
  readonly indicator: number | undefined;
  readonly area: number | undefined;
  readonly time: number | undefined;
  readonly others: readonly number[];
}

function placesOf(table: PxwebTable, { dimensions }: Cube): Places {
  const named = (name: string | undefined, role: CubeDimension['role']) => {
    const wanted = name === undefined ? undefined : sameText(name);
    const found = dimensions.findIndex((one) =>
      wanted === undefined
        ? one.role === role
        : [one.code, one.label].map(sameText).includes(wanted),
    );
    if (found < 0 && name !== undefined) throw pxwebTrouble('dimension-unknown', table.id, name);
    return found < 0 ? undefined : found;
  };
  const indicator = named(table.indicator, 'metric');
  const area = named(table.area, 'geo');
  const time = named(table.time, 'time');
  if (time === undefined && table.period === undefined)
    throw pxwebTrouble('dimension-unknown', table.id, 'time');
  const others = dimensions.map((_, k) => k).filter((k) => ![indicator, area, time].includes(k));
  return { indicator, area, time, others };
}

/** SQL for the key of a member: its code, or its text where codes only count (`0`, `1` …). */
function keyOf(table: PxwebTable, { dimensions }: Cube, k: number): string {
  const members = dimensions[k]?.members ?? [];
  if (!isOrdinal(members)) return `code_${k}`;
  const texts = new Set(members.map(({ label }) => label));
  if (texts.size < members.length) {
    const twice = members.find(
      ({ label }, n) => members.findIndex((one) => one.label === label) < n,
    );
    throw pxwebTrouble(
      'member-ambiguous',
      table.id,
      `${dimensions[k]?.label ?? ''}: ${twice?.label ?? ''}`,
    );
  }
  return `text_${k}`;
}

/** Codes that only count: plain numbers below 1000 that are not the text itself. */
function isOrdinal(members: CubeDimension['members']): boolean {
  return (
    members.every(({ code }) => /^(0|[1-9]\d{0,2})$/.test(code)) &&
    members.some(({ code, label }) => code !== label)
  );
}

function breakdownOf(table: PxwebTable, cube: Cube, others: readonly number[]): string {
  const escaped = (sql: string) =>
    `replace(replace(replace(${sql}, '%', '%25'), '|', '%7C'), '=', '%3D')`;
  const sorted = others.toSorted((a, b) =>
    (cube.dimensions[a]?.code ?? '') < (cube.dimensions[b]?.code ?? '') ? -1 : 1,
  );
  const parts = sorted.map(
    (k) =>
      `${escaped(literal(cube.dimensions[k]?.code ?? ''))} || '=' || ${escaped(keyOf(table, cube, k))}`,
  );
  return parts.length === 0 ? `''` : `concat_ws('|', ${parts.join(', ')})`;
}

function wordsOf({ dimensions }: Cube, others: readonly number[]): string {
  const parts = others.map((k) => `${literal(`${dimensions[k]?.label ?? ''}: `)} || text_${k}`);
  return parts.length === 0 ? `''` : `concat_ws('; ', ${parts.join(', ')})`;
}

/** SQL for the unit as printed: the source's own, else the one in brackets at the end of the indicator's name. */
function unitGiven({ dimensions }: Cube, indicator: number | undefined): string {
  if (indicator === undefined) return 'unit';
  const inNames = (dimensions[indicator]?.members ?? []).map(({ label }) => [
    label,
    unitInName(label) ?? '',
  ]);
  const list = (column: number) => inNames.map((pair) => literal(pair[column] ?? '')).join(', ');
  return `coalesce(nullif(unit, ''), [${list(1)}][list_position([${list(0)}], text_${indicator})])`;
}

function unitTexts(cube: Cube): readonly string[] {
  const members = cube.dimensions.flatMap((one) => one.members);
  return [
    cube.unit,
    ...members.flatMap(({ unit, label }) => [unit ?? '', unitInName(label) ?? '']),
  ];
}

/** SQL for the dimensions over which a cell is a total; NULL where nobody says which members are totals. */
function aggregatesOf(
  table: PxwebTable,
  cube: Cube,
  places: readonly (number | undefined)[],
): string {
  const known = places.flatMap((k) => {
    const dimension = k === undefined ? undefined : cube.dimensions[k];
    return k === undefined || dimension === undefined
      ? []
      : [{ k, dimension, totals: totalsOf(table, dimension) }];
  });
  const parts = known.map(({ k, dimension, totals }) => {
    const named = (totals ?? []).map(literal).join(', ');
    const test = named === '' ? `total_${k}` : `(total_${k} or lower(text_${k}) in (${named}))`;
    return `case when ${test} then ${literal(dimension.code)} end`;
  });
  if (parts.length === 0) return `''`;
  const sure = known.every(({ totals }) => totals !== undefined);
  return sure
    ? `concat_ws('|', ${parts.join(', ')})`
    : `nullif(concat_ws('|', ${parts.join(', ')}), '')`;
}

/** Printed texts of totals; undefined when neither the configuration nor the source tells them. */
function totalsOf(
  table: PxwebTable,
  { code, label, members }: CubeDimension,
): readonly string[] | undefined {
  const own = Object.entries(table.totals ?? {}).find(([name]) =>
    [code, label].map(sameText).includes(sameText(name)),
  );
  if (own !== undefined) return own[1].map(sameText);
  return members.length === 1 || members.some(({ isTotal }) => isTotal) ? [] : undefined;
}

/** The source's time of its last change: an instant, or local time as PX writes it; the last day of 9999 says nothing. */
export function publishedAt({ updated }: Cube, timeZone: string): string {
  if (updated === '' || updated.startsWith('9999')) return 'null::timestamptz';
  const local = `try_strptime(${literal(updated)}, '%Y%m%d %H:%M') at time zone ${literal(timeZone)}`;
  return /^\d{8}/.test(updated) ? local : `try_cast(${literal(updated)} as timestamptz)`;
}
