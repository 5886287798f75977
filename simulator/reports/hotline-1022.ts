import { dayOf, dayOfMoment, isoDay, isoMoment } from '../days.ts';
import { bodyFields, json, type Reply, type SimulatedRequest } from '../http/reply.ts';
import type { TokenDesk } from '../http/tokens.ts';
import type { ReportBook, VisibleReport } from './report-book.ts';

const USER = 'ioc-haiphong';
const PASSWORD = 'mo-phong-1022';
const LARGEST_PAGE = 200;

/** A 1022 hotline: everything in HTTP 200, errors by `maLoi`. */
export function hotline1022(book: ReportBook, tokens: TokenDesk, request: SimulatedRequest): Reply {
  if (request.path === '/1022/dang-nhap') return signIn(tokens, request);
  if (!tokens.accept(request.headers.authorization))
    return failure(401, 'Phiên làm việc đã hết hạn');
  if (request.path !== '/1022/phan-anh') return failure(404, 'Không có chức năng này');
  const [from, to] = [
    dayOfText(request.query.get('tuNgay')),
    dayOfText(request.query.get('denNgay')),
  ];
  if (from === undefined || to === undefined) return failure(400, 'Ngày phải theo dạng dd/MM/yyyy');
  const size = Math.min(LARGEST_PAGE, Math.max(1, Number(request.query.get('soLuong') ?? 20)));
  const page = Math.max(1, Number(request.query.get('trang') ?? 1));
  const found = book.changedBetween(from, to);
  const shown = found.slice((page - 1) * size, page * size).map(reportJson);
  return json({ maLoi: 0, thongBao: '', duLieu: { tongSo: found.length, danhSach: shown } });
}

function signIn(tokens: TokenDesk, request: SimulatedRequest): Reply {
  const fields = bodyFields(request);
  const known = fields.get('tenDangNhap') === USER && fields.get('matKhau') === PASSWORD;
  if (!known) return failure(401, 'Sai tên đăng nhập hoặc mật khẩu');
  return json({ maLoi: 0, thongBao: '', duLieu: { token: tokens.issue() } });
}

function failure(code: number, message: string): Reply {
  return json({ maLoi: code, thongBao: message, duLieu: null });
}

function dayOfText(text: string | null): number | undefined {
  const [, day = '', month = '', year = ''] = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text ?? '') ?? [];
  try {
    return dayOf(`${year}-${month}-${day}`);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `22/11/2026 08:30:00` */
function written(moment: number | undefined): string | null {
  if (moment === undefined) return null;
  const [year = '', month = '', day = ''] = isoDay(dayOfMoment(moment)).split('-');
  return `${day}/${month}/${year} ${isoMoment(moment).slice(11)}`;
}

function reportJson(report: VisibleReport): object {
  const isDone = report.status >= 3;
  return {
    maPhanAnh: `1022-${report.id}`,
    linhVuc: { ma: report.service.code, ten: report.service.name },
    noiDung: report.text,
    soDienThoai: report.phone,
    maXa: report.communeCode,
    maDonVi: `H31.${String(report.service.department).padStart(2, '0')}`,
    trangThai: report.status,
    ngayTiepNhan: written(report.requestedAt),
    hanXuLy: written(report.dueAt),
    ngayHoanThanh: isDone ? written(report.closedAt) : null,
    soGioXuLy: isDone ? hoursText((report.closedAt ?? 0) - report.requestedAt) : '',
    danhGia: isDone ? report.rating : 'Chưa đánh giá',
    ngayCapNhat: written(report.updatedAt),
  };
}

/** Hours as officials write them: `1.234,5`. */
export function hoursText(seconds: number): string {
  const tenths = Math.round(seconds / 360);
  const whole = String(Math.floor(tenths / 10)).replace(/\B(?=(\d{3})+$)/g, '.');
  return `${whole},${String(tenths % 10)}`;
}
