import { dayOf, isoDay } from '../days.ts';
import { EPOCH, type Horizon } from '../horizon.ts';
import { json, notFound, type Handler, type Reply } from '../http/reply.ts';
import type { SimulatedRequest } from '../http/reply.ts';
import type { LedgerRange, LedgerStream } from './stream.ts';

const ADDRESS = /^\/_ledger\/([a-z_]+)\.(ndjson|json)$/;
const ROWS_A_CHUNK = 500;

/** Serves the oracle: rows as NDJSON, counts as JSON. */
export function ledgerRoutes(
  horizon: Horizon,
  streams: Readonly<Record<string, LedgerStream>>,
): Handler {
  return (request) => {
    const [, name = '', kind] = ADDRESS.exec(request.path) ?? [];
    if (kind === undefined) return undefined;
    const stream = streams[name];
    if (stream === undefined) return notFound(request.path);
    return answer(name, stream, kind, horizon, request);
  };
}

function answer(
  name: string,
  stream: LedgerStream,
  kind: string,
  horizon: Horizon,
  request: SimulatedRequest,
): Reply {
  const range = rangeOf(request, horizon);
  if (range === undefined) return json({ error: 'from and to must be yyyy-MM-dd' }, 400);
  if (kind === 'json') {
    const days = { from: isoDay(range.from), to: isoDay(range.to) };
    return json({ stream: name, ...days, ...stream.counts(range) });
  }
  return {
    status: 200,
    headers: { 'content-type': 'application/x-ndjson; charset=utf-8' },
    body: chunks(stream.rows(range)),
  };
}

function rangeOf(request: SimulatedRequest, horizon: Horizon): LedgerRange | undefined {
  try {
    const from = dayOf(request.query.get('from') ?? isoDay(EPOCH));
    return { from, to: dayOf(request.query.get('to') ?? isoDay(horizon.lastDay)) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Lines gathered into larger pieces, so that a stream is not one write a row. */
function* chunks(rows: Iterable<object>): Generator<string> {
  let lines: string[] = [];
  for (const row of rows) {
    lines.push(JSON.stringify(row));
    if (lines.length < ROWS_A_CHUNK) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}
