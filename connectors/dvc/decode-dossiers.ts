import type { DecodeSession } from '../../warehouse/decode-session.ts';
import { readJsonPages } from '../decode/json.ts';
import { typeTable, type TypedColumn } from '../decode/typed-select.ts';
import type { DvcConfig } from './config.ts';
import {
  childLists,
  dossierColumns,
  dossierShape,
  moment,
  type ChildList,
} from './dossier-fields.ts';

/** Decodes landed pages of dossiers into `decoded_dossier` and the tables of its parts. */
export async function decodeDossiers(
  session: DecodeSession,
  { statuses }: DvcConfig,
): Promise<void> {
  await readJsonPages(session, session.files, {
    into: 'hoso',
    records: 'data',
    shape: dossierShape,
  });
  await type(session, 'dossier', 'hoso', dossierColumns(statuses), 'updated_at');
  for (const list of childLists) await decodeParts(session, list);
}

/** A dossier's list becomes rows that carry the dossier's code and time of update. */
async function decodeParts(
  session: DecodeSession,
  { stream, member, columns }: ChildList,
): Promise<void> {
  await session.run(`create or replace temp table parts as
    select _file, row_number() over (partition by _file order by parent_row, part_no) as _row, parent_code, part_no,
      part, updated
    from (select _file, _row as parent_row, r.MaHoSo as parent_code, r.NgayCapNhat as updated,
        unnest(r.${member}) as part, generate_subscripts(r.${member}, 1) as part_no
      from hoso)`);
  const all: readonly TypedColumn[] = [
    { name: 'dossier_code', type: 'varchar', from: 'parent_code', required: true },
    ...columns,
    { ...moment('updated', 'updated_at_of_dossier') },
  ];
  await typeTable(session, `decoded_${stream}`, {
    from: 'parts',
    columns: all,
    raw: 'to_json(part)::varchar',
    publishedAt: vietnamTime('updated_at_of_dossier'),
    wellFormed: true,
  });
}

async function type(
  session: DecodeSession,
  stream: string,
  from: string,
  columns: readonly TypedColumn[],
  updated: string,
): Promise<void> {
  await typeTable(session, `decoded_${stream}`, {
    from,
    columns,
    raw: 'record::varchar',
    publishedAt: vietnamTime(updated),
  });
}

function vietnamTime(column: string): string {
  return `${column} at time zone 'Asia/Ho_Chi_Minh'`;
}
