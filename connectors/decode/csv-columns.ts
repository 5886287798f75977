import { splitCsvLine } from './csv-line.ts';

/** Which columns of a CSV file are left out, by header cell. */
export type DropColumn = (header: string) => boolean;

/** A header that names no column that is known, so that nothing can be said of its file. */
export type HeaderCheck = (cells: readonly string[]) => void;

const comma = 0x2c;
const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Longest record that is held; a longer one is a file whose quotes never close. */
const largestRecord = 4 << 20;

/**
 * Copies a CSV file (commas, `"` quotes, an encoding that contains ASCII) without some columns; every other byte stays
 * as it is. A record that cannot be told apart for sure (fewer or more fields than the header, a quoted line break)
 * keeps its first field only: it is still counted as a bad record, and nothing of a dropped column gets through.
 *
 * @param check - may throw for a header, before anything is copied
 */
export async function* withoutCsvColumns(
  chunks: AsyncIterable<Uint8Array>,
  drop: DropColumn,
  check: HeaderCheck = () => undefined,
): AsyncGenerator<Uint8Array> {
  let dropped: ReadonlySet<number> | undefined;
  let columns = 0;
  for await (const record of csvRecords(chunks)) {
    if (dropped === undefined) {
      const cells = headerCells(record);
      check(cells);
      columns = cells.length;
      dropped = new Set(cells.flatMap((cell, at) => (drop(cell) ? [at] : [])));
    }
    yield dropped.size === 0 ? record : withoutFields(record, dropped, columns);
  }
}

/** Header cells as they are known: without byte order mark, quotes and surrounding blanks. */
export function headerCells(record: Uint8Array): readonly string[] {
  const line = new TextDecoder().decode(record).replace(/^\ufeff/, '');
  return splitCsvLine(line.trimEnd()).map((cell) => cell.trim());
}

/** The records of a CSV file with their line ends; a line feed inside quotes does not end one. */
async function* csvRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held = Buffer.alloc(0);
  let scanned = 0;
  const quotes = new Quotes();
  for await (const chunk of chunks) {
    held = Buffer.concat([held, chunk]);
    let start = 0;
    for (; scanned < held.length; scanned += 1) {
      const byte = held[scanned];
      if (!quotes.contain(byte) && byte === lineFeed) {
        yield held.subarray(start, scanned + 1);
        start = scanned + 1;
      }
    }
    held = held.subarray(start);
    scanned -= start;
    if (held.length > largestRecord) break;
  }
  if (held.length > 0) yield held;
}

/** Follows the quotes of a file byte by byte; a quote inside an unquoted field is a character like others. */
class Quotes {
  private inside = false;
  private quoted = false;
  private atStart = true;

  /** Whether a byte, the next one, stands inside quotes. */
  contain(byte: number | undefined): boolean {
    if (byte === quote && (this.atStart || this.quoted)) {
      this.inside = !this.inside;
      this.quoted = true;
    }
    this.atStart = !this.inside && (byte === comma || byte === lineFeed);
    if (this.atStart) this.quoted = false;
    return this.inside;
  }
}

function withoutFields(
  record: Uint8Array,
  dropped: ReadonlySet<number>,
  columns: number,
): Uint8Array {
  const end = contentEnd(record);
  const fields = fieldsOf(record.subarray(0, end));
  const lineEnd = record.subarray(end);
  if (fields.length === 1 && fields[0]?.length === 0) return record;
  const isSure = fields.length === columns && !fields.some(holdsLineBreak);
  const kept = isSure
    ? fields.filter((_, at) => !dropped.has(at))
    : fields.slice(0, 1).filter((field) => !dropped.has(0) && !holdsLineBreak(field));
  return Buffer.concat([...joined(kept), lineEnd]);
}

function* joined(fields: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const [at, field] of fields.entries()) {
    if (at > 0) yield Uint8Array.of(comma);
    yield field;
  }
}

function fieldsOf(content: Uint8Array): readonly Uint8Array[] {
  const fields: Uint8Array[] = [];
  let start = 0;
  const quotes = new Quotes();
  for (const [at, byte] of content.entries()) {
    if (!quotes.contain(byte) && byte === comma) {
      fields.push(content.subarray(start, at));
      start = at + 1;
    }
  }
  return [...fields, content.subarray(start)];
}

function contentEnd(record: Uint8Array): number {
  let end = record.length;
  while (end > 0 && (record[end - 1] === lineFeed || record[end - 1] === carriageReturn)) end -= 1;
  return end;
}

function holdsLineBreak(field: Uint8Array): boolean {
  return field.includes(lineFeed) || field.includes(carriageReturn);
}
