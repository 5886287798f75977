import type { Worksheet } from 'exceljs';
import type { Block, Inline, ReportDocument } from '../document.ts';
import { attachedTo, placeDate, registerNumber } from '../letterhead-text.ts';
import { wordingIn } from '../wording.ts';
import { rowHeight } from './sheet-size.ts';
import { sheetHead } from './sheet-head.ts';
import { SheetWriter, type CellReference } from './sheet-writer.ts';

/** In characters: the page between its margins. */
const TEXT_WIDTH = 70;

/** The words of a report on its first sheet; tables, charts and maps have sheets of their own. */
export function writeTextSheet(
  sheet: Worksheet,
  document: ReportDocument,
): readonly CellReference[] {
  const writer = new SheetWriter(sheet, document.language);
  const top = sheetHead(writer, document, document.title) + 2;
  linesOf(document).forEach((inlines, index) => {
    const row = top + index;
    writer.inlines(row, 1, inlines, { alignment: { wrapText: true, vertical: 'top' } });
    sheet.getRow(row).height = rowHeight(sheet.getCell(row, 1).text, TEXT_WIDTH);
  });
  sheet.getColumn(1).width = TEXT_WIDTH;
  return writer.references;
}

function linesOf(document: ReportDocument): readonly (readonly Inline[])[] {
  const { signature, recipients, language } = document;
  const words = wordingIn(language);
  return [
    ...[registerNumber(document), placeDate(document)].map(line),
    ...document.addressees.map((name) => line(`${words.addressees}: ${name}`)),
    ...document.legalBasis.map(line),
    ...document.sections.flatMap(({ annex, blocks }) => [
      ...(annex ? [line(`${annex.label}. ${annex.title} ${attachedTo(document)}`)] : []),
      ...blocks.flatMap(blockLines),
    ]),
    ...[...signature.authority, signature.title, signature.name ?? ''].map(line),
    ...recipients.map((name) => line(`${words.recipients}: ${name}`)),
  ];
}

function line(text: string): readonly Inline[] {
  return [{ kind: 'text', text }];
}

function blockLines(block: Block): readonly (readonly Inline[])[] {
  switch (block.kind) {
    case 'heading':
      return [line(block.text)];
    case 'paragraph':
      return [block.inlines];
    case 'notes':
      return block.items;
    case 'table':
    case 'chart':
    case 'map':
      return [line(`→ ${block.title}`)];
  }
}
