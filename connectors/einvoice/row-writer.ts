import { appendFileSync } from 'node:fs';
import { xmlError } from '../decode/xml-trouble.ts';
import { plainRowTest } from './plain-row.ts';
import type { PackedTable } from './tables.ts';
import { packedFields, packedTables } from './tables.ts';

/**
 * Rows travel from the parser to DuckDB in text files of the session, two a table and task (see {@link RowForm}): values
 * separated by U+001F, rows by line feeds; a value that holds a line end stands between U+001E. XML 1.0 allows neither
 * character, so no value can hold one.
 */
export const valueSeparator = '\x1f';
/** See {@link valueSeparator}. */
export const valueQuote = '\x1e';

/** Longest row in characters: DuckDB reads a line from one buffer. */
const rowCharacters = 8 << 20;
/** Bytes that the longest row can have. */
export const rowBytes = 4 * rowCharacters;

/** Characters that are held before they are written. */
const heldCharacters = 1 << 18;

/** `plain` rows are read with their types at once; `odd` ones as texts, to be judged value by value. */
export type RowForm = 'plain' | 'odd';

/** How many rows of each table were written. */
export type RowCounts = Readonly<Record<PackedTable, Readonly<Record<RowForm, number>>>>;

/** The file of a table's rows. */
export function rowFile(prefix: string, table: PackedTable, form: RowForm): string {
  return `${prefix}-${table}-${form}`;
}

/** The rows of one table. */
class TableRows {
  readonly isPlain: (values: readonly (string | undefined)[]) => boolean;
  readonly counts: Record<RowForm, number> = { plain: 0, odd: 0 };
  readonly #held: Record<RowForm, string> = { plain: '', odd: '' };
  readonly #prefix: string;
  readonly #table: PackedTable;

  constructor(prefix: string, table: PackedTable) {
    this.#prefix = prefix;
    this.#table = table;
    this.isPlain = plainTests[table];
  }

  get count(): number {
    return this.counts.plain + this.counts.odd;
  }

  add(form: RowForm, row: string): void {
    this.counts[form] += 1;
    this.#held[form] += row;
    if (this.#held[form].length > heldCharacters) this.#write(form);
  }

  end(): void {
    for (const form of ['plain', 'odd'] as const) if (this.#held[form] !== '') this.#write(form);
  }

  #write(form: RowForm): void {
    appendFileSync(rowFile(this.#prefix, this.#table, form), this.#held[form]);
    this.#held[form] = '';
  }
}

/** Writes the rows of one task. Each begins with the task, its own ordinal, its parent's, and a repeated field. */
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
   * Adds a row. Throws `xml-token-too-long` (group `data`) for one that DuckDB could not read.
   * @param parent - ordinal of the parent row in this task, from 1; 0 for a row without parent
   * @param repeated - field that was given twice
   * @param file - the document as a person would call it
   */
  add(
    table: PackedTable,
    parent: number,
    repeated: string | undefined,
    values: readonly (string | undefined)[],
    file: string,
  ): void {
    const rows = this.#tables[table];
    const line = lineOf(values);
    if (line.length > rowCharacters) throw xmlError('xml-token-too-long', file, 1, table);
    const form = repeated === undefined && rows.isPlain(values) ? 'plain' : 'odd';
    const place = `${this.#task}${valueSeparator}${rows.count + 1}${valueSeparator}${parent}${valueSeparator}`;
    rows.add(form, `${place}${repeated ?? ''}${valueSeparator}${line}\n`);
  }

  /** Writes what is still held and says how much there is of each table. */
  end(): RowCounts {
    for (const table of packedTables) this.#tables[table].end();
    return forEachTable((table) => this.#tables[table].counts);
  }
}

const plainTests = forEachTable((table) => plainRowTest(packedFields[table]));

function lineOf(values: readonly (string | undefined)[]): string {
  const line = values.join(valueSeparator);
  return line.includes('\n') || line.includes('\r')
    ? values.map(quotedValue).join(valueSeparator)
    : line;
}

function quotedValue(value: string | undefined): string {
  const text = value ?? '';
  return /[\r\n]/.test(text) ? valueQuote + text + valueQuote : text;
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
