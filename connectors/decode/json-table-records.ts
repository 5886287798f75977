import { readFile } from 'node:fs/promises';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import { decodeByLines } from './decoded-lines.ts';
import { fileTrouble } from './decode-trouble.ts';
import { recordsAt, valueAt } from './document-path.ts';
import type { RecordDecoder } from './record-decoder.ts';

/**
 * Reads JSON tables: names of columns once (`columns[].name`, or `columns` as texts), rows as lists. Each row becomes an
 * object by those names. Throws data `file-not-json`, `records-missing`.
 */
export const decodeJsonTable: RecordDecoder = (session, files, wanted) =>
  decodeByLines(session, files, wanted, (file) => rowsOf(file, wanted.records));

async function* rowsOf(file: LandedFile, records: string): AsyncGenerator<readonly object[]> {
  const document = parsed(await readFile(file.path, 'utf8'), file);
  const names = (recordsAt(document, 'columns') ?? []).map((column) =>
    typeof column === 'string' ? column : valueAt(column, 'name'),
  );
  const rows = recordsAt(document, records);
  if (rows === undefined || names.length === 0) throw fileTrouble('records-missing', file, records);
  yield rows.map((row) => objectOf(names, row));
}

function objectOf(names: readonly unknown[], row: unknown): object {
  const cells: readonly unknown[] = Array.isArray(row) ? row : [];
  return Object.fromEntries(names.map((name, at) => [String(name), cells[at] ?? null]));
}

function parsed(text: string, file: LandedFile): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fileTrouble('file-not-json', file, '', cause);
  }
}
