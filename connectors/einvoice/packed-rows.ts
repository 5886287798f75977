import type { PackedTable } from './tables.ts';

/**
 * Rows travel from the parser to DuckDB as one text per table and chunk: values separated by U+001F, rows by U+001E.
 * XML 1.0 allows neither character, so no value can hold one. DuckDB splits them again, column-wise.
 */
export const valueSeparator = '\x1f';
/** See {@link valueSeparator}. */
export const rowSeparator = '\x1e';

/** The rows of one table in one chunk. */
export interface PackedRows {
  readonly rows: number;
  readonly text: string;
}

/** Some documents' rows, all tables. */
export type PackedChunk = Readonly<Record<PackedTable, PackedRows>>;

/** Characters of packed rows after which a chunk is closed. */
const chunkCharacters = 4 << 20;

/** Collects rows into chunks. A chunk ends only between records: children name their parent by its place in it. */
export class RowPacker {
  #text = emptyTexts();
  #rows = emptyCounts();
  #size = 0;
  #closed: PackedChunk[] = [];

  /** How many rows of a table the current chunk holds. */
  count(table: PackedTable): number {
    return this.#rows[table];
  }

  /**
   * Adds a row.
   * @param parent - ordinal of the parent row in this chunk, from 1; 0 for a row without parent
   * @param repeated - field that was given twice
   */
  add(
    table: PackedTable,
    parent: number,
    repeated: string | undefined,
    values: readonly (string | undefined)[],
  ): void {
    const row = `${parent}${valueSeparator}${repeated ?? ''}${valueSeparator}${values.join(valueSeparator)}`;
    this.#text[table] += this.#rows[table] === 0 ? row : rowSeparator + row;
    this.#rows[table] += 1;
    this.#size += row.length;
  }

  /** Says that a record is complete; closes the chunk if it is large enough. */
  recordEnded(): void {
    if (this.#size > chunkCharacters) this.#close();
  }

  /**
   * Gives the closed chunks and forgets them.
   * @param all - closes the current one first: only between records
   */
  take(all: boolean): readonly PackedChunk[] {
    if (all) this.#close();
    const closed = this.#closed;
    this.#closed = [];
    return closed;
  }

  #close(): void {
    if (this.#size === 0) return;
    const packed = (table: PackedTable): PackedRows => ({
      rows: this.#rows[table],
      text: this.#text[table],
    });
    this.#closed.push({
      invoice: packed('invoice'),
      line: packed('line'),
      tax_rate: packed('tax_rate'),
      fee: packed('fee'),
      original: packed('original'),
      summary: packed('summary'),
      summary_line: packed('summary_line'),
    });
    this.#text = emptyTexts();
    this.#rows = emptyCounts();
    this.#size = 0;
  }
}

function emptyTexts(): Record<PackedTable, string> {
  return {
    invoice: '',
    line: '',
    tax_rate: '',
    fee: '',
    original: '',
    summary: '',
    summary_line: '',
  };
}

function emptyCounts(): Record<PackedTable, number> {
  return { invoice: 0, line: 0, tax_rate: 0, fee: 0, original: 0, summary: 0, summary_line: 0 };
}
