import { quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { csvRecords, headerOf, placeRows, readInUtf8, type CsvOptions } from './csv.ts';
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
 * known (see `DecodeSession.fingerprints`). Encodings and errors are those of `readCsv`.
 */
export async function decodeCsv(
  session: DecodeSession,
  landed: LandedFile,
  options: TypedCsv,
): Promise<void> {
  const into = quoted(`decoded_${options.stream}`);
  const { recipe, unread } = await readInUtf8(session, landed, async (file) => {
    const names = await headerOf(file, { ...options, into: '' });
    const recipe = recipeOf(names, options.delimiter, typedSelect({ ...options.table, from: '' }));
    const unread = await unreadLines(session, file, options.stream, recipe);
    const records = csvRecords(unread?.file ?? file, names, recipe.delimiter);
    await session.run(
      `create or replace temp table ${into} as ${typed(records, recipe, options.table)}`,
    );
    return { recipe, unread };
  });
  const rejected = await placeRows(session, into, landed.n, recipe.names);
  if (rejected !== undefined)
    await session.run(`insert into ${into} by name ${typed(rejected, recipe, options.table)}`);
  if (unread !== undefined) await placeUnread(session, into, options.stream, landed.n);
}

/** SELECT of the rows of a stream over the records of a CSV file. */
function typed(
  records: string,
  recipe: Recipe,
  { columns, raw, publishedAt = 'null' }: TypedCsv['table'],
): string {
  const { names, delimiter } = recipe;
  const looked = names.filter((name) => !columns.some((column) => isRead(name, column)));
  const clean =
    looked.length === 0 ? 'true' : isPlainLine(joined(looked, recipe), looked.length, delimiter);
  const mayHold = columns.some(({ formats = [] }) => formats.join('').includes(delimiter));
  return typedSelect({
    from: `(select *, ${joined(names, recipe)} as _text, ${clean} as _plain from (${records}))`,
    ...{ columns, raw, publishedAt },
    clean: '_plain',
    neverEmpty: names,
    fingerprint: mayHold ? 'null' : `if(_plain, ${fingerprint('_text', recipe)}, null)`,
  });
}

/** Whether a column of the file is cast as it is: then a good row has no quote and no delimiter in it. */
function isRead(name: string, { from, type, form }: TypedColumn): boolean {
  return from === name && type !== 'varchar' && form === undefined;
}

/** Some fields of a record as they stood in its line, if they are plain; to `concat`, NULL is nothing. */
function joined(names: readonly string[], { delimiter }: Recipe): string {
  return `concat(${names.map(quoted).join(`, '${delimiter}', `)})`;
}
