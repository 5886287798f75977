import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import type { EinvoiceConfig } from './config.ts';
import { coveredStreams } from './covered-streams.ts';
import { einvoiceError } from './einvoice-trouble.ts';
import type { SharingService } from './sharing-service.ts';
import { pageSize } from './sharing-service.ts';
import type { SourcePosition } from './source-position.ts';
import { portalStreams } from './streams.ts';

/**
 * Reads the states of invoices by month of issue, one batch a month. The portal has no update cursor, so every run
 * reads the last `stateMonths` months again (all months on a first or full read): equal pages cost nothing further.
 */
export async function* readStates(
  context: ReadContext<EinvoiceConfig>,
  request: ReadRequest,
  service: SharingService,
  position: SourcePosition,
): AsyncGenerator<ReadBatch> {
  const streams = coveredStreams(request, portalStreams);
  if (!context.config.portalStates || streams.length === 0) return;
  const { month: resumed, ...cursor } = position;
  for (const month of monthsToRead(context, request, position).filter(
    (one) => resumed === undefined || one >= resumed,
  )) {
    context.signal.throwIfAborted();
    const from = `${month}-01`;
    const to = lastDay(month);
    const writer = await context.openBatch(`states ${from}..${to}`);
    const total = await landPages(writer, service, from, to);
    yield {
      batch: writer.id,
      key: `states ${from}..${to}`,
      streams,
      cursor,
      position: { ...cursor, month: monthAfter(month) },
      completeness: {
        proof: 'total',
        declared: { invoice_portal_state: total },
        emptyExpected: total === 0,
      },
    };
  }
}

type Writer = Awaited<ReturnType<ReadContext<EinvoiceConfig>['openBatch']>>;

/** Lands all pages of a window and gives the total that they state, checked against the records received. */
async function landPages(
  writer: Writer,
  service: SharingService,
  from: string,
  to: string,
): Promise<number> {
  let rows = 0;
  let before = '';
  for (let number = 1; ; number += 1) {
    const page = await service.states(from, to, number);
    const { sha256 } = await writer.land({
      name: `states-${from}-${String(number).padStart(4, '0')}.json`,
      bytes: page.bytes,
      mediaType: 'application/json',
      request: { method: 'GET', url: service.address(page.path) },
    });
    if (sha256 === before && page.rows > 0) throw einvoiceError('einvoice-page-repeats', page.path);
    before = sha256;
    rows += page.rows;
    if (rows >= page.total || page.rows < pageSize) {
      if (rows !== page.total)
        throw einvoiceError('einvoice-pages-incomplete', `${page.path}: ${rows} ≠ ${page.total}`);
      return page.total;
    }
  }
}

function monthsToRead(
  context: ReadContext<EinvoiceConfig>,
  { from, to, full, cursor }: ReadRequest,
  { firstMonth }: SourcePosition,
): readonly string[] {
  const last = to?.slice(0, 7) ?? monthOf(context.now());
  const recent = monthBefore(monthOf(context.now()), context.config.stateMonths - 1);
  const known = firstMonth ?? recent;
  const whole = full || cursor === undefined;
  const first = from?.slice(0, 7) ?? (whole || known > recent ? known : recent);
  const months: string[] = [];
  for (let month = first; month <= last; month = monthAfter(month)) months.push(month);
  return months;
}

/** The Vietnamese month of an instant. */
function monthOf(instant: Date): string {
  return new Date(instant.getTime() + 7 * 3_600_000).toISOString().slice(0, 7);
}

function monthAfter(month: string): string {
  return monthBefore(month, -1);
}

function monthBefore(month: string, count: number): string {
  return shifted(month, -count).slice(0, 7);
}

function shifted(month: string, count: number): string {
  const start = new Date(`${month}-01T00:00:00Z`);
  start.setUTCMonth(start.getUTCMonth() + count);
  return start.toISOString();
}

function lastDay(month: string): string {
  const end = new Date(Date.parse(shifted(month, 1)) - 86_400_000);
  return end.toISOString().slice(0, 10);
}
