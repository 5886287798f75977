import { dayOf, dayOfMoment, isoDay, isoMoment } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { json, type Handler, type Reply } from '../http/reply.ts';
import { daysBetween } from '../ledger/stream.ts';
import { staysOf, type Stay } from './stay.ts';

const KEY = 'mo-phong-bai-xe';
const LARGEST_PAGE = 100;

/** The car parks' service: `GET /parking/api/luot-gui?tu=dd/MM/yyyy&den=dd/MM/yyyy&bat-dau=0&so-luong=100`. */
export function parkingRoutes(horizon: Horizon): Handler {
  return ({ path, query, headers }) => {
    if (path !== '/parking/api/luot-gui') return undefined;
    if (headers['x-api-key'] !== KEY) return failure('Sai khóa truy cập');
    const [from, to] = [dayOfText(query.get('tu')), dayOfText(query.get('den'))];
    if (from === undefined || to === undefined) return failure('Ngày phải theo dạng dd/MM/yyyy');
    const days = daysBetween(Math.max(from, horizon.firstDay), Math.min(to, horizon.lastDay));
    const found = [...days].flatMap((day) => staysOf(horizon.seed, horizon.scale, day));
    const start = Number(query.get('bat-dau') ?? 0);
    const size = Math.min(LARGEST_PAGE, Number(query.get('so-luong') ?? 20));
    const page = found.slice(start, start + size).map(stayJson);
    return json({ ketQua: 'OK', tong: found.length, luot: page });
  };
}

/** Errors come in HTTP 200. */
function failure(reason: string): Reply {
  return json({ ketQua: 'LOI', lyDo: reason });
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

function stayJson(stay: Stay): object {
  return {
    maLuot: stay.id,
    bai: { ma: stay.lot, phuongXa: stay.commune },
    bienSo: stay.plate,
    vaoLuc: written(stay.cameAt),
    raLuc: written(stay.leftAt),
    phi: String(stay.fee).replace(/\B(?=(\d{3})+$)/g, '.'),
  };
}

/** `22/11/2026 08:30` */
function written(moment: number): string {
  const [year = '', month = '', day = ''] = isoDay(dayOfMoment(moment)).split('-');
  return `${day}/${month}/${year} ${isoMoment(moment).slice(11, 16)}`;
}
