import type { ColumnType } from '../../core/stream-contract.ts';
import type { ReasonCode } from '../decode/reasons.ts';
import { literal } from '../../core/sql-text.ts';
import { literalList } from '../decode/sql-text.ts';
import type { Field } from './field.ts';
import { money } from './field.ts';
import type { ParsedTask } from './parse-task.ts';
import { amountSeparator } from './invoice-parts.ts';
import type { RowForm } from './row-writer.ts';
import { parentFields, rowFile } from './row-writer.ts';
import type { PackedTable } from './tables.ts';
import { isOfInvoice, packedFields } from './tables.ts';

/**
 * A subquery of the rows of a table, typed: `file`, `row` (ordinal in the file, from 1), `parent` (row of its invoice
 * or summary), `published` (of the file), the fields, `fault` (code, field, value; NULL when the row is good) and `raw`
 * (JSON of the texts, only of faulty rows).
 * @param tasks - those that wrote the rows, in order
 */
export function typedRows(table: PackedTable, tasks: readonly ParsedTask[]): string {
  const columns = [
    'file',
    'row',
    'parent',
    'published',
    ...packedFields[table].map(({ column }) => column),
  ];
  const own = (rows: string): string => `select ${columns.join(', ')}, fault, raw from (${rows})`;
  const forms = [
    ...(hasRows(table, tasks, 'plain') ? [own(plainRows(table, tasks))] : []),
    ...(hasRows(table, tasks, 'odd') ? [own(judgedRows(table, tasks))] : []),
  ];
  return `(${forms.join(' union all ')})`;
}

/** Whether any task wrote rows of a table. */
export function hasRows(
  table: PackedTable,
  tasks: readonly ParsedTask[],
  ...forms: readonly RowForm[]
): boolean {
  const wanted = forms.length === 0 ? (['plain', 'odd'] as const) : forms;
  return tasks.some(({ rows }) => wanted.some((form) => rows[table][form] > 0));
}

/**
 * Rows whose values are certainly readable: they have their types already. Those of an invoice have the columns of
 * {@link parentFields} too.
 */
export function plainRows(table: PackedTable, tasks: readonly ParsedTask[]): string {
  const parent = isOfInvoice(table) ? parentFields.map(({ column }) => column) : [];
  return `select ${[placeOf(table, tasks), ...parent, ...packedFields[table].map(plainColumn)].join(', ')},
    null::struct(code varchar, field varchar, value varchar) as fault, null::json as raw
  from ${rowSource(table, tasks, 'plain')}`;
}

/** The type of a sum of a list of amounts. */
const sumType = 'decimal(38,6)';

function plainColumn({ column, type, amounts }: Field): string {
  if (amounts === true) return `${column}::${sumType} as ${column}`;
  return type === money ? `${column}::${money} as ${column}` : column;
}

/** Rows that may hold anything: every value is tried, and the first fault told. */
export function judgedRows(table: PackedTable, tasks: readonly ParsedTask[]): string {
  const fields = packedFields[table];
  const told = fields.filter(({ amounts }) => amounts !== true);
  return `select file, row, parent, published, ${fields.map(({ column }) => column).join(', ')}, fault,
    case when fault is not null then to_json(struct_pack(${told
      .map(({ column }) => `${column} := raw_${column}`)
      .join(', ')})) end as raw
  from (select *, ${faultOf(fields)} as fault
    from (select ${placeOf(table, tasks)}, repeated, ${fields.map(({ column }) => `raw_${column}`).join(', ')},
        ${fields.map(typedColumn).join(', ')}
      from ${rowSource(table, tasks, 'odd')}))`;
}

function placeOf(table: PackedTable, tasks: readonly ParsedTask[]): string {
  const root = table.startsWith('summary') ? 'summary' : 'invoice';
  return `${ofTask(tasks.map(({ file }) => file.n))} as file, row::bigint + ${ofTask(rowsBefore(tasks, table))} as row,
    parent::bigint + ${ofTask(rowsBefore(tasks, root))} as parent, ${publishedOf(tasks)} as published`;
}

/** SQL of what holds for a row's task. */
function ofTask(values: readonly (number | string)[]): string {
  const [first = 'null'] = values;
  return new Set(values).size <= 1 ? String(first) : `([${values.join(', ')}])[task + 1]`;
}

function publishedOf(tasks: readonly ParsedTask[]): string {
  return `${ofTask(tasks.map(({ file }) => instantOf(file.request?.['publishedAt'])))}::timestamptz`;
}

function instantOf(published: unknown): string {
  if (typeof published !== 'string') return 'null';
  const instant = Date.parse(published);
  return Number.isNaN(instant)
    ? `${literal(published)}::timestamptz`
    : `to_timestamp(${instant / 1000})`;
}

/** How many rows of its file come before those of each task. */
function rowsBefore(tasks: readonly ParsedTask[], table: PackedTable): readonly number[] {
  let before = 0;
  return tasks.map(({ file, rows }, at) => {
    if (tasks[at - 1]?.file !== file) before = 0;
    const { plain, odd } = rows[table];
    before += plain + odd;
    return before - plain - odd;
  });
}

function rowSource(table: PackedTable, tasks: readonly ParsedTask[], form: RowForm): string {
  const files = tasks
    .filter(({ rows }) => rows[table][form] > 0)
    .map(({ task }) => rowFile(task.rows, table, form));
  return `read_parquet(${literalList(files)})`;
}

function typedColumn({ column, type, amounts }: Field): string {
  const raw = `raw_${column}`;
  if (amounts === true)
    return `list_sum([${castMoney('x')} for x in string_split(${raw}, ${literal(amountSeparator)})]) as ${column}`;
  return `${type === money ? castMoney(raw) : `try_cast(${raw} as ${type})`} as ${column}`;
}

/**
 * DuckDB casts text to a decimal of more than 18 digits ten times slower. Most amounts fit in 18 and give the same
 * value that way, except that exponents are rounded otherwise.
 */
function castMoney(raw: string): string {
  return `coalesce(
    case when not contains(${raw}, 'e') and not contains(${raw}, 'E') then try_cast(${raw} as decimal(18,6)) end::${money},
    try_cast(${raw} as ${money}))`;
}

function faultOf(fields: readonly Field[]): string {
  const missing = fields
    .filter(({ required }) => required === true)
    .map(({ column }) => `when raw_${column} is null then ${fault('value-missing', column)}`);
  const unreadable = fields
    .filter(({ type, lenient }) => type !== 'varchar' && lenient !== true)
    .map(
      ({ column, type }) =>
        `when raw_${column} is not null and ${column} is null then ${fault(reasonFor(type), column)}`,
    );
  return `case
    when repeated is not null then struct_pack(code := 'repeated-field', field := repeated, value := null::varchar)
    ${[...missing, ...unreadable].join('\n    ')}
  end`;
}

function fault(code: string, column: string): string {
  return `struct_pack(code := '${code}', field := '${column}', value := raw_${column})`;
}

/** Reason code of a value that cannot be read as a type: the shared decoders' codes. */
export function reasonFor(type: ColumnType): ReasonCode {
  if (type === 'date') return 'date-invalid';
  if (type.startsWith('timestamp')) return 'timestamp-invalid';
  if (type === 'boolean') return 'boolean-invalid';
  return type === 'integer' || type === 'bigint' ? 'integer-invalid' : 'number-invalid';
}

/**
 * The columns beside the contract's that a decoded table has, from typed rows named `t`.
 * @param fault - SQL of the fault
 */
export function loadColumns(fault = 't.fault'): string {
  return `t.file as _file, t.row as _row,
    case when ${fault} is not null then 'quarantined' end as _status,
    ${fault}.code as _reason, ${fault}.field as _field, ${fault}.value as _value, t.raw::varchar as _raw`;
}
