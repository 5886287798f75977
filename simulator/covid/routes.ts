import { dayOf, httpDate, momentOf } from '../days.ts';
import { csv, json, notFound, type Handler, type Reply } from '../http/reply.ts';
import type { SimulatedRequest } from '../http/reply.ts';
import type { Horizon } from '../horizon.ts';
import { dailyFile, fileName } from './daily-file.ts';
import { editionOf } from './edition.ts';
import type { Epidemic } from './epidemic.ts';

const DIRECTORY = '/covid/daily/';
const FILE = /^(\d{2})-(\d{2})-(\d{4})\.csv$/;

/** Serves the directory of day files. */
export function covidRoutes(horizon: Horizon, epidemic: Epidemic): Handler {
  const sizes = new Map<number, number>();
  const textOf = (day: number): string => {
    const text = dailyFile(horizon, epidemic, day);
    sizes.set(day, Buffer.byteLength(text));
    return text;
  };
  const sizeOf = (day: number): number => sizes.get(day) ?? Buffer.byteLength(textOf(day));
  return (request) => {
    if (!request.path.startsWith(DIRECTORY)) return undefined;
    const name = request.path.slice(DIRECTORY.length);
    if (name === '') return json(listing(horizon, sizeOf));
    const day = dayOfFile(name);
    if (day === undefined || day < horizon.firstDay || day > horizon.lastDay) {
      return notFound(request.path);
    }
    return conditional(request, stamps(horizon, day), () => textOf(day));
  };
}

function listing(
  horizon: Horizon,
  sizeOf: (day: number) => number,
): readonly { readonly name: string; readonly size: number }[] {
  const length = horizon.lastDay - horizon.firstDay + 1;
  const days = Array.from({ length }, (_, i) => horizon.firstDay + i);
  return days.map((day) => ({ name: fileName(day), size: sizeOf(day) }));
}

/** The day a file name stands for, undefined when it is no date. */
function dayOfFile(name: string): number | undefined {
  const [, month = '', day = '', year = ''] = FILE.exec(name) ?? [];
  try {
    return dayOf(`${year}-${month}-${day}`);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

type Stamps = { readonly etag: string; readonly 'last-modified': string };

function stamps(horizon: Horizon, day: number): Stamps {
  const edition = editionOf(horizon.seed, day, horizon.lastDay);
  return {
    etag: `"covid-${String(horizon.seed)}-${String(day)}-v${String(edition.version)}"`,
    'last-modified': httpDate(momentOf(edition.publishedOn, 23)),
  };
}

function conditional(request: SimulatedRequest, stamp: Stamps, text: () => string): Reply {
  const match = request.headers['if-none-match'];
  const since = request.headers['if-modified-since'];
  const unchanged =
    match === undefined
      ? since !== undefined && Date.parse(since) >= Date.parse(stamp['last-modified'])
      : match.split(/\s*,\s*/).includes(stamp.etag);
  return unchanged ? { status: 304, headers: { ...stamp }, body: '' } : csv(text(), { ...stamp });
}
