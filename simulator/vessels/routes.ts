import { dayOf } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { notFound, type Handler } from '../http/reply.ts';
import { stationLog } from './station-log.ts';

/** Serves the station's logs, a file a day: `/vessels/ais/2026-11-22.nmea`. */
export function vesselRoutes({ seed, firstDay, lastDay }: Horizon): Handler {
  return ({ path }) => {
    const [, iso] = /^\/vessels\/ais\/(\d{4}-\d\d-\d\d)\.nmea$/.exec(path) ?? [];
    if (iso === undefined) return undefined;
    const day = dayOf(iso);
    if (day < firstDay || day > lastDay) return notFound(path);
    const headers = { 'content-type': 'text/plain; charset=us-ascii' };
    return { status: 200, headers, body: stationLog(seed, day) };
  };
}
