import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { readCsv } from '../decode/csv.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import { typedSelect, type TypedColumn } from '../decode/typed-select.ts';
import type { ReferenceTable, ReferenceTablesConfig } from './config.ts';

const dateFormats = ['%Y-%m-%d', '%d/%m/%Y'];
const timeFormats = ['%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S'];

/** Decodes one table's file; columns of the file that nobody declared are left alone. */
export async function decodeTable(
  session: DecodeSession,
  { tables }: ReferenceTablesConfig,
): Promise<void> {
  const [file] = session.files;
  if (file === undefined) throw fileTrouble('file-empty', { name: '' }, '');
  const table = tables.find((one) => one.file === file.name);
  if (table === undefined) throw fileTrouble('file-name-unknown', file, '');
  const listed = file.request?.['listedBytes'];
  if (typeof listed === 'number' && listed !== file.bytes) throw fileTrouble('file-cut', file, '');
  const required = table.columns.map(({ name, header }) => header ?? name);
  const names = await readCsv(session, file, {
    into: 'listed',
    required,
    delimiter: table.delimiter,
  });
  await refuseUnreadable(session, file);
  const record = names.map((name) => `${literal(name)}: ${quoted(name)}`).join(', ');
  const select = typedSelect({
    from: 'listed',
    columns: table.columns.map((column) => typed(column, table)),
    raw: `coalesce(_line, to_json({${record}})::varchar)`,
  });
  await session.run(
    `create or replace temp table ${quoted(`decoded_${table.stream}`)} as ${select}`,
  );
}

/** A line that cannot be read would be taken for a row that left: the whole file is refused. */
async function refuseUnreadable(session: DecodeSession, file: LandedFile): Promise<void> {
  const [bad] = await session.rows(
    'select _malformed as reason, _line as line from listed where _malformed is not null order by _row limit 1',
  );
  if (bad !== undefined)
    throw fileTrouble('line-malformed', file, `${bad['reason'] ?? ''}: ${bad['line'] ?? ''}`);
}

function typed(column: ReferenceTable['columns'][number], table: ReferenceTable): TypedColumn {
  const { name, type, header = name } = column;
  const usual = type === 'date' ? dateFormats : timeFormats;
  return {
    name,
    type,
    from: quoted(header),
    formats: column.formats ?? usual,
    required: column.required || table.key.includes(name),
    zone: 'Asia/Ho_Chi_Minh',
  };
}
