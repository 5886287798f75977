import ExcelJS from 'exceljs';
import { figuresOf, literalsOf } from '../../render/document-figures.ts';
import type { ReportDocument } from '../../render/document.ts';
import { wordingIn } from '../../render/wording.ts';

/** How often each number stands in a text. */
type NumberCounts = ReadonlyMap<string, number>;

/** Numbers as printed: digits with the separators inside them. */
function numbersIn(texts: readonly string[]): NumberCounts {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const [number] of text.matchAll(/\d+(?:[.,]\d+)*/g))
      counts.set(number, (counts.get(number) ?? 0) + 1);
  return counts;
}

/**
 * Numbers on paper that are neither a figure with a reference, nor part of a declared text, nor a page number; and
 * figures that stand on paper more or less often than the document prints them. Empty = every number is accounted for.
 */
export function strayNumbers(
  document: ReportDocument,
  pages: readonly string[],
): readonly string[] {
  const onPaper = numbersIn(pages);
  const figures = numbersIn(printedFigures(document));
  const declared = numbersIn([...literalsOf(document), ...pages.map((_, at) => String(at + 1))]);
  const stray = [...onPaper].flatMap(([number, times]) => {
    const known = figures.get(number) ?? 0;
    // A declared text may stand on every page (headings of tables, feet); a figure stands where it is printed.
    const most = known + (declared.get(number) ?? 0) * pages.length;
    return times > most ? [`${number}: ${times} times on paper, at most ${most} known`] : [];
  });
  const lost = [...figures].flatMap(([number, times]) =>
    (onPaper.get(number) ?? 0) < times ? [`${number}: not on paper ${times} times`] : [],
  );
  return [...stray, ...lost];
}

function printedFigures(document: ReportDocument): readonly string[] {
  return figuresOf(document)
    .filter(({ place }) => place === 'text' || place === 'cell')
    .map(({ printed }) => printed);
}

/** Numbers of a workbook that no reference of its last sheet explains and no declared text holds. */
export async function strayCells(
  document: ReportDocument,
  bytes: Uint8Array,
): Promise<readonly string[]> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(Uint8Array.from(bytes).buffer);
  const references = referencedCells(workbook, wordingIn(document.language).reference);
  const declared = numbersIn(literalsOf(document));
  return workbook.worksheets.slice(0, -1).flatMap((sheet) => {
    const stray: string[] = [];
    sheet.eachRow((row) =>
      row.eachCell((cell) => {
        const known = references.get(`${sheet.name}!${cell.address}`) ?? [];
        const numbers = numbersIn([cell.text]);
        if (
          typeof cell.value === 'number' ? known.length === 0 : !explained(numbers, known, declared)
        )
          stray.push(`${sheet.name}!${cell.address}: ${cell.text}`);
      }),
    );
    return stray;
  });
}

/** Cell → the numbers printed in it, by the sheet of references. */
function referencedCells(
  workbook: ExcelJS.Workbook,
  heading: string,
): ReadonlyMap<string, readonly string[]> {
  const cells = new Map<string, readonly string[]>();
  let isBelowHeading = false;
  workbook.worksheets.at(-1)?.eachRow((row) => {
    const [sheet, address, reference, , printed] = [1, 2, 3, 4, 5].map(
      (at) => row.getCell(at).text,
    );
    if (isBelowHeading) {
      const cell = `${sheet}!${address}`;
      cells.set(cell, [...(cells.get(cell) ?? []), printed ?? '']);
    }
    isBelowHeading ||= reference === heading;
  });
  return cells;
}

function explained(
  numbers: NumberCounts,
  known: readonly string[],
  declared: NumberCounts,
): boolean {
  const figures = numbersIn(known);
  return [...numbers].every(
    ([number, times]) => declared.has(number) || times <= (figures.get(number) ?? 0),
  );
}
