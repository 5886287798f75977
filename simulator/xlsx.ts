import { zipArchive } from './zip.ts';

/** A cell: a number stays one, a text is one, null is an empty cell. */
export type Cell = string | number | null;

/** A sheet: its rows, and blocks of merged cells such as `A1:C1`. */
export type Sheet = {
  readonly name: string;
  readonly rows: readonly (readonly Cell[])[];
  readonly merged?: readonly string[];
};

/** A workbook as officials save it; the same sheets give the same bytes. */
export function workbook(sheets: readonly Sheet[]): Buffer {
  const texts: readonly (readonly [string, string])[] = [
    ['[Content_Types].xml', contentTypes(sheets.length)],
    ['_rels/.rels', relations([['officeDocument', 'xl/workbook.xml']])],
    ['xl/workbook.xml', book(sheets)],
    [
      'xl/_rels/workbook.xml.rels',
      relations(sheets.map((_, n) => ['worksheet', `worksheets/sheet${String(n + 1)}.xml`])),
    ],
    ...sheets.map((one, n) => [`xl/worksheets/sheet${String(n + 1)}.xml`, sheetXml(one)] as const),
  ];
  return zipArchive(texts.map(([name, text]) => ({ name, bytes: Buffer.from(`${HEAD}${text}`) })));
}

/** The letters of a column that counts from 0: A, B … AA. */
export function columnName(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : `${columnName(Math.floor(column / 26) - 1)}${last}`;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

function contentTypes(count: number): string {
  const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const part = (name: string, type: string) =>
    `<Override PartName="/xl/${name}" ContentType="${kind}.${type}+xml"/>`;
  const sheets = Array.from({ length: count }, (_, n) =>
    part(`worksheets/sheet${String(n + 1)}.xml`, 'worksheet'),
  );
  return `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${part('workbook.xml', 'sheet.main')}${sheets.join('')}</Types>`;
}

function relations(targets: readonly (readonly [string, string])[]): string {
  const one = ([type, target]: readonly [string, string], n: number) =>
    `<Relationship Id="r${String(n + 1)}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  return `<Relationships xmlns="${PACKAGE}/relationships">${targets.map(one).join('')}</Relationships>`;
}

function book(sheets: readonly Sheet[]): string {
  const list = sheets.map(
    ({ name }, n) =>
      `<sheet name="${escaped(name)}" sheetId="${String(n + 1)}" r:id="r${String(n + 1)}"/>`,
  );
  return `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${list.join('')}</sheets></workbook>`;
}

function sheetXml({ rows, merged = [] }: Sheet): string {
  const blocks = merged.map((ref) => `<mergeCell ref="${ref}"/>`).join('');
  const merges =
    merged.length === 0
      ? ''
      : `<mergeCells count="${String(merged.length)}">${blocks}</mergeCells>`;
  return `<worksheet xmlns="${MAIN}"><sheetData>${rows.map(rowXml).join('')}</sheetData>${merges}</worksheet>`;
}

function rowXml(cells: readonly Cell[], n: number): string {
  const row = String(n + 1);
  return `<row r="${row}">${cells.map((cell, column) => cellXml(cell, `${columnName(column)}${row}`)).join('')}</row>`;
}

function cellXml(cell: Cell, address: string): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `<c r="${address}"><v>${String(cell)}</v></c>`;
  return `<c r="${address}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
