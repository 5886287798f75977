import type { DecodeSession } from '../../warehouse/decode-session.ts';
import { readJsonPages, type JsonShape } from '../decode/json.ts';
import { typeTable, type TypedColumn } from '../decode/typed-select.ts';
import { agencyCode } from './agency-code.ts';

const text = 'VARCHAR';

/** The list of dossier states. */
export async function decodeStatuses(session: DecodeSession): Promise<void> {
  await decodeList(session, 'dossier_status', { MaTrangThai: text, TenTrangThai: text }, [
    { name: 'status', type: 'integer', from: 'r.MaTrangThai', required: true },
    { name: 'name_vi', type: 'varchar', from: 'r.TenTrangThai' },
  ]);
}

/** The list of procedures. */
export async function decodeProcedures(session: DecodeSession): Promise<void> {
  const shape = {
    MaTTHC: text,
    TenTTHC: text,
    MaLinhVuc: text,
    TenLinhVuc: text,
    CapThucHien: text,
    ThoiHanGiaiQuyet: text,
    CoThuPhi: text,
    MucPhi: text,
    DuDieuKienTrucTuyen: text,
  } as const;
  await decodeList(session, 'procedure', shape, [
    { name: 'procedure_code', type: 'varchar', from: 'r.MaTTHC', required: true },
    { name: 'procedure_name', type: 'varchar', from: 'r.TenTTHC' },
    { name: 'field_code', type: 'varchar', from: 'r.MaLinhVuc' },
    { name: 'field_name', type: 'varchar', from: 'r.TenLinhVuc' },
    { name: 'level', type: 'varchar', from: 'r.CapThucHien' },
    { name: 'statutory_working_days', type: 'integer', from: 'r.ThoiHanGiaiQuyet' },
    { name: 'has_fee', type: 'boolean', from: 'r.CoThuPhi' },
    { name: 'fee', type: 'decimal(21,6)', from: 'r.MucPhi' },
    { name: 'is_online_eligible', type: 'boolean', from: 'r.DuDieuKienTrucTuyen' },
  ]);
}

/** The list of agencies with their succession; predecessors are the agencies that name one as successor. */
export async function decodeAgencies(session: DecodeSession): Promise<void> {
  const shape = {
    MaDonVi: text,
    TenDonVi: text,
    Cap: text,
    MaDonViCha: text,
    MaXa: text,
    MaHuyen: text,
    HieuLucTu: text,
    HieuLucDen: text,
    MaDonViKeThua: text,
  } as const;
  await readJsonPages(session, session.files, { into: 'listed', records: 'data', shape });
  await session.run(`create or replace temp table followed as
    select *, list_transform(coalesce(from_json(r.MaDonViKeThua, '["VARCHAR"]'), []), lambda code: ${agencyCode('code')}) as followers,
      ${agencyCode('r.MaDonVi')} as code from listed;
    create or replace temp table succession as
    select follower, string_agg(code, ';' order by code) as predecessors
    from (select distinct code, unnest(followers) as follower from followed) group by follower;
    create or replace temp table placed as
    select f.*, s.predecessors from followed f left join succession s on s.follower = f.code`);
  await typeList(session, 'agency', 'placed', [
    { name: 'agency_code', type: 'varchar', from: 'code', required: true },
    { name: 'agency_code_as_given', type: 'varchar', from: 'r.MaDonVi' },
    { name: 'agency_name', type: 'varchar', from: 'r.TenDonVi' },
    { name: 'level', type: 'varchar', from: 'r.Cap' },
    { name: 'parent_code', type: 'varchar', from: agencyCode('r.MaDonViCha') },
    { name: 'commune_code', type: 'varchar', from: 'r.MaXa' },
    { name: 'district_code', type: 'varchar', from: 'r.MaHuyen' },
    {
      name: 'valid_from',
      type: 'date',
      from: 'r.HieuLucTu',
      formats: ['%Y-%m-%d'],
      blank: `date '1900-01-01'`,
    },
    { name: 'valid_to', type: 'date', from: 'r.HieuLucDen', formats: ['%Y-%m-%d'] },
    {
      name: 'successor_codes',
      type: 'varchar',
      from: `array_to_string(list_sort(followers), ';')`,
    },
    { name: 'predecessor_codes', type: 'varchar', from: 'predecessors' },
  ]);
}

async function decodeList(
  session: DecodeSession,
  stream: string,
  shape: JsonShape,
  columns: readonly TypedColumn[],
): Promise<void> {
  await readJsonPages(session, session.files, { into: 'listed', records: 'data', shape });
  await typeList(session, stream, 'listed', columns);
}

async function typeList(
  session: DecodeSession,
  stream: string,
  from: string,
  columns: readonly TypedColumn[],
): Promise<void> {
  await typeTable(session, `decoded_${stream}`, { from, columns, raw: 'record::varchar' });
}
