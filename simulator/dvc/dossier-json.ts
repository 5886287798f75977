import type { Agency } from '../city/agencies.ts';
import { firmName, firmTaxCode, personalCode, personName } from '../city/people.ts';
import { compactMoment, dashedMoment, yearOf, dayOfMoment } from '../days.ts';
import type { Dossier } from './dossier.ts';
import type { LifeEvent } from './dossier-life.ts';

type Field = string | number | null | readonly object[];
/** Name and value; a list of them is written many times faster than an object is spread together. */
type Entry = readonly [name: string, value: Field];
type DateText = (moment: number | null) => string | null;

/** What a processing step says. */
export const STEP_TEXT: Readonly<Record<LifeEvent['kind'], string>> = {
  submitted: 'Đăng ký hồ sơ',
  received: 'Tiếp nhận hồ sơ',
  refused: 'Từ chối tiếp nhận: hồ sơ không đúng thẩm quyền',
  processing: 'Chuyển xử lý',
  'supplement-asked': 'Yêu cầu bổ sung giấy tờ',
  'supplement-given': 'Tiếp nhận bổ sung, tiếp tục xử lý',
  'fee-asked': 'Yêu cầu thực hiện nghĩa vụ tài chính',
  'fee-paid': 'Đã thực hiện nghĩa vụ tài chính, tiếp tục xử lý',
  'handed-over': 'Bàn giao do sắp xếp đơn vị hành chính',
  withdrawn: 'Công dân yêu cầu rút hồ sơ',
  stopped: 'Dừng xử lý: quá hạn bổ sung',
  done: 'Đã xử lý xong',
  returned: 'Đã trả kết quả',
  corrected: 'Đính chính ngày hẹn trả',
};

/** The steps of a dossier's log: everything after the submission. */
export function stepsOf(dossier: Dossier): readonly LifeEvent[] {
  return dossier.events.filter((event) => event.kind !== 'submitted');
}

/** A fee, and when it is collected: 1 at intake, 2 at supplement, 4 at return. */
export type Fee = {
  readonly code: string;
  readonly name: string;
  readonly collectedAt: 1 | 4;
  readonly amount: number;
};

/** The fees of a dossier; exempted persons are listed with 0. */
export function feesOf(dossier: Dossier): readonly Fee[] {
  const { procedure, person } = dossier.life;
  if (procedure.fee === 0) return [];
  const amount = person % 11 === 0 ? 0 : procedure.fee;
  const fee = { code: `LP${procedure.code.slice(-3)}`, name: 'Lệ phí giải quyết', amount };
  return [{ ...fee, collectedAt: person % 5 === 0 ? 4 : 1 }];
}

function dateText(agency: Agency): DateText {
  const write = agency.compactDates ? compactMoment : dashedMoment;
  return (moment) => (moment === null ? null : write(moment));
}

function owner(dossier: Dossier): readonly Entry[] {
  const { subject, person } = dossier.life;
  const firm = subject === 1;
  const number = firm ? firmTaxCode(person) : personalCode(person);
  return [
    ['SoGiayToChuHoSo', number],
    ['ChuHoSo', firm ? firmName(person) : personName(person)],
    ['LoaiDoiTuong', subject],
    ['MaDoiTuong', number],
    ['ThongTinKhac', null],
    ['Email', null],
    ['Fax', null],
    ['SoDienThoai', `0900${String(person % 1_000_000).padStart(6, '0')}`],
  ];
}

function course(dossier: Dossier, date: DateText): readonly Entry[] {
  const { life } = dossier;
  const received = date(dossier.receivedAt);
  const year = String(yearOf(dayOfMoment(dossier.submittedAt)));
  const impossible = dossier.agency.compactDates ? `${year}0231080000` : `${year}-02-31 08:00:00`;
  return [
    ['NgayNopHoSo', date(dossier.submittedAt)],
    ['NgayTiepNhan', life.defect === 'impossible-date' ? impossible : received],
    ['NgayHenTra', date(dossier.dueAt)],
    ['TrangThaiHoSo', life.defect === 'unknown-status' ? 99 : dossier.status],
    ['NgayTra', date(dossier.returnedAt)],
    ['ThongTinTra', null],
    ['HinhThuc', dossier.returnedAt === null ? null : life.channel === 2 ? 2 : 1],
    ['NgayKetThucXuLy', date(dossier.finishedAt ?? dossier.endedAt)],
    ['NgayTuChoi', date(dossier.refusedAt)],
  ];
}

function supplementList(dossier: Dossier, date: DateText): readonly object[] {
  return dossier.supplements.map((supplement, i) => ({
    HoSoBoSungId: `${dossier.life.code}-BS${String(i + 1)}`,
    NguoiYeuCauBoSung: 'Cán bộ một cửa (mô phỏng)',
    NoiDungBoSung: 'Bổ sung giấy tờ còn thiếu',
    NgayBoSung: date(supplement.asked),
    NguoiTiepNhanBoSung: supplement.given === null ? null : 'Cán bộ một cửa (mô phỏng)',
    ThongTinTiepNhan: null,
    NgayTiepNhanBoSung: date(supplement.given),
    TrangThaiBoSung: supplement.given === null ? 0 : 1,
    NgayHenTraTruoc: date(supplement.dueBefore),
    NgayHenTraMoi: date(supplement.dueAfter),
  }));
}

function documentList(dossier: Dossier): readonly object[] {
  const { person, code } = dossier.life;
  if (person % 6 !== 0) return [];
  return [
    {
      TepDinhKemId: `${code}-T1`,
      TenTepDinhKem: 'to-khai-mo-phong.pdf',
      IsDeleted: 0,
      MaThanhPhanHoSo: 'TP01',
      DuongDanTaiTepTin: null,
      DuocSoHoa: person % 4 === 0 ? 0 : 1,
      DuocTaiSuDung: (person >>> 5) % 2,
      DuocLayTuKhoDMQG: (person >>> 7) % 3 === 0 ? 1 : 0,
      MaKetQuaThayThe: null,
    },
  ];
}

function feeList(dossier: Dossier): readonly object[] {
  return feesOf(dossier).map((fee) => ({
    TenPhiLePhi: fee.name,
    MaPhiLePhi: fee.code,
    HinhThucThu: fee.collectedAt,
    Gia: fee.amount,
    LoaiPhiLePhi: 2,
  }));
}

function resultList(dossier: Dossier): readonly object[] {
  if (dossier.finishedAt === null) return [];
  const code = dossier.life.code;
  return [
    {
      TenGiayTo: 'Kết quả giải quyết',
      MaThanhPhanHoSo: null,
      GiayToId: `${code}-KQ`,
      DuongDanTepTinKetQua: dossier.life.channel === 2 ? `/kq/${code}.pdf` : null,
      MaGiayToKetQua: 'KQ01',
    },
  ];
}

function stepList(dossier: Dossier, date: DateText, code: string | null): readonly object[] {
  return stepsOf(dossier).map((event) => ({
    MaHoSo: code,
    NguoiXuLy: `Cán bộ ${String(dossier.life.person % 40)} (mô phỏng)`,
    ChucDanh: 'Chuyên viên',
    ThoiDiemXuLy: date(event.at),
    PhongBanXuLy: event.kind === 'received' ? 'Một cửa' : 'Chuyên môn',
    NoiDungXuLy: STEP_TEXT[event.kind],
    TrangThai: event.status,
    NgayBatDau: date(event.at),
    NgayKetThucTheoQuyDinh: date(event.due),
  }));
}

function identity(dossier: Dossier, code: string | null): readonly Entry[] {
  const { procedure, channel } = dossier.life;
  return [
    ['MaHoSo', code],
    ['MaTTHC', procedure.code],
    ['TenTTHC', procedure.name],
    ['MaLinhVuc', procedure.fieldCode],
    ['TenLinhVuc', procedure.fieldName],
    ['KenhThucHien', channel],
  ];
}

function lists(dossier: Dossier, date: DateText, code: string | null): readonly Entry[] {
  return [
    ['DinhDanhCHS', []],
    ['DSKetNoiCSDL', []],
    ['TaiLieuNop', documentList(dossier)],
    ['DanhSachLePhi', feeList(dossier)],
    ['DanhSachTepDinhKemKhac', []],
    ['DanhSachHoSoBoSung', supplementList(dossier, date)],
    ['DanhSachGiayToKetQua', resultList(dossier)],
    ['TienTrinh', stepList(dossier, date, code)],
  ];
}

function remarks(dossier: Dossier, date: DateText): readonly Entry[] {
  const { person, paidOnline } = dossier.life;
  return [
    ['DonViXuLy', dossier.agency.code],
    ['NoiNopHoSo', dossier.communeCode],
    ['GhiChu', dossier.corrected ? 'Đính chính ngày hẹn trả' : null],
    ['HoSoCoThanhPhanSoHoa', person % 10 < 8 ? 1 : 0],
    ['TaiKhoanDuocXacThucVoiVNeID', person % 7 < 5 ? 1 : 0],
    ['DuocThanhToanTrucTuyen', paidOnline],
    ['NgayCapNhat', date(dossier.updatedAt)],
  ];
}

function isEmpty(value: Field): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

/** The HoSo object as the interface gives it, as JSON text. */
export function dossierJson(dossier: Dossier): string {
  const { life, agency } = dossier;
  const date = dateText(agency);
  const code = life.defect === 'missing-key' ? null : life.code;
  const entries = [
    ...identity(dossier, code),
    ...owner(dossier),
    ...course(dossier, date),
    ...remarks(dossier, date),
    ...lists(dossier, date, code),
  ];
  const kept = agency.omitsEmpty ? entries.filter(([, value]) => !isEmpty(value)) : entries;
  return `{${kept.map(([name, value]) => `"${name}":${valueJson(value)}`).join(',')}}`;
}

/** Characters that JSON writes otherwise than they are. */
const ESCAPED = /["\\\u0000-\u001f]/;

/** Most values are plain texts, which need no stringifier. */
function valueJson(value: Field): string {
  if (typeof value !== 'string') return value === null ? 'null' : JSON.stringify(value);
  return ESCAPED.test(value) ? JSON.stringify(value) : `"${value}"`;
}
