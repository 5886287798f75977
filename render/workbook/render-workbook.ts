import ExcelJS, { type Workbook, type Worksheet } from 'exceljs';
import { checkedDocument } from '../checked-document.ts';
import { cleanText } from '../clean-text.ts';
import type { Block, ReportDocument, Section, Table } from '../document.ts';
import { editionLine } from '../edition-line.ts';
import { wordingIn } from '../wording.ts';
import { fixedZip } from './fixed-zip.ts';
import { chartTable, mapTable } from './picture-table.ts';
import { writeReferenceSheet } from './reference-sheet.ts';
import { sheetName } from './sheet-name.ts';
import type { CellReference } from './sheet-writer.ts';
import { writeTableSheet } from './table-sheet.ts';
import { writeTextSheet } from './text-sheet.ts';

/** The number of the paper size; exceljs declares an enum for it that does not exist at run time. */
const A4 = 9;
const MILLIMETRES_PER_INCH = 25.4;
/** Excel allows 255 characters in a footer, after `&` is doubled and the codes are added. */
const LONGEST_FOOTER = 110;

/**
 * Renders a document as a workbook: the words, a sheet for each table, chart and map with numbers
 * as numbers, and a sheet that gives the trace reference of every figure. Same tree, same bytes.
 * @throws PhusaError `render.document-invalid`, `render.figure-without-value`
 */
export async function renderWorkbook(tree: ReportDocument): Promise<Uint8Array> {
  const document = checkedDocument(tree);
  const workbook = emptyWorkbook(document);
  const words = wordingIn(document.language);
  const text = addSheet(workbook, words.report, document, 'portrait');
  const references: CellReference[] = [...writeTextSheet(text, document)];
  for (const { table, orientation } of tablesOf(document)) {
    const sheet = addSheet(workbook, table.title, document, orientation);
    references.push(...writeTableSheet(sheet, table, document));
  }
  const list = addSheet(workbook, words.references, document, 'landscape');
  writeReferenceSheet(list, document, references);
  return fixedZip(new Uint8Array(await workbook.xlsx.writeBuffer()));
}

function emptyWorkbook(document: ReportDocument): Workbook {
  const workbook = new ExcelJS.Workbook();
  const createdAt = new Date(document.createdAt);
  workbook.creator = 'Phù Sa';
  workbook.lastModifiedBy = 'Phù Sa';
  workbook.title = cleanText(`${document.title} ${document.subject}`);
  workbook.description = document.edition.reference;
  workbook.created = createdAt;
  workbook.modified = createdAt;
  return workbook;
}

interface PlacedTable {
  readonly table: Table;
  readonly orientation: Section['orientation'];
}

function tablesOf(document: ReportDocument): PlacedTable[] {
  return document.sections.flatMap(({ orientation, blocks }) =>
    blocks.flatMap((block) => {
      const table = tableOf(block, document);
      return table ? [{ table, orientation }] : [];
    }),
  );
}

function tableOf(block: Block, { language }: ReportDocument): Table | null {
  switch (block.kind) {
    case 'table':
      return block;
    case 'chart':
      return chartTable(block, language);
    case 'map':
      return mapTable(block, language);
    case 'heading':
    case 'paragraph':
    case 'notes':
      return null;
  }
}

function addSheet(
  workbook: Workbook,
  title: string,
  document: ReportDocument,
  orientation: Section['orientation'],
): Worksheet {
  const taken = workbook.worksheets.map((sheet) => sheet.name);
  const sheet = workbook.addWorksheet(sheetName(title, taken), {
    pageSetup: {
      orientation,
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      margins: PRINT_MARGINS,
    },
    headerFooter: { oddFooter: footerText(document) },
  });
  Object.assign(sheet.pageSetup, { paperSize: A4 });
  return sheet;
}

/** The margins of NĐ 30/2020, in inches. */
const PRINT_MARGINS = {
  left: 30 / MILLIMETRES_PER_INCH,
  right: 15 / MILLIMETRES_PER_INCH,
  top: 22 / MILLIMETRES_PER_INCH,
  bottom: 22 / MILLIMETRES_PER_INCH,
  header: 0.4,
  footer: 0.4,
};

/** `&` starts a code in headers and footers: from data it is doubled. */
function footerText(document: ReportDocument): string {
  const line = cleanText(editionLine(document)).slice(0, LONGEST_FOOTER);
  return `&L&8${line.replaceAll('&', '&&')}&R&8&P/&N`;
}
