import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Facts } from '../effort.ts';
import { dayNumber, days, recordJson } from './records.ts';

const inputShape = z.object({ records: z.int().positive(), pageSize: z.int().positive() });

/** How the records are served: how many there are, and how many of them in one answer. */
export type ServedRecords = z.infer<typeof inputShape>;

/** A service that runs; told of what it has given out. */
export interface RecordService {
  readonly url: string;
  /** Records given out since the last call. */
  given(): number;
  close(): Promise<void>;
}

const comma = Buffer.from(',');
const end = Buffer.from(']}');

/**
 * Serves records page by page, as an API does: `?offset=&limit=`, of all days or of those from `from` to `to`, each
 * answer with the total. Pages are made once and kept where `kept`, so that serving takes next to no time.
 */
export async function serveRecords(served: ServedRecords, kept: boolean): Promise<RecordService> {
  const perDay = served.records / days;
  if (!Number.isInteger(perDay)) throw new RangeError(`records must be a multiple of ${days}`);
  const pieces = new Pieces(served, perDay, kept);
  let given = 0;
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://records').searchParams;
    const [first, past] = rangeOf(query, perDay, served.records);
    const from = Math.min(past, first + Number(query.get('offset') ?? 0));
    const to = Math.min(past, from + Math.min(served.pageSize, Number(query.get('limit'))));
    given += to - from;
    answer(response, past - first, pieces.of(from, to));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    given: () => {
      const before = given;
      given = 0;
      return before;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function rangeOf(
  query: URLSearchParams,
  perDay: number,
  records: number,
): readonly [number, number] {
  const from = query.get('from');
  const to = query.get('to');
  const first = from === null ? 0 : dayNumber(from) * perDay;
  const past = to === null ? records : (dayNumber(to) + 1) * perDay;
  return [Math.max(0, Math.min(first, records)), Math.max(0, Math.min(past, records))];
}

function answer(response: ServerResponse, total: number, body: readonly Buffer[]): void {
  const head = Buffer.from(`{"total":${total},"items":[`);
  const parts = [head, ...body.flatMap((part, at) => (at === 0 ? [part] : [comma, part])), end];
  const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': length });
  for (const part of parts) response.write(part);
  response.end();
}

/** Records in a row as JSON, comma between; whole pages are kept. */
class Pieces {
  private readonly pages: Buffer[] = [];
  private readonly perDay: number;
  private readonly size: number;

  constructor({ records, pageSize }: ServedRecords, perDay: number, kept: boolean) {
    this.perDay = perDay;
    this.size = pageSize;
    for (let at = 0; kept && at < records; at += pageSize)
      this.pages.push(this.made(at, Math.min(records, at + pageSize)));
  }

  of(from: number, to: number): readonly Buffer[] {
    if (from >= to) return [];
    const page = this.pages[from / this.size];
    return [page !== undefined && to - from === this.size ? page : this.made(from, to)];
  }

  private made(from: number, to: number): Buffer {
    const texts: string[] = [];
    for (let n = from; n < to; n += 1) texts.push(recordJson(n, this.perDay));
    return Buffer.from(texts.join(','));
  }
}

/** Serves in a process of its own, until its standard input ends: writes the address first. */
export async function serveUntilEnd(input: unknown): Promise<Facts> {
  const service = await serveRecords(inputShape.parse(input), true);
  process.stdout.write(`${service.url}\n`);
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.once('end', resolve));
  await service.close();
  return {};
}
