import { PhusaError } from '../../core/errors.ts';
import { escapeXml } from '../svg-text.ts';
import { sheetName } from '../workbook/sheet-name.ts';
import type { DataChunk, DataColumn, DataFile } from './data-chunk.ts';
import { rowCursor, type RowCursor, type RowSlice } from './row-cursor.ts';
import {
  cellXml,
  columnLetters,
  dataStyles,
  SHEET_END,
  sheetStart,
  type CutCounter,
} from './sheet-xml.ts';
import { zipStream, type ZipEntry } from './zip-stream.ts';

/** Excel's limits. */
const MOST_ROWS = 1_048_576;
const MOST_COLUMNS = 16_384;
/** Rows turned into text at a time; bounds memory whatever the size of the chunks. */
const SLICE = 2_000;

/** What a data workbook is called inside. */
export interface DataWorkbookOptions {
  readonly sheet: string;
  /** Rows on one sheet with its header, for tests; Excel's 1,048,576 unless set. */
  readonly rowsPerSheet?: number;
}

/**
 * Writes rows as XLSX while they come, for extracts too large for a workbook in memory; beyond
 * 1,048,576 rows it goes on with the next sheet. Numbers that Excel would round are kept as text.
 * @throws PhusaError `render.too-many-columns`, `render.archive-too-large` (data)
 */
export function dataWorkbook(
  columns: readonly DataColumn[],
  chunks: AsyncIterable<DataChunk>,
  { sheet, rowsPerSheet = MOST_ROWS }: DataWorkbookOptions,
): DataFile {
  if (columns.length > MOST_COLUMNS) throw tooManyColumns(columns.length);
  const totals = { rows: 0, cutTexts: 0 };
  const job: Job = { columns, cursor: rowCursor(chunks), rowsPerSheet, totals };
  return { bytes: zipStream(parts(job, sheet)), totals: () => ({ ...totals }) };
}

interface Job {
  readonly columns: readonly DataColumn[];
  readonly cursor: RowCursor;
  readonly rowsPerSheet: number;
  readonly totals: CutCounter & { rows: number };
}

async function* parts(job: Job, wanted: string): AsyncGenerator<ZipEntry> {
  const names: string[] = [];
  do {
    names.push(sheetName(wanted, names));
    yield { name: `xl/worksheets/sheet${names.length}.xml`, data: sheetBytes(job) };
  } while (await job.cursor.hasMore());
  yield* frame(names);
}

async function* sheetBytes(job: Job): AsyncGenerator<Uint8Array> {
  const letters = job.columns.map((_, index) => columnLetters(index));
  yield Buffer.from(sheetStart(job.columns));
  let row = 2;
  while (row <= job.rowsPerSheet) {
    const slice = await job.cursor.take(Math.min(SLICE, job.rowsPerSheet - row + 1));
    if (slice === null) break;
    yield Buffer.from(rowsXml(job, letters, slice, row));
    row += slice.to - slice.from;
    job.totals.rows += slice.to - slice.from;
  }
  yield Buffer.from(SHEET_END);
}

function rowsXml(job: Job, letters: readonly string[], slice: RowSlice, first: number): string {
  let xml = '';
  for (let index = slice.from; index < slice.to; index++) {
    const row = first + index - slice.from;
    xml += `<row r="${row}">`;
    job.columns.forEach((column, at) => {
      const value = slice.chunk[at]?.[index] ?? null;
      xml += cellXml(value, column, `${letters[at] ?? ''}${row}`, job.totals);
    });
    xml += '</row>';
  }
  return xml;
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** The parts around the sheets, written last, when their number is known. */
function* frame(names: readonly string[]): Generator<ZipEntry> {
  yield part('xl/styles.xml', dataStyles());
  yield part('xl/workbook.xml', workbookXml(names));
  yield part('xl/_rels/workbook.xml.rels', workbookRelations(names));
  yield part(
    '_rels/.rels',
    `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  );
  yield part('[Content_Types].xml', contentTypes(names));
}

function part(name: string, content: string): ZipEntry {
  return { name, data: [Buffer.from(content)] };
}

function workbookXml(names: readonly string[]): string {
  const sheets = names
    .map(
      (name, index) =>
        `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
    )
    .join('');
  return `${XML}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"><sheets>${sheets}</sheets></workbook>`;
}

function workbookRelations(names: readonly string[]): string {
  const sheets = names
    .map(
      (_, index) =>
        `<Relationship Id="rId${index + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
    )
    .join('');
  const styles = `<Relationship Id="rId${names.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/>`;
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${sheets}${styles}</Relationships>`;
}

function contentTypes(names: readonly string[]): string {
  const sheets = names
    .map(
      (_, index) =>
        `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${SPREADSHEET}.worksheet+xml"/>`,
    )
    .join('');
  return (
    `${XML}<Types xmlns="${PACKAGE}/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    `<Override PartName="/xl/workbook.xml" ContentType="${SPREADSHEET}.sheet.main+xml"/>` +
    `<Override PartName="/xl/styles.xml" ContentType="${SPREADSHEET}.styles+xml"/>${sheets}</Types>`
  );
}

function tooManyColumns(count: number): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'render.too-many-columns',
    message: {
      vi: `Excel chỉ chứa ${MOST_COLUMNS} cột, yêu cầu có ${count}.`,
      en: `Excel holds ${MOST_COLUMNS} columns, the request has ${count}.`,
    },
    remedy: { vi: 'Bớt cột hoặc chọn CSV.', en: 'Ask for fewer columns or choose CSV.' },
  });
}
