import { quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import type { RecordField, RecordsFound } from '../decode/record-decoder.ts';
import { recordDecoders } from '../decode/record-decoders.ts';
import { isMade } from './made-column.ts';
import { recordsPath } from './page-facts.ts';
import type { ManifestStream } from './schema/stream-schema.ts';

/** Fields of the raw table: `c<n>` of column n, `u<n>` of its unit, `f<n>` of filter n, `t` of the tombstone. */
export function fieldsOf({ columns, filter, tombstone }: ManifestStream): readonly RecordField[] {
  return [
    ...columns.flatMap((column, n) => {
      const { name, from = name, numbers = 'plain', unitFrom } = column;
      if (isMade(column)) return [];
      const unit = unitFrom === undefined ? [] : [{ as: `u${n}`, from: unitFrom }];
      return [{ as: `c${n}`, from, numbers }, ...unit];
    }),
    ...filter.map(({ field }, n) => ({ as: `f${n}`, from: field })),
    ...(tombstone === undefined ? [] : [{ as: 't', from: tombstone.field }]),
  ];
}

/** Reads fields of the records of some files into a temporary table of texts; without files it is empty. */
export async function readFields(
  session: DecodeSession,
  { stream, files }: { readonly stream: ManifestStream; readonly files: readonly LandedFile[] },
  into: string,
  fields: readonly RecordField[],
): Promise<RecordsFound> {
  const { format, delimiter, header, sheet } = stream.decoding;
  if (files.length === 0) {
    const texts = fields.map(({ as }) => `, ${quoted(as)} varchar`).join('');
    await session.run(`create or replace temp table ${quoted(into)}
      (_file integer, _row bigint, _malformed varchar, _raw varchar${texts})`);
    return { missing: [], names: [] };
  }
  const found = await recordDecoders[format](session, files, {
    into,
    records: recordsPath(stream),
    fields,
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(header === undefined ? {} : { header }),
    ...(sheet === undefined ? {} : { sheet }),
  });
  if (files.length > new Set(files.map(({ n }) => n)).size) await renumber(session, into);
  return found;
}

/** Several members of one landed archive are one file of records. */
async function renumber(session: DecodeSession, into: string): Promise<void> {
  await session.run(`create or replace temp table ${quoted(into)} as
    select * exclude (_row), row_number() over (partition by _file) as _row from ${quoted(into)}`);
}
