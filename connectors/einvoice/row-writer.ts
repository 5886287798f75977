import type { ParquetColumn } from '../decode/parquet-column.ts';
import type { ParquetField, ParquetType } from '../decode/parquet-writer.ts';
import { ParquetWriter } from '../decode/parquet-writer.ts';
import type { DrawnRow } from './drawn-row.ts';
import { slotOf, type Field } from './field.ts';
import { invoiceFields, keyFields } from './invoice-fields.ts';
import { plainReader, plainType, plainValue } from './plain-value.ts';
import type { PlainReader, PlainValue } from './plain-value.ts';
import type { PackedTable } from './tables.ts';
import { isOfInvoice, packedFields, packedTables } from './tables.ts';

/**
 * Rows travel from the parser to DuckDB in Parquet files of the session, two a table and task. `plain` rows have typed
 * values, and, if they are of an invoice, its key and signing time (see {@link parentFields}); `odd` ones have texts, to
 * be judged value by value.
 */
export type RowForm = 'plain' | 'odd';

/** How many rows of each table were written. */
export type RowCounts = Readonly<Record<PackedTable, Readonly<Record<RowForm, number>>>>;

/** The file of a table's rows. */
export function rowFile(prefix: string, table: PackedTable, form: RowForm): string {
  return `${prefix}-${table}-${form}`;
}

const integer: ParquetType = { kind: 'integer' };
const text: ParquetType = { kind: 'text' };
const signedSlot = slotOf(invoiceFields, 'signed_at');

/** What a plain row says of its invoice: the key, then when it was signed. */
export const parentFields: readonly Field[] = [
  ...keyFields,
  ...invoiceFields.slice(signedSlot, signedSlot + 1),
].map((field) => ({ ...field, column: `parent_${field.column}` }));
const parentSlots = [...keyFields.keys(), signedSlot];
const parentReaders = parentFields.map(plainReader);
const parentKinds = parentFields.map((field) => plainType(field).kind);

const place: readonly ParquetField[] = ['task', 'row', 'parent'].map((name) => [name, integer]);

function plainColumns(table: PackedTable): readonly ParquetField[] {
  const fields = isOfInvoice(table)
    ? [...parentFields, ...packedFields[table]]
    : packedFields[table];
  return [...place, ...fields.map((field) => [field.column, plainType(field)] as const)];
}

function oddColumns(table: PackedTable): readonly ParquetField[] {
  const raw = packedFields[table].map(({ column }) => [`raw_${column}`, text] as const);
  return [...place, ['repeated', text], ...raw];
}

/** The rows of one table. */
class TableRows {
  readonly counts: Record<RowForm, number> = { plain: 0, odd: 0 };
  readonly #prefix: string;
  readonly #table: PackedTable;
  readonly #readers: readonly (PlainReader | undefined)[];
  readonly #kinds: readonly ParquetType['kind'][];
  readonly #required: readonly number[];
  readonly #files: Partial<Record<RowForm, ParquetWriter>> = {};
  /** Values of the row that is being written. */
  readonly #values: (PlainValue | null)[];
  readonly #parentValues: (PlainValue | null)[] = parentFields.map(() => null);
  #parent: DrawnRow | undefined;

  constructor(prefix: string, table: PackedTable) {
    this.#prefix = prefix;
    this.#table = table;
    const fields = packedFields[table];
    this.#readers = fields.map(plainReader);
    this.#kinds = fields.map((field) => plainType(field).kind);
    this.#required = [...fields.keys()].filter((slot) => fields[slot]?.required === true);
    this.#values = fields.map(() => null);
  }

  get count(): number {
    return this.counts.plain + this.counts.odd;
  }

  /** Writes a row; see {@link RowWriter.add}. */
  add(task: number, parent: number, row: DrawnRow, invoice: DrawnRow | undefined): RowForm {
    const form = this.#isPlain(row, invoice) ? 'plain' : 'odd';
    const file = (this.#files[form] ??= this.#create(form));
    const { columns } = file;
    columns[0]?.int32(task);
    columns[1]?.int32(this.count + 1);
    columns[2]?.int32(parent);
    if (form === 'plain') this.#writePlain(columns, row, invoice);
    else this.#writeOdd(columns, row);
    file.endRow();
    this.counts[form] += 1;
    return form;
  }

  end(): void {
    for (const file of Object.values(this.#files)) file.end();
  }

  abandon(): void {
    for (const file of Object.values(this.#files)) file.abandon();
  }

  #create(form: RowForm): ParquetWriter {
    const columns = form === 'plain' ? plainColumns(this.#table) : oddColumns(this.#table);
    return new ParquetWriter(rowFile(this.#prefix, this.#table, form), columns);
  }

  /** Reads all values that have a type; false where one is not plain. */
  #isPlain(row: DrawnRow, invoice: DrawnRow | undefined): boolean {
    if (row.repeated !== undefined || (invoice === undefined && isOfInvoice(this.#table)))
      return false;
    for (const slot of this.#required) if (!row.has(slot)) return false;
    for (let slot = 0; slot < this.#readers.length; slot += 1) {
      const read = this.#readers[slot];
      if (read === undefined) continue;
      const value = plainValue(row, slot, read);
      if (value === undefined) return false;
      this.#values[slot] = value;
    }
    return true;
  }

  #writePlain(
    columns: readonly ParquetColumn[],
    row: DrawnRow,
    invoice: DrawnRow | undefined,
  ): void {
    const first = place.length + this.#writeParent(columns, invoice);
    const readers = this.#readers;
    for (let slot = 0; slot < readers.length; slot += 1) {
      const column = columns[first + slot];
      if (column === undefined) continue;
      if (readers[slot] === undefined) writeText(column, row, slot);
      else writeValue(column, this.#values[slot] ?? null, this.#kinds[slot]);
    }
  }

  /** Gives the number of columns. */
  #writeParent(columns: readonly ParquetColumn[], invoice: DrawnRow | undefined): number {
    if (invoice === undefined) return 0;
    if (invoice !== this.#parent) this.#readParent(invoice);
    parentSlots.forEach((slot, index) => {
      const column = columns[place.length + index];
      const read = parentReaders[index];
      if (column === undefined) return;
      if (read === undefined) writeText(column, invoice, slot);
      else writeValue(column, this.#parentValues[index] ?? null, parentKinds[index]);
    });
    return parentSlots.length;
  }

  #readParent(invoice: DrawnRow): void {
    this.#parent = invoice;
    parentSlots.forEach((slot, index) => {
      const read = parentReaders[index];
      this.#parentValues[index] = read ? (plainValue(invoice, slot, read) ?? null) : null;
    });
  }

  #writeOdd(columns: readonly ParquetColumn[], row: DrawnRow): void {
    const [repeated, ...raw] = columns.slice(place.length);
    if (row.repeated === undefined) repeated?.null();
    else repeated?.text(row.repeated);
    for (const [slot, column] of raw.entries()) writeText(column, row, slot);
  }
}

function writeText(column: ParquetColumn, row: DrawnRow, slot: number): void {
  const own = row.ownText(slot);
  if (own !== undefined) column.text(own);
  else {
    const to = row.spanEnd(slot);
    if (to === 0) column.null();
    else column.bytes(row.bytes, row.spanStart(slot), to);
  }
}

function writeValue(
  column: ParquetColumn,
  value: PlainValue | null,
  kind: ParquetType['kind'] | undefined,
): void {
  if (value === null) column.null();
  else if (typeof value === 'boolean') column.boolean(value);
  else if (kind === 'integer' || kind === 'date') column.int32(Number(value));
  else column.int64(value);
}

/** Writes the rows of one task. */
export class RowWriter {
  readonly #task: number;
  readonly #tables: Readonly<Record<PackedTable, TableRows>>;

  /**
   * @param prefix - path that the names of the files begin with
   * @param task - number of the task in the session
   */
  constructor(prefix: string, task: number) {
    this.#task = task;
    this.#tables = forEachTable((table) => new TableRows(prefix, table));
  }

  /** How many rows of a table there are so far. */
  count(table: PackedTable): number {
    return this.#tables[table].count;
  }

  /**
   * Adds a row and says in which form.
   * @param parent - ordinal of the parent row in this task, from 1; 0 for a row without parent
   * @param invoice - of a row of an invoice: the invoice, if it was added as a plain row
   */
  add(table: PackedTable, parent: number, row: DrawnRow, invoice?: DrawnRow): RowForm {
    const of = isOfInvoice(table) ? invoice : undefined;
    return this.#tables[table].add(this.#task, parent, row, of);
  }

  /** Writes what is still held and says how much there is of each table. */
  end(): RowCounts {
    for (const table of packedTables) this.#tables[table].end();
    return forEachTable((table) => this.#tables[table].counts);
  }

  /** Gives the files up. */
  abandon(): void {
    for (const table of packedTables) this.#tables[table].abandon();
  }
}

function forEachTable<T>(make: (table: PackedTable) => T): Record<PackedTable, T> {
  return {
    invoice: make('invoice'),
    line: make('line'),
    tax_rate: make('tax_rate'),
    original: make('original'),
    summary: make('summary'),
    summary_line: make('summary_line'),
  };
}
