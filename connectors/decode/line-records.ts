import { literal, quoted } from '../../core/sql-text.ts';
import { exactNumbers, spreadRecords } from './json-records.ts';
import type { RecordDecoder } from './record-decoder.ts';

/** The longest line that is read, in bytes. */
const longestLine = 16_777_216;

/** Space, tab, carriage return, byte order mark. */
const blanks = literal(' \t\r\ufeff');

/**
 * Reads newline-delimited JSON: every line is a document. A line that is none is set aside by itself (B42); blank
 * lines are nothing.
 */
export const decodeLineRecords: RecordDecoder = async (session, files, wanted) => {
  const documents = `${wanted.into} documents`;
  const lines = files.map(
    ({ n, path }) => `select ${n}::integer as _file, row_number() over () as _row,
        trim(coalesce(line, ''), ${blanks}) as line
      from read_csv(${literal(path)}, columns = {'line': 'VARCHAR'}, auto_detect = false, header = false,
        delim = '\u0001', quote = '', escape = '', strict_mode = false, max_line_size = ${longestLine})`,
  );
  await session.run(`create or replace temp table ${quoted(documents)} as
    select _file, _row, case when not good then line end as bad,
      case when good then ${exactNumbers('line::json')} end as r
    from (select *, json_valid(line) as good from (${lines.join(' union all ')})) where line <> ''`);
  return await spreadRecords(session, files, documents, wanted);
};
