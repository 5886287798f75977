import type { Classification, ColumnType } from '../../core/stream-contract.ts';
import type { Localized } from '../../core/localized.ts';
import { connectorFile, tableRows } from '../connector-file.ts';

const types = {
  text: 'varchar',
  count: 'bigint',
  days: 'bigint',
  money: 'decimal(18,2)',
  price: 'decimal(18,3)',
  quantity: 'decimal(18,3)',
  percent: 'decimal(6,2)',
  day: 'date',
  birth: 'date',
  time: 'timestamp',
} as const satisfies Record<string, ColumnType>;

/** What kind of value a field holds; `birth` is a day of which parts may be unknown. */
export type FieldKind = keyof typeof types;

/** A field of the claim tables (QĐ 130/2023, 4750/2024, 3176/2024), and the column it becomes. */
export interface ClaimField {
  /** Element name, upper case. */
  readonly name: string;
  readonly column: string;
  readonly kind: FieldKind;
  readonly type: ColumnType;
  readonly classification: Classification;
  readonly label: Localized;
}

/** A table XML0 … XML15, and the stream it becomes. */
export interface ClaimTable {
  readonly name: string;
  readonly stream: string;
  readonly label: Localized;
  /** Without MA_LK, which every table has. */
  readonly fields: readonly ClaimField[];
}

/** Every field by its element name. */
export const claimFields: ReadonlyMap<string, ClaimField> = new Map(
  tableRows(connectorFile('insurance-claims/fields.csv')).map((row) => [
    row['field'] ?? '',
    fieldOf(row),
  ]),
);

/** The tables, XML0 first. */
export const claimTables: readonly ClaimTable[] = tableRows(
  connectorFile('insurance-claims/tables.csv'),
).map(({ table = '', stream = '', vi = '', en = '', fields = '' }) => ({
  name: table,
  stream,
  label: { vi, en },
  fields: fields.split(' ').map(known),
}));

/** The table that ties the others together: one row a claim. */
export const claimTable = tableOf('XML1');
/** Check-ins, which come in a document of their own. */
export const checkInTable = tableOf('XML0');

/** The table of a name as a package writes it (`XML3`). Throws RangeError for an unknown one. */
export function tableOf(name: string): ClaimTable {
  const found = claimTables.find((table) => table.name === name);
  if (found === undefined) throw new RangeError(`no claim table ${name}`);
  return found;
}

function known(name: string): ClaimField {
  const found = claimFields.get(name);
  if (found === undefined) throw new RangeError(`no claim field ${name}`);
  return found;
}

function fieldOf(row: Readonly<Record<string, string>>): ClaimField {
  const { field = '', column = '', kind = '', class: level = '', vi = '', en = '' } = row;
  if (!isKind(kind) || !isLevel(level)) throw new RangeError(`claim field ${field}`);
  return {
    name: field,
    column,
    kind,
    type: types[kind],
    classification: level,
    label: { vi, en },
  };
}

function isKind(text: string): text is FieldKind {
  return Object.hasOwn(types, text);
}

function isLevel(text: string): text is Classification {
  return ['public', 'internal', 'personal', 'sensitive'].includes(text);
}
