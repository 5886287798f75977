import { quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { csvRecords, headerOf, placeRows, type CsvOptions } from './csv.ts';
import { fingerprint, recipeOf, type Recipe } from './line-fingerprint.ts';
import { isPlainLine } from './plain-text.ts';
import { typedSelect, type TypedColumn, type TypedTable } from './typed-select.ts';
import { placeUnread, unreadLines } from './unread-lines.ts';

/** How a CSV file becomes the rows of a stream. */
export interface TypedCsv extends Omit<CsvOptions, 'into'> {
  readonly stream: string;
  /** The columns of the stream, over those of the file; `raw` may also read `_line`, the text of a malformed line. */
  readonly table: Pick<TypedTable, 'columns' | 'raw' | 'publishedAt'>;
}

/**
 * Reads and types one CSV file, all of a batch, into `decoded_<stream>` in one pass: its texts are never kept. Where the
 * stream holds rows that were read from equal lines by the same recipe, these lines are not read again but told to be
 * known (see `DecodeSession.fingerprints`). Throws what `readCsv` throws.
 */
export async function decodeCsv(
  session: DecodeSession,
  file: LandedFile,
  options: TypedCsv,
): Promise<void> {
  const names = await headerOf(file, { ...options, into: '' });
  const recipe = recipeOf(names, options.delimiter, typedSelect({ ...options.table, from: '' }));
  const unread = await unreadLines(session, file, options.stream, recipe);
  const into = quoted(`decoded_${options.stream}`);
  await decodeRecords(session, unread?.file ?? file, into, recipe, options.table);
  if (unread !== undefined) await placeUnread(session, into, options.stream, file.n);
}

async function decodeRecords(
  session: DecodeSession,
  file: LandedFile,
  into: string,
  recipe: Recipe,
  { columns, raw, publishedAt = 'null' }: TypedCsv['table'],
): Promise<void> {
  const { names, delimiter } = recipe;
  const looked = names.filter((name) => !columns.some((column) => isRead(name, column)));
  const clean = isPlainLine(joined(looked, recipe), looked.length, delimiter);
  const mayHold = columns.some(({ formats = [] }) => formats.join('').includes(delimiter));
  const typed = (records: string): string =>
    typedSelect({
      from: `(select *, ${joined(names, recipe)} as _text, ${clean} as _plain from (${records}))`,
      ...{ columns, raw, publishedAt },
      clean: '_plain',
      neverEmpty: names,
      fingerprint: mayHold ? 'null' : `if(_plain, ${fingerprint('_text', recipe)}, null)`,
    });
  await session.run(
    `create or replace temp table ${into} as ${typed(csvRecords(file, names, delimiter))}`,
  );
  const rejected = await placeRows(session, into, file.n, names);
  if (rejected !== undefined) await session.run(`insert into ${into} by name ${typed(rejected)}`);
}

/** Whether a column of the file is cast as it is: then a good row has no quote and no delimiter in it. */
function isRead(name: string, { from, type, form }: TypedColumn): boolean {
  return from === name && type !== 'varchar' && form === undefined;
}

/** Some fields of a record as they stood in its line, if they are plain. */
function joined(names: readonly string[], { delimiter }: Recipe): string {
  const fields = names.map((name) => `coalesce(${quoted(name)}, '')`).join(', ');
  return `concat_ws('${delimiter}', ${fields})`;
}
