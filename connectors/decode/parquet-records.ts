import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from './decode-trouble.ts';
import type { RecordDecoder, RecordsWanted } from './record-decoder.ts';

/** Reads Parquet files, columns found by name. Throws data `file-not-parquet`. */
export const decodeParquetRecords: RecordDecoder = async (session, files, wanted) => {
  const texts = wanted.fields.map(({ as }) => `, ${quoted(as)} varchar`).join('');
  await session.run(`create or replace temp table ${quoted(wanted.into)}
    (_file integer, _row bigint, _malformed varchar, _raw varchar${texts})`);
  const missing: { file: string; from: string }[] = [];
  const known = new Set<string>();
  for (const file of files) {
    const names = await namesOf(session, file);
    for (const name of names) known.add(name);
    await insertRows(session, file, names, wanted);
    for (const { from } of wanted.fields)
      if (!names.includes(from)) missing.push({ file: file.name, from });
  }
  return { missing, names: [...known] };
};

async function namesOf(session: DecodeSession, file: LandedFile): Promise<readonly string[]> {
  try {
    const rows = await session.rows(
      `select distinct name from parquet_schema(${literal(file.path)}) where num_children is null`,
    );
    return rows.flatMap((row) => row['name'] ?? []);
  } catch (cause) {
    throw fileTrouble('file-not-parquet', file, '', cause);
  }
}

async function insertRows(
  session: DecodeSession,
  file: LandedFile,
  names: readonly string[],
  { into, fields }: RecordsWanted,
): Promise<void> {
  const cells = fields.map(({ as, from }) =>
    names.includes(from)
      ? `, ${quoted(from)}::varchar as ${quoted(as)}`
      : `, null::varchar as ${quoted(as)}`,
  );
  await session.run(`insert into ${quoted(into)} by name
    select ${file.n}::integer as _file, file_row_number + 1 as _row, null::varchar as _malformed,
      to_json(p)::varchar as _raw${cells.join('')}
    from read_parquet(${literal(file.path)}, file_row_number = true) p`);
}
