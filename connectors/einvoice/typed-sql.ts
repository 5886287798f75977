import type { ColumnType } from '../../core/stream-contract.ts';
import type { ReasonCode } from '../decode/reasons.ts';
import { literal } from '../../core/sql-text.ts';
import { literalList } from '../decode/sql-text.ts';
import type { Field } from './field.ts';
import { money } from './field.ts';
import type { ParsedTask } from './parse-task.ts';
import { amountSeparator } from './invoice-parts.ts';
import type { RowForm } from './row-writer.ts';
import { rowBytes, rowFile, valueQuote, valueSeparator } from './row-writer.ts';
import type { PackedTable } from './tables.ts';
import { packedFields } from './tables.ts';

/**
 * A subquery of the rows of a table, typed: `file`, `row` (ordinal in the file, from 1), `parent` (row of its invoice
 * or summary), `published` (of the file), the fields, `fault` (code, field, value; NULL when the row is good) and `raw`
 * (JSON of the texts, only of faulty rows).
 * @param tasks - those that wrote the rows, in order
 */
export function typedRows(table: PackedTable, tasks: readonly ParsedTask[]): string {
  const forms = (['plain', 'odd'] as const).filter((form) => hasRows(table, tasks, form));
  const of = { plain: plainRows, odd: judgedRows };
  return `(${forms.map((form) => of[form](table, tasks)).join(' union all ')})`;
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

/** Rows whose values are certainly readable: DuckDB reads them with their types. */
function plainRows(table: PackedTable, tasks: readonly ParsedTask[]): string {
  const fields = packedFields[table];
  const types = fields.map(
    ({ column, type }) => [column, type === money ? plainMoney : type] as const,
  );
  return `select ${placeOf(table, tasks)}, ${fields.map(plainColumn).join(', ')},
    null::struct(code varchar, field varchar, value varchar) as fault, null::json as raw
  from ${rowSource(types, pathsOf(table, tasks, 'plain'))}`;
}

/** Of a row that was tested: DuckDB reads a decimal of 18 digits ten times faster than a longer one. */
const plainMoney = 'decimal(18,6)';

function plainColumn({ column, type, amounts }: Field): string {
  if (amounts === true)
    return `list_sum(string_split(${column}, ${literal(amountSeparator)})::${plainMoney}[]) as ${column}`;
  return type === money ? `${column}::${money} as ${column}` : column;
}

/** Rows that may hold anything: every value is tried, and the first fault told. */
function judgedRows(table: PackedTable, tasks: readonly ParsedTask[]): string {
  const fields = packedFields[table];
  const told = fields.filter(({ amounts }) => amounts !== true);
  const texts = fields.map(({ column }) => [`raw_${column}`, 'varchar'] as const);
  return `select file, row, parent, published, ${fields.map(({ column }) => column).join(', ')}, fault,
    case when fault is not null then to_json(struct_pack(${told
      .map(({ column }) => `${column} := raw_${column}`)
      .join(', ')})) end as raw
  from (select *, ${faultOf(fields)} as fault
    from (select ${placeOf(table, tasks)}, repeated, ${texts.map(([name]) => name).join(', ')},
        ${fields.map(typedColumn).join(', ')}
      from ${rowSource(texts, pathsOf(table, tasks, 'odd'))}))`;
}

function placeOf(table: PackedTable, tasks: readonly ParsedTask[]): string {
  const root = table.startsWith('summary') ? 'summary' : 'invoice';
  return `${ofTask(tasks.map(({ file }) => file.n))} as file, row + ${ofTask(rowsBefore(tasks, table))} as row,
    parent + ${ofTask(rowsBefore(tasks, root))} as parent, ${publishedOf(tasks)} as published`;
}

function pathsOf(
  table: PackedTable,
  tasks: readonly ParsedTask[],
  form: RowForm,
): readonly string[] {
  return tasks
    .filter(({ rows }) => rows[table][form] > 0)
    .map(({ task }) => rowFile(task.rows, table, form));
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

/** Values may hold line ends, hence one thread a file. */
function rowSource(
  fields: readonly (readonly [column: string, type: ColumnType])[],
  paths: readonly string[],
): string {
  const place = `'task': 'integer', 'row': 'bigint', 'parent': 'bigint', 'repeated': 'varchar'`;
  const columns = fields.map(([column, type]) => `'${column}': '${type}'`).join(', ');
  return `read_csv(${literalList(paths)}, columns = {${place}, ${columns}},
    auto_detect = false, header = false, parallel = false, nullstr = '', new_line = '\\n',
    delim = ${literal(valueSeparator)}, quote = ${literal(valueQuote)}, escape = ${literal(valueQuote)},
    max_line_size = ${rowBytes}, buffer_size = ${2 * rowBytes})`;
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
    when repeated <> '' then struct_pack(code := 'repeated-field', field := repeated, value := null::varchar)
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
