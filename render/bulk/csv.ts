import {
  chunkRows,
  type DataChunk,
  type DataColumn,
  type DataFile,
  type DataValue,
} from './data-chunk.ts';
import { csvText } from './csv-field.ts';

/** How a CSV file is written. */
export interface CsvOptions {
  /** Excel reads UTF-8 only behind a byte order mark. */
  readonly byteOrderMark?: boolean;
  /** `,` unless set. */
  readonly delimiter?: ',' | ';' | '\t';
}

const ROW_END = '\r\n';

/**
 * Writes rows as CSV (RFC 4180, UTF-8) while they come. Text that could run as a formula gets a
 * single quote; numbers stay numbers, negative ones too; null is an empty field, empty text `""`.
 */
export function csvFile(
  columns: readonly DataColumn[],
  chunks: AsyncIterable<DataChunk>,
  { byteOrderMark = false, delimiter = ',' }: CsvOptions = {},
): DataFile {
  let rows = 0;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const header = columns.map(({ name }) => csvText(name, delimiter)).join(delimiter);
    yield Buffer.from((byteOrderMark ? '\ufeff' : '') + header + ROW_END);
    for await (const chunk of chunks) {
      rows += chunkRows(chunk);
      yield Buffer.from(chunkText(columns, chunk, delimiter));
    }
  }
  return { bytes: bytes(), totals: () => ({ rows, cutTexts: 0 }) };
}

function chunkText(columns: readonly DataColumn[], chunk: DataChunk, delimiter: string): string {
  let text = '';
  for (let row = 0; row < chunkRows(chunk); row++) {
    for (let column = 0; column < columns.length; column++) {
      if (column > 0) text += delimiter;
      text += field(chunk[column]?.[row] ?? null, columns[column], delimiter);
    }
    text += ROW_END;
  }
  return text;
}

function field(value: DataValue, column: DataColumn | undefined, delimiter: string): string {
  if (value === null) return '';
  const text = String(value);
  return column?.type === 'text' || !isPlain(text) ? csvText(text, delimiter) : text;
}

/** Numbers, dates, times and booleans as they should look; anything else is treated as text. */
function isPlain(text: string): boolean {
  return /^(-?\d[\d.]*|\d{4}-\d\d-\d\d([ T][\d:.+Z-]+)?|true|false)$/.test(text);
}
