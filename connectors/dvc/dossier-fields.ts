import type { JsonShape } from '../decode/json.ts';
import type { TypedColumn } from '../decode/typed-select.ts';
import { agencyCode } from './agency-code.ts';

/** Both spellings of times in dossiers, and a day alone. */
const momentFormats = ['%Y-%m-%d %H:%M:%S', '%Y%m%d%H%M%S', '%Y-%m-%d', '%Y%m%d'];

/** A time of Vietnamese wall clock. */
export function moment(from: string, name: string): TypedColumn {
  return { name, type: 'timestamp', from, formats: momentFormats };
}

function text(field: string, name: string): TypedColumn {
  return { name, type: 'varchar', from: field };
}

/** Members of `HoSo` that are plain values or lists kept as JSON text. */
const plainMembers = [
  'MaHoSo',
  'MaTTHC',
  'TenTTHC',
  'MaLinhVuc',
  'TenLinhVuc',
  'KenhThucHien',
  'SoGiayToChuHoSo',
  'ChuHoSo',
  'LoaiDoiTuong',
  'MaDoiTuong',
  'ThongTinKhac',
  'Email',
  'Fax',
  'SoDienThoai',
  'TrichYeuHoSo',
  'NgayNopHoSo',
  'NgayTiepNhan',
  'NgayHenTra',
  'TrangThaiHoSo',
  'NgayTra',
  'ThongTinTra',
  'HinhThuc',
  'NgayKetThucXuLy',
  'NgayTuChoi',
  'DonViXuLy',
  'NoiNopHoSo',
  'GhiChu',
  'HoSoCoThanhPhanSoHoa',
  'TaiKhoanDuocXacThucVoiVNeID',
  'DuocThanhToanTrucTuyen',
  'NgayCapNhat',
  'DinhDanhCHS',
  'DSKetNoiCSDL',
  'DanhSachTepDinhKemKhac',
  'DanhSachGiayToKetQua',
] as const;

/** The columns of a dossier. `KenhThucHien` null means 1; an absent yes/no means no. */
export function dossierColumns(statuses: readonly string[]): readonly TypedColumn[] {
  return [
    { ...text('r.MaHoSo', 'dossier_code'), required: true },
    { ...text('r.MaTTHC', 'procedure_code'), required: true },
    text('r.TenTTHC', 'procedure_name'),
    text('r.MaLinhVuc', 'field_code'),
    text('r.TenLinhVuc', 'field_name'),
    { name: 'channel', type: 'integer', from: 'r.KenhThucHien', blank: '1' },
    text('r.SoGiayToChuHoSo', 'owner_id_number'),
    text('r.ChuHoSo', 'owner_name'),
    { name: 'owner_kind', type: 'integer', from: 'r.LoaiDoiTuong' },
    text('r.MaDoiTuong', 'owner_code'),
    text('r.ThongTinKhac', 'other_information'),
    text('r.Email', 'email'),
    text('r.Fax', 'fax'),
    text('r.SoDienThoai', 'phone'),
    text('r.TrichYeuHoSo', 'summary'),
    moment('r.NgayNopHoSo', 'submitted_at'),
    moment('r.NgayTiepNhan', 'received_at'),
    moment('r.NgayHenTra', 'due_at'),
    { name: 'status', type: 'integer', from: 'r.TrangThaiHoSo', required: true, oneOf: statuses },
    moment('r.NgayTra', 'returned_at'),
    text('r.ThongTinTra', 'return_information'),
    text('r.HinhThuc', 'return_method'),
    moment('r.NgayKetThucXuLy', 'finished_at'),
    moment('r.NgayTuChoi', 'refused_at'),
    text(agencyCode('r.DonViXuLy'), 'agency_code'),
    text('r.NoiNopHoSo', 'commune_code'),
    text('r.GhiChu', 'note'),
    {
      name: 'has_digitised_components',
      type: 'boolean',
      from: 'r.HoSoCoThanhPhanSoHoa',
      blank: 'false',
    },
    {
      name: 'is_vneid_verified',
      type: 'boolean',
      from: 'r.TaiKhoanDuocXacThucVoiVNeID',
      blank: 'false',
    },
    { name: 'online_payment', type: 'integer', from: 'r.DuocThanhToanTrucTuyen', blank: '0' },
    text(list('DinhDanhCHS'), 'owner_identities'),
    text(list('DSKetNoiCSDL'), 'linked_databases'),
    text(list('DanhSachTepDinhKemKhac'), 'other_attachments'),
    text(list('DanhSachGiayToKetQua'), 'result_documents'),
    { ...moment('r.NgayCapNhat', 'updated_at'), required: true },
  ];
}

/** A list of a dossier that becomes a stream of its own. */
export interface ChildList {
  readonly stream: string;
  readonly member: string;
  readonly shape: Readonly<Record<string, 'VARCHAR'>>;
  readonly columns: readonly TypedColumn[];
}

/** The lists of a dossier. */
export const childLists: readonly ChildList[] = [
  childList('dossier_supplement', 'DanhSachHoSoBoSung', [
    {
      // Some agencies leave the id out: then the request is known by its place in the list.
      name: 'supplement_id',
      type: 'varchar',
      from: `coalesce(nullif(trim(part.HoSoBoSungId), ''), part_no::varchar)`,
    },
    text('part.NguoiYeuCauBoSung', 'requested_by'),
    text('part.NoiDungBoSung', 'content'),
    moment('part.NgayBoSung', 'requested_at'),
    text('part.NguoiTiepNhanBoSung', 'received_by'),
    text('part.ThongTinTiepNhan', 'receipt_information'),
    moment('part.NgayTiepNhanBoSung', 'answered_at'),
    text('part.TrangThaiBoSung', 'status'),
    moment('part.NgayHenTraTruoc', 'due_before'),
    moment('part.NgayHenTraMoi', 'due_after'),
  ]),
  childList('dossier_step', 'TienTrinh', [
    numbered('step_no'),
    text('part.NguoiXuLy', 'officer'),
    text('part.ChucDanh', 'officer_title'),
    moment('part.ThoiDiemXuLy', 'processed_at'),
    text('part.PhongBanXuLy', 'unit'),
    text('part.NoiDungXuLy', 'content'),
    { name: 'status', type: 'integer', from: 'part.TrangThai' },
    moment('part.NgayBatDau', 'started_at'),
    moment('part.NgayKetThucTheoQuyDinh', 'due_at'),
  ]),
  childList('dossier_fee', 'DanhSachLePhi', [
    numbered('fee_no'),
    text('part.MaPhiLePhi', 'fee_code'),
    text('part.TenPhiLePhi', 'fee_name'),
    { name: 'collected_at', type: 'integer', from: 'part.HinhThucThu' },
    { name: 'amount', type: 'decimal(21,6)', from: 'part.Gia' },
    text('part.LoaiPhiLePhi', 'kind'),
  ]),
  childList('dossier_document', 'TaiLieuNop', [
    numbered('document_no'),
    text('part.TepDinhKemId', 'attachment_id'),
    text('part.TenTepDinhKem', 'file_name'),
    { name: 'is_deleted', type: 'boolean', from: 'part.IsDeleted', blank: 'false' },
    text('part.MaThanhPhanHoSo', 'component_code'),
    text('part.DuongDanTaiTepTin', 'address'),
    { name: 'is_digitised', type: 'boolean', from: 'part.DuocSoHoa', blank: 'false' },
    { name: 'is_reused', type: 'boolean', from: 'part.DuocTaiSuDung', blank: 'false' },
    { name: 'is_from_repository', type: 'boolean', from: 'part.DuocLayTuKhoDMQG', blank: 'false' },
    text('part.MaKetQuaThayThe', 'replaced_by'),
  ]),
];

/** What is taken from a dossier, all as text. */
export const dossierShape: JsonShape = {
  ...Object.fromEntries(plainMembers.map((name) => [name, 'VARCHAR' as const])),
  ...Object.fromEntries(childLists.map(({ member, shape }) => [member, [shape] as const])),
};

function childList(stream: string, member: string, columns: readonly TypedColumn[]): ChildList {
  const fields = columns.flatMap(({ from }) => /part\.(\w+)/.exec(from)?.[1] ?? []);
  const shape = Object.fromEntries(fields.map((field) => [field, 'VARCHAR' as const]));
  return { stream, member, shape, columns };
}

function numbered(name: string): TypedColumn {
  return { name, type: 'integer', from: 'part_no::integer', form: 'value' };
}

/** An empty list says nothing. */
function list(member: string): string {
  return `nullif(r.${member}, '[]')`;
}
