import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifest } from '../../connectors/manifest/connector.ts';
import type { JsonObject } from '../../core/json.ts';
import { balances } from '../../core/load-counts.ts';
import * as fault from '../harness/fault-server.ts';
import { pagedManifest, pageOf, queryOf, rowsUpTo } from '../harness/paged-source.ts';
import { openSourceHome, type IngestOptions, type SourceHome } from '../harness/source-home.ts';

let home: SourceHome;
const servers: fault.FaultServer[] = [];
beforeEach(async () => {
  home = await openSourceHome();
});
afterEach(async () => {
  for (const one of servers.splice(0)) await one.close();
  await home.remove();
});

const count = 25;
const rows = rowsUpTo(count);
const total: JsonObject = { completeness: { proof: 'total', path: 'total' } };
const withTotal = (all: readonly unknown[]) => ({ total: all.length });
const good = () => pageOf({ rows: () => rows, envelope: withTotal });

async function serve(script: Parameters<typeof fault.startFaultServer>[0]) {
  const server = await fault.startFaultServer(script);
  servers.push(server);
  return server;
}

async function served(...faults: readonly fault.Fault[]) {
  return serve({ '/things': faults });
}

const ingest = (config: unknown, options: IngestOptions = {}) =>
  home.ingest(manifest, config, options);
const ids = async () => (await home.rows('select id from staging.thing order by 1')).flat();
const allIds = rows.map(({ id }) => id);

/** The server's own count of what it meant to give: nothing lost, nothing doubled, every count balanced. */
async function expectWhole(outcome: Awaited<ReturnType<typeof ingest>>) {
  expect(outcome.failure).toBeUndefined();
  expect(outcome.batches.map(({ status }) => status)).not.toContain('failed');
  expect(await ids()).toEqual(allIds);
  expect(outcome.batches.flatMap((batch) => Object.values(batch.counts)).every(balances)).toBe(
    true,
  );
}

/** Neither rows nor success: a reason with a code. */
async function expectRefused(outcome: Awaited<ReturnType<typeof ingest>>, code: string | RegExp) {
  const told = [outcome.failure?.code, ...outcome.batches.flatMap(({ findings }) => findings)];
  expect(told.join(' ')).toMatch(code);
  expect(outcome.batches.filter(({ status }) => status === 'published')).toEqual([]);
  const found = await home.rows(
    "select table_name from information_schema.tables where table_name = 'thing' and table_schema = 'staging'",
  );
  if (found.length > 0) expect(await ids()).toEqual([]);
}

const page = (from: number, to: number) =>
  fault.json({ items: rows.slice(from, to), total: count });
const body = (from: number, to: number) =>
  JSON.stringify({ items: rows.slice(from, to), total: count });

describe('A: transport and protocol', () => {
  it.each<[string, fault.Fault]>([
    ['A10 reset before headers', fault.resetBeforeHeaders],
    ['A11 reset at byte 1', fault.resetMidBody(body(0, 10), 1)],
    ['A11 reset in the middle', fault.resetMidBody(body(0, 10), 200)],
    ['A11 reset before the last byte', fault.resetMidBody(body(0, 10), body(0, 10).length - 1)],
    ['A12 a body of unknown length that is cut', fault.closeEarly(body(0, 10).slice(0, 300))],
    ['A13 Content-Length larger than the body', fault.wrongLength(body(0, 10), 90_000)],
    ['A14 Content-Length smaller than the body', fault.wrongLength(body(0, 10), 300)],
    [
      'A15 chunks without an end',
      fault.rawChunks(`${body(0, 10).length.toString(16)}\r\n${body(0, 10)}\r\n`),
    ],
    ['A16 a wrong chunk size', fault.rawChunks('zz\r\nabc\r\n0\r\n\r\n')],
    ['A17 gzip that is cut', fault.truncatedGzip(body(0, 10), 40)],
    ['A23 429 with seconds', fault.status(429, { 'retry-after': '2' })],
    ['A25 429 with a negative wait', fault.status(429, { 'retry-after': '-3' })],
    ['A28 500', fault.status(500)],
    ['A28 502', fault.status(502)],
    ['A28 503', fault.status(503)],
    ['A28 504', fault.status(504)],
    [
      'A30 a maintenance page in HTTP 200',
      fault.answer('<html><h1>Bảo trì</h1></html>', { 'content-type': 'text/html' }),
    ],
  ])('%s, once: asked again, every row once', async (_name, once) => {
    const one = await served(once, good());
    await expectWhole(await ingest(pagedManifest(one.url, total)));
  });

  it.each<[string, fault.Fault, RegExp]>([
    ['A12 cut for ever', fault.closeEarly(body(0, 10).slice(0, 300)), /answer-not-readable/],
    ['A17 cut gzip for ever', fault.truncatedGzip(body(0, 10), 40), /answer-truncated/],
    ['A18 a gzip bomb', fault.gzipBomb(60_000_000), /answer-too-large/],
    [
      'A19 not compressed as it says',
      fault.answer(body(0, 10), { 'content-encoding': 'gzip' }),
      /answer-encoding/,
    ],
    ['A25 429 for a year', fault.status(429, { 'retry-after': '31536000' }), /rate-limited/],
    ['A26 429 for ever', fault.status(429), /rate-limited/],
    [
      'A30 maintenance for ever',
      fault.answer('<html></html>', { 'content-type': 'text/html' }),
      /answer-not-readable/,
    ],
    ['A33 401 without another credential', fault.status(401), /sign-in-refused/],
    ['A34 403', fault.status(403), /access-refused/],
    ['A35 404 that nobody declared empty', fault.status(404), /not-found/],
    [
      'A36 a redirect that nobody declared',
      fault.status(302, { location: '/elsewhere' }),
      /redirect-refused/,
    ],
    [
      'A40 JSON called HTML',
      fault.answer(body(0, 10), { 'content-type': 'text/html' }),
      /answer-not-readable/,
    ],
    ['A43 NaN', fault.answer('{"items":[{"id":NaN}],"total":1}'), /answer-not-readable/],
  ])('%s: refused with a reason, nothing published', async (_name, always, code) => {
    const one = await served(always);
    await expectRefused(await ingest(pagedManifest(one.url, total)), code);
  });

  it('A21 a body that drips for ever ends at the total time', async () => {
    const one = await served(fault.drip(' ', 20));
    const limits = { totalTimeoutMs: 500, retries: 1 };
    await expectRefused(await ingest(pagedManifest(one.url, total), { limits }), /timeout-total/);
  });

  it('A22 an infinite body stops at the cap of the manifest', async () => {
    const one = await served(fault.drip('x'.repeat(65_536), 0));
    const config = pagedManifest(one.url, total, { pageBytes: 500_000 });
    await expectRefused(await ingest(config), /answer-too-large/);
  });

  it('A29 500 on page 2 only, always: pages before it are not published alone', async () => {
    const healthy = good();
    const one = await served((socket, request) =>
      queryOf(request).get('offset') === '10'
        ? fault.status(500)(socket, request)
        : healthy(socket, request),
    );
    await expectRefused(await ingest(pagedManifest(one.url, total)), /server-error/);
  });

  it('A32 a session that ends in the middle is renewed once, on the same page', async () => {
    const healthy = good();
    const tokens: string[] = [];
    const one = await serve({
      '/token': (socket, request) => {
        tokens.push(`token-so-${tokens.length + 1}`);
        return fault.json({ token: tokens.at(-1) })(socket, request);
      },
      '/things': (socket, request) => {
        const late = queryOf(request).get('offset') === '10' && tokens.length === 1;
        const known = request.headers['authorization'] === `Bearer ${tokens.at(-1) ?? ''}`;
        return (late || !known ? fault.status(401) : healthy)(socket, request);
      },
    });
    const authentication = {
      kind: 'session',
      login: { method: 'POST', path: 'token' },
      tokenPath: 'token',
    };
    await expectWhole(await ingest(pagedManifest(one.url, total, { authentication })));
    expect(tokens.length).toBe(2);
  });

  it('A31 a sign-in page instead of data signs in again once; A33 then it is refused', async () => {
    const html = fault.answer('<form>Đăng nhập</form>', { 'content-type': 'text/html' });
    const one = await serve({ '/token': fault.json({ token: 'token-dai' }), '/things': html });
    const authentication = {
      kind: 'session',
      login: { method: 'POST', path: 'token' },
      tokenPath: 'token',
    };
    const outcome = await ingest(pagedManifest(one.url, total, { authentication }));
    await expectRefused(outcome, /answer-not-readable/);
    expect(one.requests.filter(({ path }) => path === '/token').length).toBe(2);
  });

  it('A33 a refresh that is refused too ends after two tries', async () => {
    const one = await serve({ '/oauth': fault.status(400), '/things': fault.status(401) });
    const authentication = {
      kind: 'oauth2',
      tokenUrl: `${one.url}/oauth`,
      grant: 'refresh_token',
      clientId: 'ioc',
      clientSecret: '{{ secret.client }}',
      refreshToken: '{{ secret.refresh }}',
    };
    const label = { vi: 'x', en: 'x' };
    const config = pagedManifest(one.url, total, {
      authentication,
      secrets: { client: label, refresh: label },
    });
    const secrets = { client: 'bi-mat-may-khach', refresh: 'lam-moi-dai' };
    await expectRefused(await ingest(config, { secrets }), /sign-in-refused/);
    expect(one.requests.length).toBeLessThanOrEqual(2);
  });

  it('A34 one stream of two is forbidden: it fails, the other is published', async () => {
    const one = await serve({ '/things': good(), '/secret': fault.status(403) });
    const config = pagedManifest(one.url, total);
    const [stream] = config['streams'] as readonly JsonObject[];
    const forbidden = {
      ...stream,
      stream: 'forbidden',
      request: { ...(stream?.['request'] as JsonObject), path: 'secret' },
    };
    const outcome = await ingest({ ...config, streams: [forbidden, stream ?? {}] });
    expect(outcome.failure?.code).toBe('access-refused');
    expect(outcome.batches.map(({ key, status }) => [key, status])).toEqual([
      ['thing', 'published'],
    ]);
    expect(await ids()).toEqual(allIds);
  });

  it('A35 404 that is declared to mean "no data" is an empty batch', async () => {
    const one = await served(fault.status(404));
    const answers = [{ when: { status: [404] }, do: 'empty' }];
    const { batches, failure } = await ingest(pagedManifest(one.url, { answers }));
    expect([failure, batches.map(({ counts }) => counts['thing']?.received)]).toEqual([
      undefined,
      [0],
    ]);
  });

  it('A36 a declared redirect on the same host is followed; A37 a loop ends', async () => {
    const one = await serve({
      '/things': (socket, request) =>
        fault.status(307, { location: request.path.replace('/things', '/moved') })(socket, request),
      '/moved': good(),
    });
    await expectWhole(await ingest(pagedManifest(one.url, total, { redirects: 2 })));
    const loop = await served(fault.status(302, { location: '/things' }));
    await home.remove();
    home = await openSourceHome();
    await expectRefused(
      await ingest(pagedManifest(loop.url, total, { redirects: 5 })),
      /redirect-limit/,
    );
    expect(loop.requests.length).toBe(6);
  });

  it('A39/F25 a redirect to a host that is not listed is refused', async () => {
    const other = await served(good());
    const one = await served(fault.status(302, { location: `${other.url}/things` }));
    await expectRefused(
      await ingest(pagedManifest(one.url, total, { redirects: 5 })),
      /address-refused/,
    );
    expect(other.requests).toEqual([]);
  });

  it('A40 another media type is taken where the manifest says so', async () => {
    const one = await served(fault.answer(body(0, 25), { 'content-type': 'text/html' }));
    const decoding = { format: 'json', mediaTypes: ['text/html'] };
    await expectWhole(await ingest(pagedManifest(one.url, { ...total, decoding })));
  });

  it('A42 a byte order mark, spaces and decomposed letters', async () => {
    const record = {
      id: ' r0001\u00a0',
      name: 'Hải Phòng'.normalize('NFD'),
      changed: '2026-10-01T00:00:00Z',
    };
    const one = await served(
      fault.answer(`\ufeff${JSON.stringify({ items: [record], total: 1 })}\r\n`),
    );
    await ingest(pagedManifest(one.url, total));
    expect(await home.rows('select id, name from staging.thing')).toEqual([['r0001', 'Hải Phòng']]);
  });

  it('A43 long numbers keep their digits; equal keys do not crash', async () => {
    const text =
      '{"items":[{"id":"a","id":"b","amount":123456789012345678.12,"n":9007199254740993}],"total":1}';
    const one = await served(fault.answer(text));
    const label = { vi: 'x', en: 'x' };
    const columns = [
      { name: 'id', type: 'varchar', label, classification: 'public' },
      { name: 'amount', type: 'decimal(38,2)', label, classification: 'public' },
      { name: 'n', type: 'bigint', label, classification: 'public' },
    ];
    const plain = pagedManifest(one.url, { ...total, columns });
    const [stream] = plain['streams'] as readonly JsonObject[];
    const rest = Object.entries(stream ?? {}).filter(([name]) => name !== 'publishedAt');
    await ingest({ ...plain, streams: [Object.fromEntries(rest)] });
    expect(await home.rows('select amount, n from staging.thing')).toEqual([
      ['123456789012345678.12', '9007199254740993'],
    ]);
  });

  it('A44 100,000 levels deep: a value like others, or refused; never a crash', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const text = `{"items":[{"id":"a","name":${deep},"changed":null}],"total":1}`;
    const one = await served(fault.answer(text));
    const { batches, failure } = await ingest(pagedManifest(one.url, total));
    expect(failure?.code ?? batches[0]?.status).toMatch(/published|answer-not-readable/);
  });

  it('A46 a connection that the server closes between pages is replaced', async () => {
    const healthy = good();
    const one = await served((socket, request) =>
      fault.inTurn(healthy, fault.hangUp)(socket, request),
    );
    await expectWhole(await ingest(pagedManifest(one.url, total)));
  });

  it('A24 a date to wait for is measured against the clock of the server', async () => {
    const one = await served(
      fault.status(503, {
        'retry-after': 'Sun, 22 Nov 2026 10:00:05 GMT',
        date: 'Sun, 22 Nov 2026 10:00:00 GMT',
      }),
      good(),
    );
    await expectWhole(await ingest(pagedManifest(one.url, total)));
  });

  it('gzip answers are read', async () => {
    const one = await served(fault.answer(gzipSync(body(0, 25)), { 'content-encoding': 'gzip' }));
    await expectWhole(await ingest(pagedManifest(one.url, total)));
  });

  it('A48 an export job whose creation is sent twice has one key: the source makes one job', async () => {
    const keys: string[] = [];
    const jobs = new Set<string>();
    const one = await serve({
      '/jobs': [
        (socket, request) => {
          keys.push(request.headers['idempotency-key'] ?? '');
          jobs.add(keys.at(-1) ?? '');
          socket.resetAndDestroy();
        },
        (socket, request) => {
          keys.push(request.headers['idempotency-key'] ?? '');
          jobs.add(keys.at(-1) ?? '');
          return fault.json({ id: 'job-1' }, 202)(socket, request);
        },
      ],
      '/jobs/job-1': [
        fault.json({ state: 'running' }),
        fault.json({ state: 'done', file: '/out.ndjson' }),
      ],
      '/out.ndjson': fault.answer(rows.map((row) => JSON.stringify(row)).join('\n')),
    });
    const post = {
      method: 'POST',
      path: 'jobs',
      idempotent: true,
      headers: { 'idempotency-key': '{{ job.key }}' },
    };
    const stream = {
      request: { path: 'unused' },
      pagination: { kind: 'none' },
      job: {
        create: post,
        id: 'id',
        status: { path: 'jobs/{{ job.id }}' },
        statusPath: 'state',
        done: ['done'],
        failed: ['broken'],
        file: 'file',
      },
      decoding: { format: 'ndjson' },
      records: '',
    };
    await expectWhole(await ingest(pagedManifest(one.url, stream)));
    expect([keys.length, jobs.size]).toEqual([2, 1]);
  });
});

describe('B: pages and cursors', () => {
  it('B10 rows inserted at the head while reading: read again until nothing moves', async () => {
    let all: typeof rows = rows.slice(5);
    const moving = pageOf({
      rows: () => all,
      envelope: withTotal,
      onPage: (n) => {
        if (n === 2) all = rows;
      },
    });
    await expectWhole(await ingest(pagedManifest((await served(moving)).url, total)));
  });

  it('B11 rows deleted while reading: noticed by the total, read again', async () => {
    const extra = { id: 'r0000', name: 'x', changed: '2026-10-01T00:00:00Z' };
    let all: readonly object[] = [extra, ...rows];
    const moving: fault.Fault = (socket, request) => {
      const offset = Number(queryOf(request).get('offset'));
      if (offset === 10) all = rows;
      return fault.json({ items: all.slice(offset, offset + 10), total: all.length })(
        socket,
        request,
      );
    };
    await expectWhole(await ingest(pagedManifest((await served(moving)).url, total)));
  });

  it('B12 a page size that is silently capped', async () => {
    const one = await served(pageOf({ rows: () => rows, most: 4 }));
    await expectWhole(await ingest(pagedManifest(one.url)));
    const again = await served(pageOf({ rows: () => rows, most: 4, envelope: withTotal }));
    await expectWhole(await ingest(pagedManifest(again.url, total)));
  });

  it('B13 a last page that is full ends after an empty one', async () => {
    const one = await served(pageOf({ rows: () => rows.slice(0, 20) }));
    await ingest(pagedManifest(one.url));
    expect([(await ids()).length, one.requests.length]).toEqual([20, 3]);
  });

  const linked =
    (next: (path: string) => string | null): fault.Fault =>
    (socket, request) =>
      fault.json({ items: rows.slice(0, 10), next: next(request.path) })(socket, request);
  const byLink = { pagination: { kind: 'link', next: 'next' }, request: { path: 'things' } };

  it.each<[string, (path: string) => string]>([
    ['B14 a next link to itself', () => '/things'],
    ['B14 next links that never end', (path) => `${path}x`],
    ['B15 next links in a circle', (path) => (path === '/things' ? '/things?b' : '/things')],
  ])('%s ends, nothing published', async (_name, next) => {
    const one = await serve({
      '/things': linked(next),
      ...Object.fromEntries(['x', 'xx', 'xxx'].map((x) => [`/things${x}`, linked(next)])),
    });
    await expectRefused(await ingest(pagedManifest(one.url, byLink)), /page-repeats/);
    expect(one.requests.length).toBeLessThanOrEqual(4);
  });

  it('follows next links, and Link headers, to their end', async () => {
    const one = await serve({
      '/things': fault.json({ items: rows.slice(0, 10), next: '/two?a=1' }),
      '/two': fault.json({ items: rows.slice(10), next: null }),
    });
    await expectWhole(await ingest(pagedManifest(one.url, byLink)));
    const two = await serve({
      '/things': fault.answer(body(0, 10), { link: '</first>; rel="first", </two>; rel="next"' }),
      '/two': fault.answer(body(10, 25)),
    });
    const byHeader = { pagination: { kind: 'link' }, request: { path: 'things' } };
    await expectWhole(await ingest(pagedManifest(two.url, byHeader)));
  });

  it('follows a cursor token while there is more', async () => {
    const one = await served((socket, request) => {
      const at = Number(queryOf(request).get('after') ?? 0);
      return fault.json({
        items: rows.slice(at, at + 10),
        token: String(at + 10),
        more: at + 10 < count,
      })(socket, request);
    });
    const stream = {
      pagination: { kind: 'cursor', next: 'token', more: 'more' },
      request: { path: 'things', query: { after: '{{ page.token? }}' } },
    };
    await expectWhole(await ingest(pagedManifest(one.url, stream)));
  });

  it('F26 a next link to another host is refused', async () => {
    const other = await served(page(10, 25));
    const one = await served(linked(() => `${other.url}/things`));
    await expectRefused(await ingest(pagedManifest(one.url, byLink)), /address-refused/);
    expect(other.requests).toEqual([]);
  });

  it('B16 a page that comes twice from a cache is asked for again', async () => {
    let tricked = false;
    const healthy = good();
    const one = await served((socket, request) => {
      if (queryOf(request).get('offset') !== '10' || tricked) return healthy(socket, request);
      tricked = true;
      return page(0, 10)(socket, request);
    });
    await expectWhole(await ingest(pagedManifest(one.url, total)));
    expect(one.requests.some(({ headers }) => headers['cache-control'] === 'no-cache')).toBe(true);
  });

  it('B17 a page that is missing, B18 a total that is wrong: not published', async () => {
    const gap = await served((socket, request) =>
      fault.json({
        items: queryOf(request).get('offset') === '0' ? rows.slice(0, 10) : [],
        total: count,
      })(socket, request),
    );
    await expectRefused(await ingest(pagedManifest(gap.url, total)), /page-missing/);
    const wrong = await served(pageOf({ rows: () => rows, envelope: () => ({ total: 26 }) }));
    await expectRefused(await ingest(pagedManifest(wrong.url, total)), /page-missing/);
  });

  it('B18 within the declared tolerance it is published', async () => {
    const one = await served(pageOf({ rows: () => rows, envelope: () => ({ total: 26 }) }));
    const tolerant = { completeness: { proof: 'total', path: 'total', tolerance: 2 } };
    await expectWhole(await ingest(pagedManifest(one.url, tolerant)));
  });

  it('B19 a total that changes is read again; one that never rests is refused', async () => {
    let calls = 0;
    const restless = pageOf({
      rows: () => rows,
      envelope: () => ({ total: count + (calls += 1) }),
    });
    await expectRefused(
      await ingest(pagedManifest((await served(restless)).url, total)),
      /total-unstable/,
    );
  });

  it('B18/B19 a recount before and after proves a list without total', async () => {
    const one = await serve({
      '/things': pageOf({ rows: () => rows }),
      '/count': fault.json({ n: count }),
    });
    const recount = { completeness: { proof: 'recount', request: { path: 'count' }, path: 'n' } };
    await expectWhole(await ingest(pagedManifest(one.url, recount)));
    const wrong = await serve({
      '/things': pageOf({ rows: () => rows.slice(0, 20) }),
      '/count': fault.json({ n: count }),
    });
    await home.remove();
    home = await openSourceHome();
    await expectRefused(await ingest(pagedManifest(wrong.url, recount)), /page-missing/);
  });

  const windowed =
    (most = Number.POSITIVE_INFINITY): fault.Fault =>
    (socket, request) => {
      const query = queryOf(request);
      const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
      const inside = rows.filter(
        ({ changed }) =>
          Date.parse(String(changed)) >= Date.parse(from) &&
          Date.parse(String(changed)) <= Date.parse(to),
      );
      return fault.json({ items: inside.slice(0, most) })(socket, request);
    };
  const byWindow = (more: JsonObject = {}): JsonObject => ({
    request: { path: 'things', query: { from: '{{ window.from }}', to: '{{ window.to }}' } },
    pagination: { kind: 'none' },
    incremental: { kind: 'time', start: '2026-09-30T00:00:00Z', ...more },
  });
  const now = new Date('2026-10-05T00:00:00Z');

  it('B20 a hard cap on rows: the window is halved until it fits', async () => {
    const one = await served(windowed(6));
    const outcome = await ingest(pagedManifest(one.url, byWindow({ cap: 6 })), { now });
    await expectWhole(outcome);
    expect(outcome.batches.length).toBeGreaterThan(4);
  });

  it('B20 a second with more rows than the cap is refused, not cut', async () => {
    const at = '2026-10-01T00:00:00Z';
    const crowd = rowsUpTo(9).map((row) => ({ ...row, changed: at }));
    const one = await served((socket, request) => {
      const query = queryOf(request);
      const inside =
        Date.parse(query.get('from') ?? '') <= Date.parse(at) &&
        Date.parse(at) <= Date.parse(query.get('to') ?? '');
      return fault.json({ items: inside ? crowd.slice(0, 6) : [] })(socket, request);
    });
    const outcome = await ingest(
      pagedManifest(one.url, byWindow({ cap: 6, start: '2026-09-30T23:59:00Z' })),
      {
        now: new Date('2026-10-01T00:01:00Z'),
      },
    );
    expect(outcome.failure?.code).toBe('window-too-full');
    expect(await ids()).toEqual([]);
  });

  it('B01–B07 ties, disorder and odd cursors do not matter: the position is the window, not a row', async () => {
    const odd = [
      ...rows,
      { id: 'z1', name: 'x', changed: '2099-01-01T00:00:00Z' },
      { id: 'z2', name: 'x', changed: null },
    ];
    const one = await served((socket, request) =>
      fault.json({ items: odd.toReversed() })(socket, request),
    );
    const outcome = await ingest(pagedManifest(one.url, byWindow()), { now });
    expect([outcome.failure, (await ids()).length]).toEqual([undefined, 27]);
    expect(outcome.cursor).toEqual({ streams: { thing: { at: '2026-10-05T00:00:01.000Z' } } });
  });

  it('B03/B09 a row that comes late is caught by the look-back', async () => {
    const late = { id: 'late', name: 'x', changed: '2026-10-04T12:00:00Z' };
    let all: readonly Readonly<Record<string, unknown>>[] = rows;
    const one = await served((socket, request) => {
      const query = queryOf(request);
      const inside = all.filter(
        ({ changed }) => Date.parse(String(changed)) >= Date.parse(query.get('from') ?? ''),
      );
      return fault.json({ items: inside })(socket, request);
    });
    const config = pagedManifest(one.url, byWindow({ lookBack: 'P2D' }));
    const first = await ingest(config, { now });
    all = [...rows, late];
    await ingest(config, { now: new Date('2026-10-05T06:00:00Z'), cursor: first.cursor });
    expect(await ids()).toContain('late');
  });

  it('B08 a source that speaks local time is asked in local time', async () => {
    const one = await served(windowed());
    await ingest(
      pagedManifest(one.url, byWindow({ start: '2026-10-01', format: '%Y-%m-%d %H:%M:%S' })),
      { now },
    );
    expect(
      queryOf(one.requests[0] ?? { method: '', path: '', headers: {}, body: '' }).get('from'),
    ).toBe('2026-10-01 00:00:00');
  });

  it('B21 the connection test moves nothing', async () => {
    const one = await served(good());
    const before = one.requests.length;
    const { readContext } = await import('../harness/source-home.ts');
    const config = manifest.config.parse(pagedManifest(one.url, total));
    await manifest.check(
      readContext(manifest, config, {}, () => Promise.reject(new Error('unused'))),
    );
    expect(one.requests.length - before).toBe(1);
    await expectWhole(await ingest(pagedManifest(one.url, total)));
  });

  it('B27 a new column is recorded, B28 a removed one and B29 a renamed one hold the batch', async () => {
    const reshaped = (change: (row: Readonly<Record<string, unknown>>) => object) =>
      served(fault.json({ items: rows.map(change), total: count }));
    const more = await reshaped((row) => ({ ...row, ward: 'x' }));
    await expectWhole(await ingest(pagedManifest(more.url, total)));
    await home.remove();
    home = await openSourceHome();
    const less = await reshaped(({ id, changed }) => ({ id, changed }));
    await expectRefused(await ingest(pagedManifest(less.url, total)), /column-missing/);
    const renamed = await reshaped(({ id, changed, name }) => ({ id, changed, Náme: name }));
    await expectRefused(await ingest(pagedManifest(renamed.url, total)), /column-renamed/);
  });

  it('B30/B32/B42 bad values and records go to quarantine, one by one', async () => {
    const items = [
      ...rows.map((row) => ({ ...row })),
      'no record',
      { id: 'x', name: 'x', changed: '31/02/2026' },
      { id: null, name: 'x', changed: null },
    ];
    const one = await served(fault.json({ items, total: items.length }));
    const { batches } = await ingest(pagedManifest(one.url, total));
    const columns = batches[0]?.counts['thing'];
    expect([batches[0]?.status, columns?.quarantined]).toEqual(['published', 3]);
    expect(await ids()).toEqual(allIds);
  });

  it('B39 sixty percent of bad rows hold the batch', async () => {
    const items = rows.map((row, n) => (n % 5 < 3 ? { ...row, changed: 'hôm qua' } : row));
    const one = await served(fault.json({ items, total: count }));
    const { batches } = await ingest(pagedManifest(one.url, total));
    expect(batches.map(({ status }) => status)).toEqual(['held']);
  });

  it('B36 equal bytes count as unchanged; B37 a corrected record replaces the old one', async () => {
    let items: readonly object[] = rows;
    const one = await served((socket, request) =>
      fault.json({ items, total: count })(socket, request),
    );
    await ingest(pagedManifest(one.url, total));
    const again = await ingest(pagedManifest(one.url, total));
    expect(again.batches[0]?.counts['thing']?.unchanged).toBe(count);
    items = rows.map((row, n) =>
      n === 3 ? { ...row, name: 'đã sửa', changed: '2026-11-01T00:00:00Z' } : row,
    );
    const third = await ingest(pagedManifest(one.url, total));
    expect(third.batches[0]?.counts['thing']).toMatchObject({ changed: 1, unchanged: count - 1 });
  });

  it('B24 a full read of a source whose rows may vanish deletes them', async () => {
    let items: readonly object[] = rows;
    const one = await served((socket, request) =>
      fault.json({ items, total: items.length })(socket, request),
    );
    const config = pagedManifest(one.url, { ...total, deletes: 'absence' });
    await ingest(config);
    items = rows.slice(0, 24);
    const { batches } = await ingest(config);
    expect(batches[0]?.counts['thing']?.deleted).toBe(1);
    expect(await ids()).toEqual(allIds.slice(0, 24));
  });

  it('B43 a field that disappears between two pages holds the batch', async () => {
    const one = await served((socket, request) => {
      const offset = Number(queryOf(request).get('offset'));
      const items = rows.slice(offset, offset + 10);
      const cut = offset < 10 ? items : items.map(({ id, changed }) => ({ id, changed }));
      return fault.json({ items: cut, total: count })(socket, request);
    });
    await expectRefused(await ingest(pagedManifest(one.url, total)), /column-missing/);
  });
});
