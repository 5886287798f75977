import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { isoInstant } from '../decode/iso-instant.ts';
import { quoted } from '../../core/sql-text.ts';
import { cleanText, typeTable, type TypedColumn } from '../decode/typed-select.ts';
import { collections, type Collection } from './collections.ts';
import type { OneRosterConfig } from './config.ts';
import { csvTable } from './csv-table.ts';
import type { RosterField } from './field.ts';
import { jsonTable } from './json-table.ts';

/** A raw table and, for each field, the SQL that gives its text; a field that the source has not is NULL. */
export interface RawTable {
  readonly from: string;
  textOf(field: Pick<RosterField, 'csv' | 'json'>): string;
  /** SQL for the record as received. */
  readonly raw: string;
}

/** Statuses of OneRoster 1.1 and 1.2, and `inactive` of 1.0; a blank one means active. */
const statuses = ['active', 'inactive', 'tobedeleted'];

/** Decodes a batch: one collection's JSON pages, or the CSV files of one bundle. */
export async function decodeOneRoster(
  session: DecodeSession,
  { zone }: OneRosterConfig,
): Promise<void> {
  for (const collection of collections) {
    if (!session.streams.includes(collection.stream)) continue;
    await typeCollection(session, collection, await rawTable(session, collection), zone);
  }
}

function rawTable(session: DecodeSession, collection: Collection): Promise<RawTable> {
  const member = session.files.find((file) => memberOf(file) === collection.name);
  return member === undefined
    ? jsonTable(session, session.files, collection)
    : csvTable(session, member, collection);
}

/** The collection that a landed file of a bundle is; pages of a service carry none. */
function memberOf(file: LandedFile): string | undefined {
  const name = file.request?.['collection'];
  return typeof name === 'string' ? name : undefined;
}

async function typeCollection(
  session: DecodeSession,
  { stream, fields }: Collection,
  table: RawTable,
  zone: string,
): Promise<void> {
  const text = (name: string) => table.textOf({ csv: name, json: { kind: 'text', member: name } });
  const modified = text('dateLastModified');
  const decoded = `decoded_${stream}`;
  await typeTable(session, decoded, {
    from: table.from,
    columns: [
      { name: 'sourced_id', type: 'varchar', from: text('sourcedId'), required: true },
      ...fields.map((field) => column(field, table.textOf(field))),
      {
        name: 'status',
        type: 'varchar',
        from: `coalesce(lower(${cleanText(text('status'))}), 'active')`,
        form: 'clean',
        oneOf: statuses,
      },
      { name: 'modified_at', type: 'timestamptz', from: isoInstant(modified, zone), form: 'value' },
      { name: 'modified_as_given', type: 'varchar', from: modified },
    ],
    raw: table.raw,
    publishedAt: 'modified_at',
  });
  // Of a record that is to be deleted only the key matters: its other values may be gone already.
  await session.run(`update ${quoted(decoded)}
    set _status = 'deleted', _reason = null, _field = null, _value = null, _raw = null
    where status = 'tobedeleted' and sourced_id is not null`);
}

function column({ column: name, type, required, isList }: RosterField, from: string): TypedColumn {
  return {
    name,
    type,
    from: isList === true ? tidyList(from) : from,
    ...(type === 'date' ? { formats: ['%Y-%m-%d', '%d/%m/%Y'] } : {}),
    ...(required === true ? { required } : {}),
  };
}

/** Members without blanks around them, in their order. */
function tidyList(sql: string): string {
  return `array_to_string(list_filter(list_transform(string_split(${sql}, ','), lambda one: trim(one)),
    lambda one: one <> ''), ',')`;
}
