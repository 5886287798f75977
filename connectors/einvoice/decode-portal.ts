import type { DecodeSession } from '../../warehouse/decode-session.ts';
import { einvoiceError } from './einvoice-trouble.ts';
import type { Field } from './field.ts';
import { portalFields } from './portal-fields.ts';
import { reasonFor } from './typed-sql.ts';

/** Text of a JSON member, by how its column is to be read. */
function textOf({ column, type, paths }: Field): string {
  const text = `nullif(trim(record ->> '$.${paths[0] ?? ''}'), '')`;
  if (type === 'date' || type === 'timestamp') return wallTime(text);
  if (column.endsWith('_mst')) return `regexp_replace(${text}, '^(\\d{10})-?(\\d{3})$', '\\1-\\2')`;
  return column === 'series' ? `upper(${text})` : text;
}

/** The portal writes UTC: `2026-10-31T17:00:00Z` is 1 November in Vietnam. */
function wallTime(text: string): string {
  return `case when ${text} like '%Z' or ${text} like '%+00:00'
    then strftime(try_cast(substr(${text}, 1, 19) as timestamp) + interval 7 hour, '%Y-%m-%d %H:%M:%S')
    when ${text} like '%+07:00' then replace(substr(${text}, 1, 19), 'T', ' ')
    else replace(${text}, 'T', ' ') end`;
}

function typed({ column, type }: Field): string {
  if (type === 'varchar') return `raw_${column} as ${column}`;
  const text = type === 'date' ? `substr(raw_${column}, 1, 10)` : `raw_${column}`;
  return `try_cast(${text} as ${type}) as ${column}`;
}

/** A date is unreadable when the time conversion gave nothing: the record still has the member. */
const fault = `case
  ${portalFields
    .filter(({ required }) => required === true)
    .map(
      ({ column, paths }) =>
        `when coalesce(trim(record ->> '$.${paths[0] ?? ''}'), '') = '' then struct_pack(code := 'value-missing', field := '${column}', value := null::varchar)`,
    )
    .join('\n  ')}
  ${portalFields
    .filter(({ type }) => type !== 'varchar')
    .map(({ column, type, paths }) => {
      const text = `record ->> '$.${paths[0] ?? ''}'`;
      return `when coalesce(trim(${text}), '') <> '' and ${column} is null then struct_pack(code := '${reasonFor(type)}', field := '${column}', value := ${text})`;
    })
    .join('\n  ')}
end`;

/** Decodes pages of the portal's state list into `decoded_invoice_portal_state`. Dates become Vietnamese wall time. */
export async function decodePortal(session: DecodeSession): Promise<void> {
  await session.run('create temp table portal_record (file integer, row bigint, record json)');
  for (const file of session.files) await readPage(session, file.n, file.path, file.name);
  await session.run(`create temp table decoded_invoice_portal_state as
with text as (
  select file, row, record, ${portalFields.map((field) => `${textOf(field)} as raw_${field.column}`).join(',\n    ')}
  from portal_record
), typed as (
  select file, row, record, ${portalFields.map(typed).join(', ')} from text
), judged as (
  select *, ${fault} as fault from typed
)
select ${portalFields.map(({ column }) => column).join(', ')},
  file as _file, row as _row, case when fault is not null then 'quarantined' end as _status,
  fault.code as _reason, fault.field as _field, fault.value as _value,
  case when fault is not null then record::varchar end as _raw,
  cast(strftime(updated_at, '%Y-%m-%d %H:%M:%S') || '+07' as timestamptz) as _published_at
from judged`);
}

async function readPage(
  session: DecodeSession,
  n: number,
  path: string,
  name: string,
): Promise<void> {
  const from = `read_json('${path.replaceAll("'", "''")}', columns = {datas: 'json[]'}, format = 'auto', maximum_object_size = 268435456)`;
  try {
    await session.run(`insert into portal_record
      select ${n}, generate_subscripts(datas, 1), unnest(datas) from ${from}`);
  } catch (error) {
    throw einvoiceError('einvoice-answer', name, { file: name }, error);
  }
}
