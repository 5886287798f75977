import { communesOn } from '../covid/epidemic.ts';
import { momentOf, SECONDS_A_DAY } from '../days.ts';
import { at, Dice, fraction, roundByChance, STREAM } from '../random.ts';

/** What citizens report on, with the department (by its place in the city's list) that answers. */
export const SERVICES = [
  { code: '001', name: 'Trật tự đô thị', department: 6 },
  { code: '006', name: 'Vệ sinh môi trường', department: 5 },
  { code: '012', name: 'Giao thông, vỉa hè', department: 6 },
  { code: '020', name: 'Cấp thoát nước', department: 6 },
  { code: '034', name: 'Chiếu sáng công cộng', department: 6 },
  { code: '051', name: 'An toàn thực phẩm', department: 10 },
] as const;

/** One citizen's report, from its coming in to its end. Moments are local seconds (see days.ts). */
export type CitizenReport = {
  readonly id: string;
  readonly service: (typeof SERVICES)[number];
  readonly communeCode: string;
  readonly communeName: string;
  readonly text: string;
  readonly phone: string;
  readonly latitude: string;
  readonly longitude: string;
  readonly requestedAt: number;
  readonly startedAt: number;
  readonly dueAt: number;
  /** Undefined for reports that are never answered. */
  readonly closedAt: number | undefined;
  /** Not for this city to decide. */
  readonly isForeign: boolean;
  readonly rating: 'Hài lòng' | 'Chấp nhận' | 'Không hài lòng' | 'Chưa đánh giá';
};

/** Reports of a day at scale 1, on average. */
const REPORTS_A_DAY = 40;

const RATINGS = ['Hài lòng', 'Hài lòng', 'Chấp nhận', 'Không hài lòng', 'Chưa đánh giá'] as const;

/** The reports that came in on a day. */
export function reportsOf(seed: number, scale: number, day: number): readonly CitizenReport[] {
  const count = roundByChance(REPORTS_A_DAY * scale, fraction(seed, STREAM.report, day));
  return Array.from({ length: count }, (_, n) => reportOf(seed, day, n));
}

function reportOf(seed: number, day: number, n: number): CitizenReport {
  const dice = new Dice(seed, STREAM.report, day, n + 1);
  const commune = dice.pick(communesOn(day));
  const service = dice.pick(SERVICES);
  const requestedAt = momentOf(day, dice.between(5, 22), dice.int(60), dice.int(60));
  const startedAt = requestedAt + dice.between(600, SECONDS_A_DAY);
  // Most are answered in days; a few lie for months, and some for ever: those are what the API's window hides.
  const days = dice.chance(0.08) ? dice.between(95, 300) : dice.between(1, 20);
  const isForeign = dice.chance(0.04);
  return {
    id: `${String(day)}${String(n + 1).padStart(4, '0')}`,
    service,
    communeCode: commune.code,
    communeName: commune.name,
    text: `Phản ánh mô phỏng: ${service.name.toLowerCase()} tại ${commune.name}`,
    phone: `0900${String(dice.int(1_000_000)).padStart(6, '0')}`,
    latitude: (20.7 + dice.int(3000) / 10_000).toFixed(4),
    longitude: (106.4 + dice.int(4000) / 10_000).toFixed(4),
    requestedAt,
    startedAt,
    dueAt: requestedAt + 5 * SECONDS_A_DAY,
    closedAt: dice.chance(0.03) ? undefined : startedAt + days * SECONDS_A_DAY,
    isForeign,
    rating: at(RATINGS, dice.int(RATINGS.length)),
  };
}
