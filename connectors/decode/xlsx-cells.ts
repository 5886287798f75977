import { closeSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from './decode-trouble.ts';
import { openCellRows } from './cell-rows.ts';
import { sheetHandler, type MergedCells } from './xlsx-sheet.ts';
import {
  readWorkbook,
  type Workbook,
  type WorkbookParts,
  type WorkbookSheet,
} from './xlsx-workbook.ts';
import { XmlReader, type XmlHandler } from './xml-reader.ts';
import { streamMember } from './zip-member.ts';
import { listZip } from './zip-reader.ts';

/** Merged blocks of one sheet that are kept; forms have a few dozen. */
const mostMerged = 200_000;

/** One sheet whose cells have been read. */
export interface ReadSheet extends Pick<WorkbookSheet, 'n' | 'name' | 'hidden'> {
  readonly merged: readonly MergedCells[];
}

/**
 * Reads the cells of a workbook's sheets into a temporary table `(sheet, row, col, kind, text)`: one row for each cell
 * with a value, streaming, shared strings and dates resolved by SQL. `kind` is `n` for numbers, `t` for text, `d` for
 * dates (`yyyy-MM-dd`, or with a time), `b` for `true` and `false`, `e` for errors such as `#REF!`.
 *
 * Throws data `file-not-xlsx`, `cell-address-invalid`, and what the archive or its XML is refused for.
 */
export async function readXlsxCells(
  session: DecodeSession,
  file: LandedFile,
  into: string,
  wanted: (sheet: WorkbookSheet) => boolean,
): Promise<readonly ReadSheet[]> {
  await refuseOther(file);
  const fd = openSync(file.path, 'r');
  try {
    const parts = { fd, file, members: await listZip(file.path, file.name) };
    const workbook = readWorkbook(parts);
    const sheets = workbook.sheets.filter(wanted);
    const read = await readSheets(session, parts, workbook, sheets, `${into} raw`);
    await readStrings(session, parts, workbook, `${into} strings`);
    await resolveCells(session, into, workbook.date1904);
    return read;
  } finally {
    closeSync(fd);
  }
}

/** Old binary and encrypted workbooks share a signature; a CSV or a web page is often given the name `.xls`. */
async function refuseOther(file: LandedFile): Promise<void> {
  const handle = await open(file.path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    if (bytesRead === 0) throw fileTrouble('file-empty', file, '');
    const isOle = buffer.toString('hex') === 'd0cf11e0a1b11ae1';
    if (isOle) throw fileTrouble('file-not-xlsx', file, 'XLS 97–2003');
    if (buffer.toString('latin1', 0, 2) !== 'PK') throw fileTrouble('file-not-xlsx', file, '');
  } finally {
    await handle.close();
  }
}

async function readSheets(
  session: DecodeSession,
  parts: WorkbookParts,
  workbook: Workbook,
  sheets: readonly WorkbookSheet[],
  into: string,
): Promise<readonly ReadSheet[]> {
  const rows = await openCellRows(session, into, ['sheet', 'row', 'col'], ['kind', 'text']);
  const read: ReadSheet[] = [];
  for (const sheet of sheets) {
    const merged: MergedCells[] = [];
    const handler = sheetHandler(parts.file, {
      cell: ({ row, column, kind, style, text }) => {
        const isDate = kind === 'n' && workbook.dateStyles.has(style);
        rows.add([sheet.n, row, column], [isDate ? 'serial' : kind, text]);
      },
      merged: (block) => {
        if (merged.length >= mostMerged)
          throw fileTrouble('sheet-too-many-merged', parts.file, sheet.name);
        merged.push(block);
      },
    });
    await readPart(parts, sheet.member, handler, () => rows.flush());
    read.push({ n: sheet.n, name: sheet.name, hidden: sheet.hidden, merged });
  }
  await rows.close();
  return read;
}

async function readStrings(
  session: DecodeSession,
  parts: WorkbookParts,
  { strings }: Workbook,
  into: string,
): Promise<void> {
  const rows = await openCellRows(session, into, ['n'], ['text']);
  if (strings !== undefined) {
    let n = 0;
    const add = (text: string) => {
      rows.add([n], [text]);
      n += 1;
    };
    await readPart(parts, strings, stringsHandler(add), () => rows.flush());
  }
  await rows.close();
}

/** Texts of `si` elements: the joined runs, without phonetic hints. */
function stringsHandler(add: (text: string) => void): XmlHandler {
  let text = '';
  let taking = false;
  let phonetic = false;
  return {
    open: (local) => {
      if (local === 'si') text = '';
      if (local === 'rPh') phonetic = true;
      if (local === 't') taking = !phonetic;
    },
    close: (local) => {
      if (local === 'si') add(text);
      if (local === 'rPh') phonetic = false;
      if (local === 't') taking = false;
    },
    text: (piece) => {
      if (taking) text += piece;
    },
    instruction: () => undefined,
  };
}

async function readPart(
  { fd, file }: WorkbookParts,
  member: WorkbookSheet['member'],
  handler: XmlHandler,
  flush: () => Promise<void>,
): Promise<void> {
  const reader = new XmlReader(handler, `${file.name}/${member.name}`);
  for await (const bytes of streamMember(file.path, fd, member, file.name)) {
    reader.write(bytes);
    await flush();
  }
  reader.end();
}

async function resolveCells(
  session: DecodeSession,
  into: string,
  date1904: boolean,
): Promise<void> {
  const [raw, strings] = [quoted(`${into} raw`), quoted(`${into} strings`)];
  await session.run(`create or replace temp table ${quoted(into)} as
    select c.sheet, c.row, c.col,
      case c.kind when 's' then 't' when 'str' then 't' when 'inlineStr' then 't' when 'serial' then 'd' else c.kind end as kind,
      case c.kind when 's' then s.text when 'serial' then ${serialDate('c.text', date1904)}
        when 'b' then if(c.text = '1', 'true', 'false') else c.text end as text
    from (select *, case kind when 's' then try_cast(text as integer) end as string from ${raw}) c
    left join ${strings} s on s.n = c.string;
    drop table ${raw}; drop table ${strings}`);
}

/**
 * SQL for a serial number as ISO text. Excel's 1900 system counts a 29 February 1900 that never was, so serials below
 * 60 are a day later; the time of day is a fraction, rounded to the second.
 */
function serialDate(text: string, date1904: boolean): string {
  const days = `try_cast(${text} as double)`;
  const start = date1904
    ? literal('1904-01-01')
    : `if(${days} < 60, ${literal('1899-12-31')}, ${literal('1899-12-30')})`;
  const moment = `${start}::timestamp + to_seconds(round(${days} * 86400))`;
  const shown = (format: string) => `strftime(${moment}, ${literal(format)})`;
  return `case when ${days} is null or not ${days} between 0 and 2958466 then ${text}
    when ${days} = floor(${days}) then ${shown('%Y-%m-%d')} else ${shown('%Y-%m-%d %H:%M:%S')} end`;
}
