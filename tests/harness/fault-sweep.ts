import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findConnector, type AnyConnector } from '../../connectors/registry.ts';
import { balances } from '../../core/load-counts.ts';
import * as fault from './fault-server.ts';
import {
  openSourceHome,
  readContext,
  type IngestOptions,
  type IngestOutcome,
  type SourceHome,
} from './source-home.ts';

/** A kind of service: what it answers when it is well, which address is spoiled, and what has to be there afterwards. */
export interface SweptKind {
  /** Name of the connector, as the registry has it. */
  readonly name: string;
  /** What is special here, where one connector is swept in several ways. */
  readonly variant?: string;
  readonly routes: (self: () => string) => Readonly<Record<string, fault.Fault>>;
  readonly spoiled: string;
  /** The body of a good answer at the spoiled address. */
  readonly body: string;
  /** Headers of a good answer there that mean something. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The good answers there with a byte order mark before them, where there are several. */
  readonly marked?: fault.Fault | undefined;
  readonly config: (url: string) => object;
  readonly options?: IngestOptions;
  readonly rows: string;
  /** Every row that the server means to give, as `rows` lists them. */
  readonly expected: readonly string[];
  /** The connector leaves it to the run to ask again where a body breaks off: the pipeline does, as for any such error. */
  readonly retriedByRun?: true;
  /** Numbers of cases that cannot be told from a good answer here; each has its reason in docs/connector-cases.md. */
  readonly except?: readonly string[];
}

type Spoil = (kind: SweptKind, well: fault.Fault) => fault.Fault;

const half = (text: string) => text.slice(0, Math.floor(text.length / 2));
const length = (text: string) => Buffer.byteLength(text);

/** Faults that pass: the same question is asked again. */
const passing: readonly (readonly [string, Spoil])[] = [
  ['A10 reset before headers', () => fault.resetBeforeHeaders],
  ['A11 reset at byte 1', ({ body }) => fault.resetMidBody(body, 1)],
  ['A11 reset in the middle', ({ body }) => fault.resetMidBody(body, length(half(body)))],
  ['A11 reset before the last byte', ({ body }) => fault.resetMidBody(body, length(body) - 1)],
  ['A13 Content-Length larger than the body', ({ body }) => fault.wrongLength(body, 90_000)],
  [
    'A15 chunks without an end',
    ({ body }) => fault.rawChunks(`${length(body).toString(16)}\r\n${body}\r\n`),
  ],
  ['A16 a wrong chunk size', () => fault.rawChunks('zz\r\nabc\r\n0\r\n\r\n')],
  ['A17 gzip that is cut', ({ body }) => fault.truncatedGzip(body, 40)],
  ['A23 429 with seconds', () => fault.status(429, { 'retry-after': '1' })],
  [
    'A24 429 with a date',
    () =>
      fault.status(429, {
        date: 'Sun, 22 Nov 2026 10:00:00 GMT',
        'retry-after': 'Sun, 22 Nov 2026 10:00:01 GMT',
      }),
  ],
  ['A25 429 with a wait that is none', () => fault.status(429, { 'retry-after': '-3' })],
  ['A28 500', () => fault.status(500)],
  ['A28 502', () => fault.status(502)],
  ['A28 503', () => fault.status(503)],
  ['A28 504', () => fault.status(504)],
];

/** Oddities that are no faults: the answer is whole. */
const odd: readonly (readonly [string, Spoil])[] = [
  [
    'A42 a byte order mark',
    ({ body, headers = {}, marked }) => marked ?? fault.answer(`\ufeff${body}`, headers),
  ],
  [
    'A45 bytes behind the answer',
    (_, well) =>
      fault.inTurn(well, (socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\nx'), fault.hangUp),
  ],
  [
    'A46 a connection that is closed after each answer',
    (_, well) => fault.inTurn(well, fault.hangUp),
  ],
];

/** Faults that stay. */
const lasting: readonly (readonly [string, Spoil, RegExp])[] = [
  ['A12 a body of unknown length that is cut', ({ body }) => fault.closeEarly(half(body)), /./],
  [
    'A14 Content-Length smaller than the body',
    ({ body }) => fault.wrongLength(body, length(half(body))),
    /./,
  ],
  ['A18 a gzip bomb', () => fault.gzipBomb(60_000_000), /answer-too-large/],
  [
    'A19 not compressed as it says',
    ({ body }) => fault.answer(body, { 'content-encoding': 'gzip' }),
    /answer-encoding/,
  ],
  ['A20 silence', () => fault.silence, /timeout|unreachable/],
  ['A21 a body that drips', () => fault.drip(' ', 50), /timeout|too-long|end-unproved/],
  [
    'A22 an infinite body',
    () => fault.drip('x'.repeat(65_536), 0),
    /answer-too-large|timeout|end-unproved/,
  ],
  ['A25 429 for a year', () => fault.status(429, { 'retry-after': '31536000' }), /rate-limited/],
  ['A26 429 for ever', () => fault.status(429), /rate-limited/],
  ['A29 500 at one address, always', () => fault.status(500), /server|http|unavailable/],
  [
    'A30 a maintenance page in HTTP 200',
    () => fault.answer('<html><h1>Bảo trì</h1></html>', { 'content-type': 'text/html' }),
    /./,
  ],
  ['A33 401', () => fault.status(401), /refused|http|sign-in|source-error/],
  ['A34 403', () => fault.status(403), /refused|http|source-error/],
  ['A35 404 that nobody declared empty', () => fault.status(404), /not-found|http|expired|missing/],
  [
    'A36 a redirect that nobody declared',
    () => fault.status(302, { location: '/elsewhere' }),
    /redirect-refused/,
  ],
  [
    'A37 a redirect to itself',
    ({ spoiled }) => fault.status(307, { location: spoiled }),
    /redirect-refused/,
  ],
  [
    'A39 a redirect to another host',
    () => fault.status(308, { location: 'http://127.0.0.9:1/' }),
    /redirect-refused/,
  ],
  ['A44 100,000 levels deep', () => fault.answer('['.repeat(100_000)), /./],
];

/**
 * Tries a kind with every fault of transport and protocol at one of its addresses. What has to be there is what the
 * server means to give, counted by the server: once, or as it was published before.
 */
export function describeFaultSweep(kind: SweptKind): void {
  const title = kind.variant === undefined ? kind.name : `${kind.name}, ${kind.variant}`;
  const applies = ([name]: readonly [string, ...unknown[]]) =>
    !(kind.except ?? []).some((number) => name.startsWith(number));

  describe(title, () => {
    let trial: Trial;
    const rows = () => trial.rows();

    describe('a new home', () => {
      beforeEach(async () => {
        trial = await openTrial(kind);
      });
      afterEach(() => trial.close());

      it.each(passing.filter(applies))(
        '%s, once: asked again, every row once',
        async (_, spoil) => {
          const first = await trial.ingest([spoil(kind, trial.well), trial.well]);
          const isLeft = kind.retriedByRun === true && first.failure?.group === 'retriable';
          if (isLeft) expect(first.batches).toEqual([]);
          expectPublished(isLeft ? await trial.ingest([trial.well]) : first);
          expect(await rows()).toEqual(kind.expected);
        },
      );

      it.each(odd.filter(applies))('%s: every row once', async (_, spoil) => {
        expectPublished(await trial.ingest([spoil(kind, trial.well)]));
        expect(await rows()).toEqual(kind.expected);
      });

      it('B21 the connection test moves nothing; B36 A47 the same answers again bring nothing, without a condition asked', async () => {
        await trial.check();
        const first = await trial.ingest([trial.well]);
        expectPublished(first);
        expect(await rows()).toEqual(kind.expected);
        const again = await trial.ingest([trial.well], { cursor: first.cursor });
        const whole = await trial.ingest([trial.well], { full: true });
        for (const { batches } of [again, whole])
          for (const counts of batches.flatMap((batch) => Object.values(batch.counts)))
            expect(counts).toMatchObject({ new: 0, changed: 0, deleted: 0 });
        expect(await rows()).toEqual(kind.expected);
        expect(trial.headersAsked().filter((name) => /^if-/.test(name))).toEqual([]);
      });
    });

    describe('a home that has its rows', () => {
      beforeAll(async () => {
        trial = await openTrial(kind);
        expectPublished(await trial.ingest([trial.well]));
        expect(await rows()).toEqual(kind.expected);
      });
      afterAll(() => trial.close());

      it.each(lasting.filter(applies))(
        '%s: ends in a reason; what was published stays',
        async (_, spoil, code) => {
          expectRefused(await trial.ingest([spoil(kind, trial.well)], hasty), code);
          expect(await rows()).toEqual(kind.expected);
        },
      );

      it('A01 nobody listens: ends in a reason; what was published stays', async () => {
        const server = await fault.startFaultServer({});
        await server.close();
        expectRefused(await trial.ingestAt(server.url, hasty), /unreachable/);
        expect(await rows()).toEqual(kind.expected);
      });
    });
  });
}

const hasty: IngestOptions = {
  limits: { totalTimeoutMs: 1_500, retries: 1, maxBytes: 5_000_000 },
  full: true,
};

interface Trial {
  /** The good answer at the spoiled address. */
  readonly well: fault.Fault;
  check(): Promise<unknown>;
  ingest(faults: readonly fault.Fault[], options?: IngestOptions): Promise<IngestOutcome>;
  ingestAt(url: string, options: IngestOptions): Promise<IngestOutcome>;
  rows(): Promise<readonly unknown[]>;
  /** Names of the headers of all requests to the last server. */
  headersAsked(): readonly string[];
  close(): Promise<void>;
}

async function openTrial(kind: SweptKind): Promise<Trial> {
  const home: SourceHome = await openSourceHome();
  const connector = connectorOf(kind.name);
  let server: fault.FaultServer | undefined;
  const routes = kind.routes(() => server?.url ?? '');
  const well = routes[kind.spoiled] ?? fault.status(404);
  const serve = async (faults: readonly fault.Fault[]) => {
    await server?.close();
    server = await fault.startFaultServer({ ...routes, [kind.spoiled]: faults });
    return server.url;
  };
  const ingestAt = (url: string, options: IngestOptions = {}) =>
    home.ingest(connector, kind.config(url), { ...kind.options, ...options });
  return {
    well,
    ingestAt,
    check: async () => {
      const config = connector.config.parse(kind.config(await serve([well])));
      const refuse = () => Promise.reject(new Error('a connection test lands nothing'));
      return connector.check(readContext(connector, config, kind.options ?? {}, refuse));
    },
    ingest: async (faults, options) => ingestAt(await serve(faults), options),
    rows: async () => (await home.rows(kind.rows)).flat(),
    headersAsked: () => (server?.requests ?? []).flatMap(({ headers }) => Object.keys(headers)),
    close: async () => {
      await server?.close();
      await home.remove();
    },
  };
}

function connectorOf(name: string): AnyConnector {
  const found = findConnector(name);
  if (found === undefined) throw new RangeError(name);
  return found;
}

function expectPublished({ failure, batches }: IngestOutcome): void {
  expect([failure, batches.filter(({ status }) => status !== 'published')]).toEqual([
    undefined,
    [],
  ]);
  expect(batches.flatMap(({ counts }) => Object.values(counts)).every(balances)).toBe(true);
}

/** Neither success nor rows: a reason. */
function expectRefused({ failure, batches }: IngestOutcome, code: RegExp): void {
  const told = [failure?.code, ...batches.flatMap(({ findings }) => findings)];
  expect(told.join(' ')).toMatch(code);
  expect(failure !== undefined || batches.some(({ findings }) => findings.length > 0)).toBe(true);
  expect(batches.filter(({ status }) => status === 'published')).toEqual([]);
}
