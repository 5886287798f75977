import { literal } from '../../core/sql-text.ts';
import { headerUnit } from '../decode/header-words.ts';
import { missingSigns, vietnameseNumber } from '../decode/number-text.ts';
import { cleanText, type TypedColumn } from '../decode/typed-select.ts';
import { scaledNumber, unitTable } from '../decode/unit-table.ts';
import type { XlsxSheet } from '../decode/xlsx-table.ts';
import type { ProvincialForm, ProvincialFormsConfig } from './config.ts';
import { periodFrom, type ReportMonth } from './form-file.ts';
import type { FormColumn } from './layout.ts';

/** A form that was read, and what its columns mean. */
export interface ReadForm {
  readonly config: ProvincialFormsConfig;
  readonly form: ProvincialForm;
  readonly month: ReportMonth;
  /** Columns found; `n` is the number in the table's column name `c<n>`. */
  readonly columns: readonly (FormColumn & { readonly n: number })[];
  readonly sheets: readonly XlsxSheet[];
  /** Units printed in rows. */
  readonly rowUnits: readonly string[];
}

/** The columns of the stream, over the rows of {@link formCells}. */
export const formColumns: readonly TypedColumn[] = [
  ...['publisher', 'dataset'].map(ready),
  { ...ready('indicator'), required: true },
  ...[
    'indicator_name',
    'area',
    'area_name',
    'period',
    'period_as_given',
    'breakdown',
    'breakdown_name',
    'vintage',
  ].map(ready),
  { name: 'value', type: 'decimal(38,12)', from: 'scaled' },
  ...['unit', 'value_as_given', 'unit_as_given'].map(ready),
  { name: 'multiplier', type: 'integer', from: 'multiplier', form: 'value' },
  ready('status'),
  { name: 'decimals', type: 'integer', from: 'null::integer', form: 'value' },
  ready('aggregate_over'),
];

function ready(name: string): TypedColumn {
  return { name, type: 'varchar', from: name, form: 'clean' };
}

/** Numbers in front of items, from the outermost to the innermost level: `I`, `1`, `1.1`, `a`, `-`, `+`. */
const levels = ['[IVX]+', '\\d+', '\\d+[.]\\d+([.]\\d+)*', '[a-zđ]', '[-–]', '[+*]'];

/**
 * SQL for the figures of a form. Rows are ordered by their numbers: a row followed by a deeper one contains it
 * (`aggregate_over` is `item`), and its text is part of the deeper one's indicator, since names such as "Hàng hóa khác"
 * stand under several. A form without numbers says nothing about totals.
 */
export function formCells(read: ReadForm): string {
  const { config, form, columns, sheets } = read;
  return `with given as (
      select *, ${cleanText('item')} as text, trim(coalesce(number, regexp_extract(trim(item), '^(${levels.join('|')})[.)]?\\s', 1)), ' .)') as mark
      from form where ${cleanText('item')} is not null),
    ranked as (
      select *, regexp_replace(text, '^(${levels.join('|')})[.)]?\\s+', '') as name,
        case ${levels.map((pattern, n) => `when regexp_full_match(mark, '${pattern}') then ${n + 1}`).join(' ')} else 0 end as level,
        max(mark) over () <> '' as is_numbered from given),
    placed as (
      select *, coalesce(lead(level) over (partition by _sheet order by _row) > level, false) as contains
      from ranked),
    parted as (
      select p.*, (select max(o._row) from placed o where o._sheet = p._sheet and o._row < p._row and o.level < p.level and o.level > 0) as parent
      from placed p),
    named as (
      select p.*, coalesce(p.code, concat_ws(' / ', o.name, p.name)) as indicator
      from parted p left join placed o on o._row = p.parent),
    cells as (${columns.map((column) => columnCells(read, column)).join(' union all ')})
    select *, ${literal(config.publisher)} as publisher, ${literal(form.id)} as dataset, name as indicator_name,
      ${literal(form.area)} as area, ${literal(form.areaName)} as area_name,
      'measure=' || measure as breakdown, measure as breakdown_name,
      coalesce(u.meaning, unit_as_given) as unit, coalesce(u.exponent, '0')::integer as multiplier,
      case when status is null then ${scaledNumber('number')} end as scaled,
      case when not is_numbered then null when contains then 'item' else '' end as aggregate_over,
      null::varchar as _malformed
    from (select * replace (trim(unit_as_given) as unit_as_given) from cells) c
    left join ${unitTable(unitTexts(read))} on u.text = c.unit_as_given
    where ${sheets.length} > 0`;
}

/** One column's cells that hold something. */
function columnCells(
  { form, month, sheets }: ReadForm,
  column: ReadForm['columns'][number],
): string {
  const { n, measure, vintage, unit, months, header } = column;
  const value = `c${n}`;
  const signs = missingSigns.map(literal).join(', ');
  const number = `case when _kinds ->> ${literal(value)} = 't' then ${vietnameseNumber(value)} else ${value} end`;
  const shares = `case ${sheets.map((sheet) => `when _sheet = ${sheet.n} then ${literal(sheetUnit(sheet, value))}`).join(' ')} end`;
  const units =
    unit === ''
      ? `coalesce(${cleanText('unit')}, nullif(${shares}, ''), ${literal(form.unit)})`
      : literal(unit);
  return `select indicator, name, contains, is_numbered, ${literal(measure)} as measure, ${literal(vintage)} as vintage,
      ${literal(periodFrom(form, month, months))} as period, ${literal(header)} as period_as_given,
      trim(${value}) as value_as_given, ${number} as number, ${units} as unit_as_given,
      case when trim(${value}) in (${signs}) then trim(${value}) end as status,
      (_row - 1) * 256 + ${n + 1} as _row, _file, _line
    from named where ${cleanText(value)} is not null`;
}

/** The unit in a column's header, else the one in a line above the table (`Đơn vị tính: triệu đồng`). */
function sheetUnit({ header, above }: XlsxSheet, name: string): string {
  const path = header.columns.find((column) => column.name === name)?.path ?? [];
  const own = path.map(headerUnit).find((unit) => unit !== undefined);
  const line = above.map((text) =>
    /(?:đơn vị(?: tính)?|đvt)\s*:\s*([^()]+)/i.exec(text)?.[1]?.trim(),
  );
  return own ?? line.find((unit) => unit !== undefined) ?? '';
}

function unitTexts({ columns, form, sheets, rowUnits }: ReadForm): readonly string[] {
  const ofSheets = sheets.flatMap((sheet) => columns.map(({ n }) => sheetUnit(sheet, `c${n}`)));
  return [form.unit, ...rowUnits, ...ofSheets, ...columns.map(({ unit }) => unit)];
}
