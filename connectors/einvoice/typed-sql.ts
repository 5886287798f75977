import type { ColumnType } from '../../core/stream-contract.ts';
import type { ReasonCode } from '../decode/reasons.ts';
import type { Field } from './field.ts';
import type { PackedTable } from './tables.ts';
import { packedFields } from './tables.ts';

/**
 * Splits the packed rows of a table and types them: table `typed_<table>` with `file`, `row` (ordinal in the file,
 * from 1), `parent` (row of its invoice or summary), the fields, `fault` (code, field, value; NULL when the row is
 * good) and `raw` (JSON of the texts, only of faulty rows).
 */
export function typedTableSql(table: PackedTable): string {
  const fields = packedFields[table];
  return `create temp table typed_${table} as
${splitRows(table, table.startsWith('summary') ? 'summary' : 'invoice', fields)}
select file, row, parent,
  ${fields.map(typedColumn).join(',\n  ')},
  ${faultOf(fields)} as fault,
  case when fault is not null then to_json(struct_pack(${fields
    .map(({ column }) => `${column} := raw_${column}`)
    .join(', ')})) end as raw
from raw`;
}

function splitRows(table: PackedTable, root: PackedTable, fields: readonly Field[]): string {
  return `with placed as (
  select file, ${table}_text as packed,
    (sum(${table}_rows) over w - ${table}_rows)::bigint as before,
    (sum(${root}_rows) over w - ${root}_rows)::bigint as parents_before
  from einvoice_chunk
  window w as (partition by file order by seq rows unbounded preceding)
), lists as (
  select file, before, parents_before, string_split(packed, chr(30)) as list
  from placed where packed <> ''
), single as (
  select file, parents_before, before + generate_subscripts(list, 1) as row, unnest(list) as packed
  from lists
), parts as (
  select file, parents_before, row, string_split(packed, chr(31)) as v from single
), raw as (
  select file, row, parents_before + v[1]::bigint as parent, v[2] as repeated,
    ${fields.map(({ column }, at) => `nullif(v[${at + 3}], '') as raw_${column}`).join(',\n    ')}
  from parts
)`;
}

function typedColumn({ column, type }: Field): string {
  return type === 'varchar'
    ? `raw_${column} as ${column}`
    : `try_cast(raw_${column} as ${type}) as ${column}`;
}

function faultOf(fields: readonly Field[]): string {
  const missing = fields
    .filter(({ required }) => required === true)
    .map(({ column }) => `when raw_${column} is null then ${fault('value-missing', column)}`);
  const unreadable = fields
    .filter(({ type, lenient }) => type !== 'varchar' && lenient !== true)
    .map(
      ({ column, type }) =>
        `when raw_${column} is not null and try_cast(raw_${column} as ${type}) is null then ${fault(reasonFor(type), column)}`,
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

/** The columns beside the contract's that a decoded table has, from a typed table named `t` and a file table `f`. */
export const loadColumns = `t.file as _file, t.row as _row,
  case when t.fault is not null then 'quarantined' end as _status,
  t.fault.code as _reason, t.fault.field as _field, t.fault.value as _value, t.raw::varchar as _raw`;
