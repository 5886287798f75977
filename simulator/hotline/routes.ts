import { dayOf } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { csv, notFound, type Handler } from '../http/reply.ts';
import { legsOf, masterCsv } from './call.ts';

/** Serves the exchange's call records, a file a day: `/hotline/cdr/2026-11-22.csv`. */
export function hotlineRoutes(horizon: Horizon): Handler {
  return ({ path }) => {
    const [, iso] = /^\/hotline\/cdr\/(\d{4}-\d\d-\d\d)\.csv$/.exec(path) ?? [];
    if (iso === undefined) return undefined;
    const day = dayOf(iso);
    if (day < horizon.firstDay || day > horizon.lastDay) return notFound(path);
    return csv(masterCsv(legsOf(horizon.seed, horizon.scale, day), day));
  };
}
