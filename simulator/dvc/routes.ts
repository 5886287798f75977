import { AGENCIES } from '../city/agencies.ts';
import { dayOf, endOfDay, momentOf } from '../days.ts';
import { createRateLimit } from '../http/rate-limit.ts';
import { bodyFields, json, jsonText, type Handler, type Reply } from '../http/reply.ts';
import type { SimulatedRequest } from '../http/reply.ts';
import type { TokenDesk } from '../http/tokens.ts';
import type { DossierIndex } from './dossier-index.ts';
import { dossierJson } from './dossier-json.ts';
import { type createPager, PAGE_LIMIT, pagePositions, servedTotal } from './paging.ts';
import { PROCEDURES } from './procedures.ts';

const REQUESTS_A_SECOND = 60;
const USERNAME = 'ioc-haiphong';
const PASSWORD = 'mo-phong';

/** Names of TrangThaiHoSo 1 to 10. */
const STATUS_NAMES = [
  'Mới đăng ký',
  'Được tiếp nhận',
  'Không được tiếp nhận',
  'Đang xử lý',
  'Yêu cầu bổ sung giấy tờ',
  'Yêu cầu thực hiện nghĩa vụ tài chính',
  'Công dân yêu cầu rút hồ sơ',
  'Dừng xử lý',
  'Đã xử lý xong',
  'Đã trả kết quả',
];

/** How long a token of this system lives. */
export const DVC_TOKEN_RULE = { seconds: 300, requests: 200 } as const;

/** What the public-service interface works on. */
export type DvcParts = {
  readonly index: () => DossierIndex;
  readonly pager: () => ReturnType<typeof createPager>;
  readonly tokens: TokenDesk;
  readonly clock: () => number;
};

/** Serves the online public-service system. */
export function dvcRoutes(parts: DvcParts): Handler {
  const allowed = createRateLimit(REQUESTS_A_SECOND, parts.clock);
  return (request) => {
    if (!request.path.startsWith('/dvc/')) return undefined;
    if (!allowed()) {
      return json(failure(429, 'Quá nhiều yêu cầu'), 429, { 'retry-after': '1' });
    }
    if (request.path === '/dvc/token') return issueToken(parts.tokens, request);
    if (!parts.tokens.accept(request.headers.authorization)) {
      return json(failure(401, 'Token không hợp lệ hoặc đã hết hạn'), 401);
    }
    return content(parts, request);
  };
}

function failure(code: number, message: string): object {
  return { error_code: code, message, data: null };
}

function success(data: readonly object[]): Reply {
  return json({ error_code: 0, message: '', data });
}

function issueToken(tokens: TokenDesk, request: SimulatedRequest): Reply {
  const fields = bodyFields(request);
  const known = fields.get('username') === USERNAME && fields.get('password') === PASSWORD;
  if (request.method !== 'POST' || !known) return json(failure(401, 'Sai tài khoản'), 401);
  const token = tokens.issue();
  return json({
    error_code: 0,
    message: '',
    access_token: token,
    expires_in: DVC_TOKEN_RULE.seconds,
  });
}

function content(parts: DvcParts, request: SimulatedRequest): Reply | undefined {
  switch (request.path) {
    case '/dvc/hoso':
      return dossiers(parts, request);
    case '/dvc/danhmuc/trangthai':
      return success(STATUS_NAMES.map((name, i) => ({ MaTrangThai: i + 1, TenTrangThai: name })));
    case '/dvc/danhmuc/tthc':
      return success(procedureList());
    case '/dvc/danhmuc/donvi':
      return success(agencyList());
    default:
      return undefined;
  }
}

function procedureList(): readonly object[] {
  return PROCEDURES.map((procedure) => ({
    MaTTHC: procedure.code,
    TenTTHC: procedure.name,
    MaLinhVuc: procedure.fieldCode,
    TenLinhVuc: procedure.fieldName,
    CapThucHien: procedure.department === undefined ? 'xa' : 'so',
    ThoiHanGiaiQuyet: procedure.workingDays,
    CoThuPhi: procedure.fee > 0 ? 1 : 0,
    MucPhi: procedure.fee,
    DuDieuKienTrucTuyen: procedure.onlineEligible ? 1 : 0,
  }));
}

function agencyList(): readonly object[] {
  return AGENCIES.map((agency) => ({
    MaDonVi: agency.code,
    TenDonVi: agency.name,
    Cap: agency.level,
    MaDonViCha: agency.parent,
    MaXa: agency.communeCode,
    MaHuyen: agency.districtCode,
    HieuLucTu: agency.validFrom,
    HieuLucDen: agency.validTo,
    MaDonViKeThua: agency.successors,
  }));
}

const MOMENT = /^(\d{4})-?(\d{2})-?(\d{2})(?:[ T]?(\d{2}):?(\d{2}):?(\d{2}))?$/;

/** A moment in either spelling; a date alone means its first or last second. */
function momentFrom(text: string | null, isEnd: boolean): number | undefined {
  const [, year = '', month = '', date = '', hour, minute, second] = MOMENT.exec(text ?? '') ?? [];
  try {
    const day = dayOf(`${year}-${month}-${date}`);
    if (hour === undefined) return isEnd ? endOfDay(day) : momentOf(day);
    return momentOf(day, Number(hour), Number(minute), Number(second));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function positiveInteger(text: string | null, otherwise: number): number | undefined {
  if (text === null) return otherwise;
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

function dossiers(parts: DvcParts, request: SimulatedRequest): Reply {
  const from = momentFrom(request.query.get('tuNgay'), false);
  const to = momentFrom(request.query.get('denNgay'), true);
  const page = positiveInteger(request.query.get('trang'), 1);
  const size = positiveInteger(request.query.get('soLuong'), PAGE_LIMIT);
  if (from === undefined || to === undefined || page === undefined || size === undefined) {
    return json(failure(1002, 'Tham số tuNgay, denNgay, trang hoặc soLuong không hợp lệ'));
  }
  const cappedSize = Math.min(size, PAGE_LIMIT);
  return dossierPage(parts, [from, to], page, cappedSize, request.repeatPage);
}

function dossierPage(
  parts: DvcParts,
  moments: readonly [number, number],
  page: number,
  size: number,
  repeatPage: boolean,
): Reply {
  const index = parts.index();
  const { listed, pages } = parts.pager()(moments, size);
  const total = repeatPage ? (page + 1) * size : servedTotal(listed, pages);
  const positions = pagePositions(listed, pages, repeatPage ? 1 : page, size);
  const rows = Array.from(positions, (position) => dossierJson(index.dossier(position))).join(',');
  return jsonText(
    `{"error_code":0,"message":"","total":${String(total)},"page":${String(page)},` +
      `"data":[${rows}]}`,
  );
}
