import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import { headerWords } from '../decode/header-words.ts';
import { cleanText, typeTable } from '../decode/typed-select.ts';
import { readXlsx, type XlsxSheet } from '../decode/xlsx-table.ts';
import type { ProvincialForm, ProvincialFormsConfig } from './config.ts';
import { formCells, formColumns } from './form-cells.ts';
import { reportMonth, type ReportMonth } from './form-file.ts';
import { layoutColumns, type FormColumn } from './layout.ts';
import { stagePublished } from '../socioeconomic-figure.ts';

/** Decodes one form: a figure for each cell that holds one. */
export async function decodeForm(
  session: DecodeSession,
  config: ProvincialFormsConfig,
): Promise<void> {
  const [file] = session.files;
  if (file === undefined) throw fileTrouble('file-empty', { name: '' }, '');
  refuseCut(file);
  const { form, month } = formOf(file, config);
  const columns = [...(form.layout ? layoutColumns(form.layout) : []), ...form.columns];
  const sheets = await readForm(session, file, form, columns);
  const used = columns
    .map((column, n) => ({ ...column, n }))
    .filter(({ n }) =>
      sheets.some(({ header }) => header.columns.some(({ name }) => name === `c${n}`)),
    );
  if (used.length === 0)
    throw fileTrouble('header-not-found', file, columns.map(({ header }) => header).join(', '));
  const units = await session.rows(`select distinct ${cleanText('unit')} as unit from form`);
  const rowUnits = units.map(({ unit }) => unit ?? '');
  await session.run(
    `create or replace temp table ${quoted('cells of form')} as ${formCells({ config, form, month, columns: used, sheets, rowUnits })}`,
  );
  await typeTable(session, 'decoded_socioeconomic_figure', {
    from: quoted('cells of form'),
    columns: formColumns,
    raw: '_line',
    publishedAt: stagePublished(literal(publishedAfter(month))),
  });
}

async function readForm(
  session: DecodeSession,
  file: LandedFile,
  form: ProvincialForm,
  columns: readonly FormColumn[],
): Promise<readonly XlsxSheet[]> {
  const stub = { item: form.item, number: form.number, code: form.code, unit: form.unitColumn };
  const known = new Map<string, string>([
    ...columns.map(({ header }, n) => [headerWords(header), `c${n}`] as const),
    ...Object.entries(stub).flatMap(([name, headers]) =>
      headers.map((header) => [headerWords(header), name] as const),
    ),
  ]);
  const { sheet } = form;
  return await readXlsx(session, file, {
    into: 'form',
    nameOf: (path) =>
      known.get(headerWords(path.join(' '))) ?? known.get(headerWords(path.at(-1) ?? '')),
    required: ['item'],
    optional: ['number', 'code', 'unit', ...columns.map((_, n) => `c${n}`)],
    ...(sheet === undefined ? {} : { sheet: (name: string) => name === sheet.normalize('NFC') }),
  });
}

function formOf(file: LandedFile, { forms }: ProvincialFormsConfig) {
  for (const form of forms) {
    const month = reportMonth(form, file.name);
    if (month !== undefined) return { form, month };
  }
  throw fileTrouble('file-name-unknown', file, '');
}

/** A later month's form knows better than an earlier one's, in whatever order they come. */
function publishedAfter({ year, month }: ReportMonth): string {
  return new Date(Date.UTC(year, month, 1, -7)).toISOString();
}

/** The listing's size of a file is kept with its receipt: fewer bytes are a cut file. */
function refuseCut(file: LandedFile): void {
  const listed = file.request?.['listedBytes'];
  if (typeof listed === 'number' && listed !== file.bytes)
    throw fileTrouble('file-cut', file, `${file.bytes} / ${listed} byte`);
}
