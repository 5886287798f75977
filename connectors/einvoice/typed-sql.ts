import type { ColumnType } from '../../core/stream-contract.ts';
import type { ReasonCode } from '../decode/reasons.ts';
import { literal } from '../../core/sql-text.ts';
import { literalList } from '../decode/sql-text.ts';
import type { Field } from './field.ts';
import { money } from './field.ts';
import type { ParsedTask } from './parse-task.ts';
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
  const fields = packedFields[table];
  const paths = tasks
    .filter(({ rows }) => rows[table] > 0)
    .map(({ task }) => rowFile(task.rows, table));
  const root = table.startsWith('summary') ? 'summary' : 'invoice';
  return `(select file, row, parent, published, ${fields.map(({ column }) => column).join(', ')}, fault,
    case when fault is not null then to_json(struct_pack(${fields
      .map(({ column }) => `${column} := raw_${column}`)
      .join(', ')})) end as raw
  from (select *, ${faultOf(fields)} as fault
    from (select ${ofTask(tasks.map(({ file }) => file.n))} as file, ${publishedOf(tasks)} as published,
        row + ${ofTask(rowsBefore(tasks, table))} as row, parent + ${ofTask(rowsBefore(tasks, root))} as parent,
        * exclude (task, row, parent), ${fields.map(typedColumn).join(', ')}
      from ${rowSource(fields, paths)})))`;
}

/** SQL of what holds for a row's task. */
function ofTask(values: readonly (number | string)[]): string {
  return `([${values.join(', ')}])[task + 1]`;
}

function publishedOf(tasks: readonly ParsedTask[]): string {
  return ofTask(
    tasks.map(({ file }) => {
      const at = file.request?.['publishedAt'];
      return `${typeof at === 'string' ? literal(at) : 'null'}::timestamptz`;
    }),
  );
}

/** How many rows of its file come before those of each task. */
function rowsBefore(tasks: readonly ParsedTask[], table: PackedTable): readonly number[] {
  let before = 0;
  return tasks.map(({ file, rows }, at) => {
    if (tasks[at - 1]?.file !== file) before = 0;
    before += rows[table];
    return before - rows[table];
  });
}

/** Values may hold line ends, hence one thread a file. */
function rowSource(fields: readonly Field[], paths: readonly string[]): string {
  const place = `'task': 'integer', 'row': 'bigint', 'parent': 'bigint', 'repeated': 'varchar'`;
  const columns = fields.map(({ column }) => `'raw_${column}': 'varchar'`).join(', ');
  return `read_csv(${literalList(paths)}, columns = {${place}, ${columns}},
    auto_detect = false, header = false, parallel = false, nullstr = '', new_line = '\\n',
    delim = ${literal(valueSeparator)}, quote = ${literal(valueQuote)}, escape = ${literal(valueQuote)},
    max_line_size = ${rowBytes}, buffer_size = ${2 * rowBytes})`;
}

function typedColumn({ column, type }: Field): string {
  const raw = `raw_${column}`;
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
