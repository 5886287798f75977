import type { Worksheet } from 'exceljs';
import type { ReportDocument } from '../document.ts';
import { wordingIn } from '../wording.ts';
import { sheetHead } from './sheet-head.ts';
import { SheetWriter, type CellReference } from './sheet-writer.ts';

const WIDTHS = [28, 9, 72, 24, 18];

/** Lists every figure of the workbook: sheet, cell, trace reference, exact value, as printed. */
export function writeReferenceSheet(
  sheet: Worksheet,
  document: ReportDocument,
  references: readonly CellReference[],
): void {
  const words = wordingIn(document.language);
  const writer = new SheetWriter(sheet, document.language);
  const top = sheetHead(writer, document, words.references) + 1;
  const headings = [words.sheet, words.cell, words.reference, words.exactValue, words.printed];
  headings.forEach((text, index) => writer.text(top, index + 1, text, { font: { bold: true } }));
  references.forEach(({ sheet: name, address, figure, printed }, index) => {
    const reference = `${document.edition.reference}#${figure.ref}`;
    const values = [name, address, reference, openText(figure.value), printed];
    values.forEach((text, column) => writer.text(top + 1 + index, column + 1, text));
  });
  WIDTHS.forEach((width, index) => (sheet.getColumn(index + 1).width = width));
  sheet.views = [{ state: 'frozen', ySplit: top }];
}

function openText(value: string | null): string {
  return value ?? '';
}
