import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { readHead } from './file-head.ts';
import { fingerprint, type Recipe } from './line-fingerprint.ts';

/** Smaller files are read whole: finding out what is known would cost more. */
const worthwhileBytes = 1 << 20;

/** The lines of a file that are to be read, as a file of their own. */
export interface UnreadLines {
  readonly file: LandedFile;
}

/**
 * Finds the lines of a CSV file that no current row of the stream was read from, and writes them to a scratch file with
 * the same header. Undefined where the file must be read whole: nothing is remembered, most lines are new, or a line is
 * not a record (a quoted line break leaves a line with an odd number of quotes).
 */
export async function unreadLines(
  session: DecodeSession,
  file: LandedFile,
  stream: string,
  recipe: Recipe,
): Promise<UnreadLines | undefined> {
  if (file.bytes < worthwhileBytes || recipe.names.length < 2) return undefined;
  const known = await session.fingerprints(stream);
  if (known === undefined) return undefined;
  if (!(await tellLines(session, file, known, recipe))) {
    await session.run('drop table if exists csv_lines');
    return undefined;
  }
  const path = session.scratch(`${file.n}-unread.csv`);
  const { line: header } = await readHead(file);
  await session.run(`copy (
      select line from (
        select 0 as place, ${literal(header)} as line
        union all select rowid + 1, line from csv_lines where line is not null) order by place)
    to ${literal(path)} (format csv, header false, quote '', escape '')`);
  return { file: { ...file, path } };
}

/** Gives rows that were read from unread lines their ordinals in the whole file, and leaves `known_<stream>`. */
export async function placeUnread(
  session: DecodeSession,
  into: string,
  stream: string,
  n: number,
): Promise<void> {
  await session.run(`update ${into} set _row = placed._row
      from (select row_number() over (order by rowid) as k, rowid + 1 as _row
        from csv_lines where line is not null) placed
      where placed.k = ${into}._row;
    create or replace temp table ${quoted(`known_${stream}`)} as
      select ${n}::integer as _file, rowid + 1 as _row, _fingerprint from csv_lines where line is null;
    drop table csv_lines`);
}

/** Makes `csv_lines`: each line's fingerprint, and its text unless it is known. Says whether it can be used. */
async function tellLines(
  session: DecodeSession,
  file: LandedFile,
  known: string,
  recipe: Recipe,
): Promise<boolean> {
  try {
    await session.run(`create or replace temp table csv_lines as
      select _fingerprint, if(_fingerprint in (${known}), null, line) as line
      from (select line, ${fingerprint('line', recipe)} as _fingerprint
        from ${linesOf(file)} where line is not null)`);
  } catch {
    return false; // Not text, or mixed line ends: reading the records tells more.
  }
  const [found] = await session.rows(`select count(line) * 2 < count(*) as few,
      count(*) filter ((strlen(line) - strlen(replace(line, '"', ''))) % 2 = 1) = 0 as even
    from csv_lines`);
  return found?.['few'] === 'true' && found['even'] === 'true';
}

/** The lines after the header; none holds the delimiter, which only keeps the reader from splitting them. */
function linesOf({ path }: LandedFile): string {
  return `read_csv(${literal(path)}, columns = {line: 'VARCHAR'}, auto_detect = false, header = true,
    delim = '\u0001\u0002\u0003', quote = '', escape = '', strict_mode = true)`;
}
