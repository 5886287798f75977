import { readCsv } from '../decode/csv.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import { literal, quoted } from '../decode/sql-text.ts';
import { typedSelect } from '../decode/typed-select.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import type { ReferenceTable, ReferenceTablesConfig } from './config.ts';
import { columnType } from './streams.ts';

/** Decodes one table's file into `decoded_<stream>`; key columns are required. */
export async function decodeTable(
  session: DecodeSession,
  config: ReferenceTablesConfig,
): Promise<void> {
  const [file] = session.files;
  const table = config.tables.find(({ stream }) => session.streams.includes(stream));
  if (file === undefined || table === undefined) {
    throw fileTrouble('file-empty', { name: session.streams.join(', ') }, '');
  }
  const headers = table.columns.map(headerOf);
  const names = await readCsv(session, file, { into: 'raw_table', required: headers });
  await session.run(
    `create or replace temp table ${quoted(`decoded_${table.stream}`)} as ${typedSelect({
      from: 'raw_table',
      columns: table.columns.map((column) => ({
        name: column.name,
        type: columnType(column.type),
        from: quoted(headerOf(column)),
        required: table.key.includes(column.name),
        ...(column.type === 'date' ? { formats: ['%Y-%m-%d', '%d/%m/%Y'] } : {}),
      })),
      raw: `coalesce(_line, to_json({${names.map((name) => `${literal(name)}: ${quoted(name)}`).join(', ')}})::varchar)`,
    })}`,
  );
}

function headerOf(column: ReferenceTable['columns'][number]): string {
  return column.header ?? column.name;
}
