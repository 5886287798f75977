import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { PhusaError } from '../../core/errors.ts';
import type { HttpClient } from '../../net/http-client.ts';
import * as fault from '../harness/fault-server.ts';
import { originOf, testClient } from '../harness/test-client.ts';

const open: fault.FaultServer[] = [];
const get = { method: 'GET' } as const;

async function serve(script: Parameters<typeof fault.startFaultServer>[0]) {
  const server = await fault.startFaultServer(script);
  open.push(server);
  return server;
}

async function server(...faults: readonly fault.Fault[]) {
  return serve({ '/a': faults });
}

async function read(client: HttpClient, url: string, request: object = {}): Promise<string> {
  return (await client.send({ ...get, url, ...request })).text();
}

async function failure(reading: Promise<unknown>): Promise<PhusaError> {
  return reading.then(
    (value) => expect.fail(`read ${JSON.stringify(value)}`),
    (error: unknown) => error as PhusaError,
  );
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

describe('answers that come', () => {
  it('reads a body, its headers and its status', async () => {
    const one = await server(fault.answer('xin chào', { 'x-a': '1' }));
    const got = await testClient([originOf(one.url)]).send({ ...get, url: `${one.url}/a` });
    expect([got.status, got.headers['x-a'], await got.text()]).toEqual([200, '1', 'xin chào']);
  });

  it('gives an accepted status as an answer', async () => {
    const one = await server(fault.status(404));
    const client = testClient([originOf(one.url)]);
    expect((await client.send({ ...get, url: `${one.url}/a`, accept: [404] })).status).toBe(404);
  });

  it('decompresses gzip', async () => {
    const one = await server(fault.answer(gzipSync('nén'), { 'content-encoding': 'gzip' }));
    expect(await read(testClient([originOf(one.url)]), `${one.url}/a`)).toBe('nén');
  });

  it('streams a body chunk by chunk', async () => {
    const one = await server(fault.rawChunks('3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'));
    const got = await testClient([originOf(one.url)]).send({ ...get, url: `${one.url}/a` });
    const chunks = [];
    for await (const chunk of got.body) chunks.push(Buffer.from(chunk).toString());
    expect(chunks.join('')).toBe('abcde');
  });
});

describe('connections that fail', () => {
  it('A01 connection refused: retried with growing waits, then unreachable', async () => {
    const one = await server();
    await one.close();
    const client = testClient([originOf(one.url)]);
    const error = await failure(read(client, `${one.url}/a`));
    expect([error.code, error.group]).toEqual(['unreachable', 'retriable']);
    expect(client.waits).toEqual([188, 375, 750]);
  });

  it('A02 a connection that never comes about ends at the connect timeout', async () => {
    const allowed = [{ scheme: 'http', host: 'nguon.example' }] as const;
    const client = testClient(allowed, { retries: 0 }, { lookup: () => undefined });
    const began = Date.now();
    const error = await failure(read(client, 'http://nguon.example/a'));
    expect(error.code).toMatch(/^(unreachable|timeout-headers)$/);
    expect(Date.now() - began).toBeLessThan(3_000);
  });

  it('A03 an unknown name is unreachable, never "no rows"', async () => {
    const client = testClient(
      [{ scheme: 'http', host: 'nguon.example' }],
      {},
      {
        lookup: (_name, _options, done) =>
          done(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []),
      },
    );
    expect((await failure(read(client, 'http://nguon.example/a'))).code).toBe('unreachable');
  });

  it('A04 a name server that fails once is asked again', async () => {
    const one = await server(fault.answer('ok'));
    let asked = 0;
    const allowed = [{ ...originOf(one.url), host: 'nguon.example' }, { ...originOf(one.url) }];
    const client = testClient(
      allowed,
      {},
      {
        lookup: (_name, _options, done) => {
          asked += 1;
          if (asked === 1) done(Object.assign(new Error('servfail'), { code: 'EAI_AGAIN' }), []);
          else done(null, [{ address: '127.0.0.1', family: 4 }]);
        },
      },
    );
    expect(await read(client, `http://nguon.example:${one.port}/a`)).toBe('ok');
  });

  it('A10 reset before headers: a GET is retried', async () => {
    const one = await server(fault.resetBeforeHeaders, fault.answer('ok'));
    expect(await read(testClient([originOf(one.url)]), `${one.url}/a`)).toBe('ok');
  });

  it.each([1, 10, 19])('A11 reset mid body at byte %i: asked again, whole body', async (at) => {
    const body = '01234567890123456789';
    const one = await server(fault.resetMidBody(body, at), fault.answer(body));
    expect(await read(testClient([originOf(one.url)]), `${one.url}/a`)).toBe(body);
  });

  it('A11 reset mid body for ever: connection-broken, and a streamed body throws', async () => {
    const one = await server(fault.resetMidBody('0123456789', 5));
    const client = testClient([originOf(one.url)]);
    expect((await failure(read(client, `${one.url}/a`))).code).toBe('connection-broken');
    const got = await client.send({ ...get, url: `${one.url}/a` });
    const pulled = (async () => {
      for await (const chunk of got.body) expect(chunk.length).toBeLessThan(10);
    })();
    expect((await failure(pulled)).code).toBe('connection-broken');
  });

  it('A12 a body of undeclared length that was cut is given as it came: its reader finds no end', async () => {
    const one = await server(fault.closeEarly('{"a":[1,'));
    expect(await read(testClient([originOf(one.url)]), `${one.url}/a`)).toBe('{"a":[1,');
  });

  it('A13 Content-Length larger than the body is an error, then retried', async () => {
    const one = await server(fault.wrongLength('abc', 10), fault.answer('abc'));
    expect(await read(testClient([originOf(one.url)]), `${one.url}/a`)).toBe('abc');
    const always = await server(fault.wrongLength('abc', 10));
    const error = await failure(read(testClient([originOf(always.url)]), `${always.url}/a`));
    expect([error.group, error.code]).toEqual(['retriable', 'answer-short']);
    expect(error.text.en).toContain('3 of 10 bytes came');
    expect(error.text.vi).toContain('nhận 3 trên 10 byte');
  });

  it('A14 Content-Length smaller than the body: an exact cut at most, never more', async () => {
    const one = await server(fault.wrongLength('{"a":1}tail', 7));
    expect(await read(testClient([originOf(one.url)]), `${one.url}/a`)).toBe('{"a":1}');
  });

  it('A15 missing last chunk, A16 bad chunk size: errors', async () => {
    for (const raw of ['3\r\nabc\r\n', 'zz\r\nabc\r\n0\r\n\r\n']) {
      const one = await server(fault.rawChunks(raw));
      const error = await failure(read(testClient([originOf(one.url)]), `${one.url}/a`));
      expect([error.group, one.requests.length]).toEqual(['retriable', 4]);
    }
  });

  it('A17 truncated gzip is an error, then retried', async () => {
    const one = await server(fault.truncatedGzip('x'.repeat(5000), 20));
    const error = await failure(read(testClient([originOf(one.url)]), `${one.url}/a`));
    expect(error.code).toBe('answer-truncated');
  });

  it('A18 gzip bomb stops at the cap', async () => {
    const one = await server(fault.gzipBomb(50_000_000));
    const error = await failure(read(testClient([originOf(one.url)]), `${one.url}/a`));
    expect([error.code, error.group, one.requests.length]).toEqual(['answer-too-large', 'data', 1]);
  });

  it('A19 a body that is not gzip as it says is a data error', async () => {
    const one = await server(fault.answer('plain text', { 'content-encoding': 'gzip' }));
    const error = await failure(read(testClient([originOf(one.url)]), `${one.url}/a`));
    expect([error.code, error.group]).toEqual(['answer-encoding', 'data']);
  });
});

describe('answers that never end', () => {
  it('A20 slow loris: one header byte at a time ends at the header timeout', async () => {
    const one = await server(fault.slowHeaders(100));
    const client = testClient([originOf(one.url)], { retries: 0 });
    expect((await failure(read(client, `${one.url}/a`))).code).toBe('timeout-headers');
  });

  it('A20 silence ends at the header timeout', async () => {
    const one = await server(fault.silence);
    const client = testClient([originOf(one.url)], { retries: 0 });
    expect((await failure(read(client, `${one.url}/a`))).code).toBe('timeout-headers');
  });

  it('A21 a slow body ends at the total timeout', async () => {
    const one = await server(fault.drip('x', 50));
    const client = testClient([originOf(one.url)], { retries: 0, totalTimeoutMs: 600 });
    expect((await failure(read(client, `${one.url}/a`))).code).toBe('timeout-total');
  });

  it('A21 a body that stops ends at the idle timeout', async () => {
    const one = await server(fault.drip('x', 60_000));
    const client = testClient([originOf(one.url)], { retries: 0, idleTimeoutMs: 200 });
    expect((await failure(read(client, `${one.url}/a`))).code).toBe('timeout-idle');
  });

  it('A22 an infinite body stops at the cap', async () => {
    const one = await server(fault.drip('x'.repeat(65_536), 0));
    const error = await failure(read(testClient([originOf(one.url)]), `${one.url}/a`));
    expect(error.code).toBe('answer-too-large');
  });

  it('a cancelled run stops waiting at once', async () => {
    const one = await server(fault.silence);
    const run = new AbortController();
    const client = testClient([originOf(one.url)], {}, { signal: run.signal });
    const reading = failure(read(client, `${one.url}/a`));
    setTimeout(() => run.abort(), 50);
    expect((await reading).code).toBe('cancelled');
    expect(one.requests.length).toBe(1);
  });

  it('a run has a bounded number of requests', async () => {
    const one = await server(fault.answer('ok'));
    const client = testClient([originOf(one.url)], { maxRequests: 2 });
    await read(client, `${one.url}/a`);
    await read(client, `${one.url}/a`);
    expect((await failure(read(client, `${one.url}/a`))).code).toBe('request-limit');
  });
});

describe('servers that are busy', () => {
  const busy = (after: string, date?: string) =>
    fault.status(429, { 'retry-after': after, ...(date ? { date } : {}) });

  it('A23 429 with seconds waits at least that long', async () => {
    const one = await server(busy('7'), fault.answer('ok'));
    const client = testClient([originOf(one.url)]);
    expect(await read(client, `${one.url}/a`)).toBe('ok');
    expect(client.waits[0]).toBeGreaterThanOrEqual(7_000);
  });

  it("A24 429 with a date is measured against the server's own clock", async () => {
    const one = await server(
      busy('Sun, 22 Nov 2026 10:00:30 GMT', 'Sun, 22 Nov 2026 10:00:00 GMT'),
      fault.answer('ok'),
    );
    const client = testClient(
      [originOf(one.url)],
      {},
      { now: () => new Date('2026-11-22T11:00:00Z') },
    );
    await read(client, `${one.url}/a`);
    expect(client.waits[0]).toBe(30_188);
  });

  it('A25 one year: not waited for', async () => {
    const one = await server(busy('31536000'));
    const client = testClient([originOf(one.url)]);
    expect((await failure(read(client, `${one.url}/a`))).code).toBe('rate-limited');
    expect([one.requests.length, client.waits]).toEqual([1, []]);
  });

  it.each(['-5', 'soon', '', '1e9', 'NaN'])('A25 Retry-After %j: our own wait', async (after) => {
    const one = await server(busy(after), fault.answer('ok'));
    const client = testClient([originOf(one.url)]);
    await read(client, `${one.url}/a`);
    expect(client.waits).toEqual([188]);
  });

  it.each(['1', '1763776800', '1763776800000'])(
    'A27 rate headers in any unit (%s) are not read: only Retry-After makes wait',
    async (reset) => {
      const limits = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
      const one = await server(fault.answer('1', limits), fault.answer('2'));
      const http = testClient([originOf(one.url)]);
      for (const expected of ['1', '2']) expect(await read(http, `${one.url}/a`)).toBe(expected);
      expect(http.waits).toEqual([]);
    },
  );

  it('A26 429 for ever ends with the budget', async () => {
    const one = await server(busy('1'));
    const client = testClient([originOf(one.url)], { retries: 50, retryBudget: 5 });
    expect((await failure(read(client, `${one.url}/a`))).code).toBe('rate-limited');
    expect(one.requests.length).toBe(6);
  });

  it('A28 500, 502, 503 one each, then an answer', async () => {
    const one = await server(
      fault.status(500),
      fault.status(502),
      fault.status(503),
      fault.answer('ok'),
    );
    expect(await read(testClient([originOf(one.url)]), `${one.url}/a`)).toBe('ok');
  });

  it('A29 500 always on one path fails there, after bounded tries', async () => {
    const one = await server(fault.status(500));
    const error = await failure(read(testClient([originOf(one.url)]), `${one.url}/a`));
    expect([error.code, one.requests.length]).toEqual(['server-error', 4]);
  });

  it.each([
    [401, 'access-refused'],
    [403, 'access-refused'],
    [404, 'not-found'],
    [400, 'request-refused'],
  ])('A33/A34/A35 status %i is %s and is not retried', async (code, expected) => {
    const one = await server(fault.status(code));
    const error = await failure(read(testClient([originOf(one.url)]), `${one.url}/a`));
    expect([error.code, one.requests.length]).toEqual([expected, 1]);
  });

  it('A46 a keep-alive connection closed between calls is replaced for GET', async () => {
    const one = await server(fault.inTurn(fault.answer('one'), fault.hangUp), fault.answer('two'));
    const client = testClient([originOf(one.url)]);
    expect(await read(client, `${one.url}/a`)).toBe('one');
    expect(await read(client, `${one.url}/a`)).toBe('two');
  });

  it('A45 extra bytes after the answer are dropped with their connection', async () => {
    const extra: fault.Fault = (socket) =>
      void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil');
    const one = await server(fault.inTurn(fault.answer('one'), extra), fault.answer('two'));
    const client = testClient([originOf(one.url)]);
    expect(await read(client, `${one.url}/a`)).toBe('one');
    expect(await read(client, `${one.url}/a`)).toBe('two');
  });

  it('A48 a POST that may not be repeated is sent once; one that may is sent again', async () => {
    const job = await server(fault.resetBeforeHeaders);
    const client = testClient([originOf(job.url)]);
    await failure(read(client, `${job.url}/a`, { method: 'POST', body: 'x' }));
    expect(job.requests.length).toBe(1);
    const token = await server(fault.resetBeforeHeaders, fault.answer('ok'));
    const again = testClient([originOf(token.url)]);
    expect(
      await read(again, `${token.url}/a`, { method: 'POST', body: 'x', idempotent: true }),
    ).toBe('ok');
  });
});

describe('redirects', () => {
  it.each([301, 302, 303, 307, 308])(
    'A36-A39/F25 %i is refused, whatever it points to',
    async (code) => {
      const one = await server(fault.status(code, { location: 'http://169.254.169.254/' }));
      const error = await failure(read(testClient([originOf(one.url)]), `${one.url}/a`));
      expect([error.code, error.group, one.requests.length]).toEqual([
        'redirect-refused',
        'data',
        1,
      ]);
    },
  );
});

describe('secrets', () => {
  it('J06 neither messages nor places show query secrets or headers', async () => {
    const one = await server(fault.status(500));
    const client = testClient([originOf(one.url)]);
    const error = await failure(
      read(client, `${one.url}/a?access_token=s3cret&page=1`, {
        headers: { authorization: 'Bearer s3cret' },
      }),
    );
    expect(JSON.stringify([error.text, error.place, error.message])).not.toContain('s3cret');
  });
});
