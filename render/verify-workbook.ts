import ExcelJS, { type Workbook } from 'exceljs';
import { PhusaError } from '../core/errors.ts';
import type { ReportDocument } from './document.ts';
import { figuresOf } from './document-figures.ts';
import { wordingIn } from './wording.ts';
import { readCellText } from './workbook/cell-text.ts';

/** What a written report workbook was found to hold. */
export interface WorkbookCount {
  readonly sheets: number;
  readonly figures: number;
}

/**
 * Opens a written report workbook again and compares every figure, by way of the sheet
 * "Tham chiếu", with the document it was made of.
 * @throws PhusaError `render.workbook-differs` (fatal) naming the cells that differ
 */
export async function verifyWorkbook(
  bytes: Uint8Array,
  document: ReportDocument,
): Promise<WorkbookCount> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(Uint8Array.from(bytes).buffer);
  const references = referencesIn(workbook, document);
  const expected = figuresOf(document);
  const problems = references.flatMap((found) => cellProblem(workbook, found));
  if (references.length !== expected.length) {
    problems.push(`${references.length} references for ${expected.length} figures`);
  }
  if (problems.length > 0) throw differs(problems);
  return { sheets: workbook.worksheets.length, figures: references.length };
}

interface FoundReference {
  readonly sheet: string;
  readonly address: string;
  readonly exact: string;
  readonly printed: string;
}

/** The rows under the headings of the reference sheet, which is the last one. */
function referencesIn(workbook: Workbook, { language }: ReportDocument): FoundReference[] {
  const sheet = workbook.worksheets.at(-1);
  const found: FoundReference[] = [];
  let isBelowHeadings = false;
  sheet?.eachRow((row) => {
    const [name, address, reference, exact, printed] = [1, 2, 3, 4, 5].map((column) =>
      readCellText(row.getCell(column).text),
    );
    if (isBelowHeadings) {
      found.push({
        sheet: name ?? '',
        address: address ?? '',
        exact: exact ?? '',
        printed: printed ?? '',
      });
    }
    isBelowHeadings ||= reference === wordingIn(language).reference;
  });
  return found;
}

function cellProblem(workbook: Workbook, found: FoundReference): string[] {
  const value = workbook.getWorksheet(found.sheet)?.getCell(found.address).value;
  const holds =
    typeof value === 'number'
      ? value === Number(found.exact)
      : typeof value === 'string' && readCellText(value).includes(found.printed);
  return holds ? [] : [`${found.sheet}!${found.address}: ${found.printed}`];
}

function differs(problems: readonly string[]): PhusaError {
  const shown = problems.slice(0, 20).join('; ');
  return new PhusaError({
    group: 'fatal',
    code: 'render.workbook-differs',
    message: {
      vi: `Tệp Excel vừa ghi khác với cây tài liệu ở ${problems.length} chỗ: ${shown}`,
      en: `The workbook just written differs from its document in ${problems.length} places: ${shown}`,
    },
    remedy: {
      vi: 'Không phát hành tệp này; báo người phát triển.',
      en: 'Do not issue this file; tell the developers.',
    },
  });
}
