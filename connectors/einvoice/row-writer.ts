import { appendFileSync } from 'node:fs';
import { xmlError } from '../decode/xml-trouble.ts';
import type { PackedTable } from './tables.ts';
import { packedTables } from './tables.ts';

/**
 * Rows travel from the parser to DuckDB in text files of the session, one a table and task: values separated by
 * U+001F, rows by line feeds; a value that holds a line end stands between U+001E. XML 1.0 allows neither character,
 * so no value can hold one.
 */
export const valueSeparator = '\x1f';
/** See {@link valueSeparator}. */
export const valueQuote = '\x1e';

/** Longest row in characters: DuckDB reads a line from one buffer. */
const rowCharacters = 8 << 20;
/** Bytes that the longest row can have. */
export const rowBytes = 4 * rowCharacters;

/** Characters of a table that are held before they are written. */
const heldCharacters = 1 << 20;

/** How many rows of each table were written. */
export type RowCounts = Readonly<Record<PackedTable, number>>;

/** The file of a table's rows. */
export function rowFile(prefix: string, table: PackedTable): string {
  return `${prefix}-${table}`;
}

/** Writes the rows of one task. Each begins with the task, its own ordinal, its parent's, and a repeated field. */
export class RowWriter {
  readonly #prefix: string;
  readonly #task: number;
  readonly #text = forEachTable('');
  readonly #rows = forEachTable(0);

  /**
   * @param prefix - path that the names of the files begin with
   * @param task - number of the task in the session
   */
  constructor(prefix: string, task: number) {
    this.#prefix = prefix;
    this.#task = task;
  }

  /** How many rows of a table there are so far. */
  count(table: PackedTable): number {
    return this.#rows[table];
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
    const row = (this.#rows[table] += 1);
    const line = lineOf(values);
    if (line.length > rowCharacters) throw xmlError('xml-token-too-long', file, 1, table);
    const place = `${this.#task}${valueSeparator}${row}${valueSeparator}${parent}${valueSeparator}`;
    this.#text[table] += `${place}${repeated ?? ''}${valueSeparator}${line}\n`;
    if (this.#text[table].length > heldCharacters) this.#write(table);
  }

  /** Writes what is still held and says how much there is of each table. */
  end(): RowCounts {
    for (const table of packedTables) if (this.#text[table] !== '') this.#write(table);
    return this.#rows;
  }

  #write(table: PackedTable): void {
    appendFileSync(rowFile(this.#prefix, table), this.#text[table]);
    this.#text[table] = '';
  }
}

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

function forEachTable<T>(value: T): Record<PackedTable, T> {
  return {
    invoice: value,
    line: value,
    tax_rate: value,
    fee: value,
    original: value,
    summary: value,
    summary_line: value,
  };
}
