import { compactDay, isoDay } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { json, notFound, type Handler } from '../http/reply.ts';
import { hash } from '../random.ts';

/** A number of the portal, as it is meant. */
export type ProvinceDay = {
  readonly province: number;
  readonly measure: 'case' | 'death' | 'injected' | 'injected_once' | 'injected_twice';
  readonly day: number;
  readonly value: number;
  readonly correction: boolean;
};

const ROOT = '/ncsc/api/v3/';
const DAYS = 90;
const CASES = 7301;
const BULK = 151_919;
const BULK_PROVINCE = 61;
/** The portal numbers provinces 1 to 64 without 20; at the address of number 20 is province 1. */
const PROVINCES = Array.from({ length: 64 }, (_, n) => n + 1).filter((id) => id !== 20);

/** The national portal: two numberings, `d/m/yyyy`, a bulk report in one day, "once" that falls, totals nobody maintains. */
export function portalRoutes(horizon: Horizon): Handler {
  return ({ path }) => {
    if (!path.startsWith(ROOT)) return undefined;
    const way = path.slice(ROOT.length);
    if (way === 'covid/provinces') return json(PROVINCES.map((id) => card(horizon, id)));
    const [, kind, number] = /^(covid|vaccine)\/province\/(\d+)$/.exec(way) ?? [];
    const id = number === '20' ? 1 : Number(number);
    if (kind === undefined || !PROVINCES.includes(id) || number === '1') return notFound(path);
    const by = (measure: ProvinceDay['measure']) =>
      Object.fromEntries(
        daysOf(horizon, id, measure).map(({ day, value }) => [dayText(day), value]),
      );
    return json(
      kind === 'covid'
        ? { id, case_by_day: by('case'), death_by_day: by('death') }
        : {
            id,
            total_injected_by_time: by('injected'),
            once_injected_by_time: by('injected_once'),
            twice_injected_by_time: by('injected_twice'),
          },
    );
  };
}

/** Every number of the portal. */
export function* provinceDays(horizon: Horizon): Generator<ProvinceDay> {
  for (const id of PROVINCES)
    for (const measure of ['case', 'death', 'injected', 'injected_once', 'injected_twice'] as const)
      yield* daysOf(horizon, id, measure);
}

function daysOf(
  { seed, lastDay }: Horizon,
  province: number,
  measure: ProvinceDay['measure'],
): readonly ProvinceDay[] {
  return Array.from({ length: DAYS }, (_, n) => {
    const day = lastDay - DAYS + 1 + n;
    const usual = 20 + (hash(seed, CASES, province, day) % 60);
    const isBulk = measure === 'case' && province === BULK_PROVINCE && n === 45;
    // Half of a day's first doses are second doses a fortnight later: after the last first dose, "once" falls.
    const twice = Math.max(0, n - 14) * 400;
    const once = Math.min(n, 60) * 1000 - twice;
    const values = {
      case: isBulk ? BULK : usual,
      death: usual % 3,
      injected: once + 2 * twice,
      injected_once: once,
      injected_twice: twice,
    };
    const falls = measure === 'injected_once' && n > 60;
    return { province, measure, day, value: values[measure], correction: isBulk || falls };
  });
}

function card(horizon: Horizon, id: number): object {
  const cases = daysOf(horizon, id, 'case');
  return {
    id,
    name: `Tỉnh số ${String(id)} (mô phỏng)`,
    population: 500_000 + id * 1000,
    total_case: cases.reduce((sum, { value }) => sum + value, 0),
    total_death: daysOf(horizon, id, 'death').reduce((sum, { value }) => sum + value, 0),
    total_active: 0,
    total_recovered: 0,
    percent_case_population: 0.5700000000000001,
    last_updated: `${paddedDay(horizon.lastDay)} 18:05:00`,
  };
}

/** `5/9/2026`. */
function dayText(day: number): string {
  const [year = '', month = '', date = ''] = isoDay(day).split('-');
  return `${String(Number(date))}/${String(Number(month))}/${year}`;
}

/** `05/09/2026`. */
function paddedDay(day: number): string {
  const text = compactDay(day);
  return `${text.slice(6)}/${text.slice(4, 6)}/${text.slice(0, 4)}`;
}
