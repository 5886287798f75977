import type { ReportDocument } from '../document.ts';
import { editionLine } from '../edition-line.ts';
import { wordingIn } from '../wording.ts';
import type { CellStyle, SheetWriter } from './sheet-writer.ts';

/**
 * The lines above the content of every sheet: who, what, which edition, what to beware of.
 * @returns the last row written
 */
export function sheetHead(
  writer: SheetWriter,
  document: ReportDocument,
  title: string,
  unitNote = '',
): number {
  const lines: (readonly [string, CellStyle])[] = [
    [document.letterhead.agency, { font: { bold: true } }],
    [`${document.title} ${document.subject}`, {}],
    [editionLine(document), { font: { italic: true, size: 9 } }],
    [wordingIn(document.language).operational, { font: { italic: true, size: 9 } }],
    ...document.banners.map(({ text }) => [text, WARNING] as const),
    [title, { font: { bold: true, size: 13 } }],
    ...(unitNote === '' ? [] : [[unitNote, { font: { italic: true } }] as const]),
  ];
  lines.forEach(([text, style], index) => writer.text(index + 1, 1, text, style));
  return lines.length;
}

const WARNING: CellStyle = { font: { bold: true, color: { argb: 'FF8A1C1C' } } };
