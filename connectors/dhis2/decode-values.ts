import type { DecodeSession } from '../../warehouse/decode-session.ts';
import { isoInstant } from '../decode/iso-instant.ts';
import { makeLookup } from '../decode/lookup-table.ts';
import { literalList } from '../decode/sql-text.ts';
import { cleanText, typeTable, type TypedColumn } from '../decode/typed-select.ts';
import type { Dhis2Config } from './config.ts';
import { dhis2Period } from './period.ts';
import type { ValueTable } from './value-tables.ts';

/** Columns that say which period a row is of, over a table joined with `periods` as `p`. */
export const periodColumns: readonly TypedColumn[] = [
  { name: 'period_id', type: 'varchar', from: 'coalesce(period_of, period_given)', required: true },
  { name: 'period_type', type: 'varchar', from: 'period_type' },
  { name: 'period', type: 'varchar', from: 'period_ours' },
  // A text that is no period is told by the first day it does not give.
  {
    name: 'starts_on',
    type: 'date',
    from: 'coalesce(starts_on, period_given)',
    formats: ['%Y-%m-%d'],
  },
  { name: 'ends_on', type: 'date', from: 'coalesce(ends_on, period_given)', formats: ['%Y-%m-%d'] },
];

/** SQL of a raw table with what its `period_given` means. */
export async function withPeriods(session: DecodeSession, from: string): Promise<string> {
  await makeLookup(session, {
    into: 'periods',
    from,
    column: 'period_given',
    columns: ['id', 'type', 'period', 'starts_on', 'ends_on'],
    read: (text) => {
      const read = dhis2Period(text);
      return read && [read.id, read.type, read.period ?? null, read.startsOn, read.endsOn];
    },
  });
  return `(select v.*, p.id as period_of, p.type as period_type, p.period as period_ours, p.starts_on, p.ends_on
    from ${from} v left join periods p on p.given = v.period_given)`;
}

/** Types a raw table of values into `decoded_health_value`. */
export async function decodeValues(
  session: DecodeSession,
  { from, raw }: ValueTable,
  { zone, defaultCombos }: Dhis2Config,
): Promise<void> {
  const combo = (column: string) =>
    `case when list_contains(${literalList(defaultCombos)}, ${column}) then null else ${column} end`;
  const number = `case when regexp_full_match(trim(value), '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?')
    then try_cast(trim(value) as decimal(38,12)) end`;
  await typeTable(session, 'decoded_health_value', {
    from: await withPeriods(session, from),
    columns: [
      { name: 'data_element', type: 'varchar', from: 'data_element', required: true },
      ...periodColumns,
      { name: 'org_unit', type: 'varchar', from: 'org_unit', required: true },
      { name: 'category_option_combo', type: 'varchar', from: combo('coc'), blank: `''` },
      { name: 'attribute_option_combo', type: 'varchar', from: combo('aoc'), blank: `''` },
      { name: 'disaggregation', type: 'varchar', from: 'disaggregation', blank: `''` },
      { name: 'value', type: 'varchar', from: 'value', required: true },
      { name: 'value_number', type: 'decimal(38,12)', from: number, form: 'value' },
      { name: 'data_set', type: 'varchar', from: 'data_set' },
      { name: 'stored_by', type: 'varchar', from: 'stored_by' },
      { name: 'comment', type: 'varchar', from: 'comment' },
      { name: 'is_followup', type: 'boolean', from: 'followup' },
      { name: 'created_at', type: 'timestamptz', from: isoInstant('created', zone), form: 'value' },
      { name: 'updated_at', type: 'timestamptz', from: isoInstant('updated', zone), form: 'value' },
    ],
    raw,
    publishedAt: 'updated_at',
  });
  // Of a value that was deleted only the key matters; its text may be gone.
  await session.run(`update decoded_health_value d
    set _status = 'deleted', _reason = null, _field = null, _value = null, _raw = null
    from (select _file, _row from ${from} where lower(${cleanText('deleted')}) in ('true', '1', 't')) t
    where t._file = d._file and t._row = d._row and d.data_element is not null and d.period_id is not null
      and d.starts_on is not null and d.org_unit is not null`);
}
