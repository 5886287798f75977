/* eslint-disable @typescript-eslint/require-await -- fakes answer at once where services wait */
import { connect } from 'node:net';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PhusaError } from '../../core/errors.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let test: TestServer;
let secure: TestServer;
beforeAll(async () => {
  test = await startTestServer();
  secure = await startTestServer({ publicUrl: 'https://phusa.haiphong.gov.vn' });
});
afterAll(async () => {
  await test.close();
  await secure.close();
});

const json = { 'content-type': 'application/json' };

async function signIn(at: TestServer, cookie?: string): Promise<Response> {
  const origin = at === secure ? 'https://phusa.haiphong.gov.vn' : at.url;
  return fetch(`${at.url}/api/v1/session`, {
    method: 'POST',
    headers: { ...json, origin, ...(cookie === undefined ? {} : { cookie }) },
    body: JSON.stringify({ name: 'demo', password: 'demo' }),
  });
}

const cookieOf = (response: Response): string => response.headers.getSetCookie()[0] ?? '';
const pairOf = (response: Response): string => cookieOf(response).split(';')[0] ?? '';

/** Bytes as they are, past every client's good manners. */
function raw(text: string): Promise<string> {
  const { port } = new URL(test.url);
  return new Promise((done, failed) => {
    let answer = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => done(answer));
    socket.on('error', failed);
    socket.setTimeout(3000, () => socket.destroy());
  });
}

describe('sessions', () => {
  it('I06 signing in always makes a new session and ends the one brought along', async () => {
    const first = await signIn(test);
    const second = await signIn(test, pairOf(first));
    expect(pairOf(second)).not.toBe(pairOf(first));
    const planted = await signIn(test, 'phusa=chosen-by-attacker');
    expect(pairOf(planted)).not.toContain('chosen-by-attacker');
    const old = await fetch(`${test.url}/api/v1/home`, { headers: { cookie: pairOf(first) } });
    expect(old.status).toBe(401);
  });

  it('I07 a session is dead at once after sign-out', async () => {
    const cookie = pairOf(await signIn(test));
    const headers = { cookie, origin: test.url };
    expect((await fetch(`${test.url}/api/v1/home`, { headers })).status).toBe(200);
    const out = await fetch(`${test.url}/api/v1/session`, { method: 'DELETE', headers });
    expect(out.status).toBe(204);
    expect((await fetch(`${test.url}/api/v1/home`, { headers })).status).toBe(401);
  });

  it('I08 the cookie ends when the session does', async () => {
    expect(cookieOf(await signIn(test))).toContain('Expires=Thu, 01 Jan 2099');
  });

  it('I09 cookie flags; __Host- and Secure where people come by https', async () => {
    const plain = cookieOf(await signIn(test));
    expect(plain).toMatch(/^phusa=.*; Path=\/;.*HttpOnly; SameSite=Strict$/);
    const hosted = cookieOf(await signIn(secure));
    expect(hosted).toMatch(/^__Host-phusa=.*HttpOnly; Secure; SameSite=Strict$/);
    expect(hosted).not.toContain('Domain');
  });

  it('a wrong password is told as such, in Vietnamese', async () => {
    const response = await fetch(`${test.url}/api/v1/session`, {
      method: 'POST',
      headers: { ...json, origin: test.url },
      body: JSON.stringify({ name: 'demo', password: 'sai' }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'sign-in-failed' });
  });
});

describe('other sites', () => {
  it.each([
    ['no Origin', {}],
    ['another Origin', { origin: 'https://evil.example' }],
    ['null Origin', { origin: 'null' }],
    ['a lookalike', { origin: 'http://127.0.0.1.evil.example' }],
  ])('I10 a change with our cookie and %s is refused', async (_name, origin) => {
    const cookie = pairOf(await signIn(test));
    const response = await fetch(`${test.url}/api/v1/sources/dvc-hai-phong/ingest`, {
      method: 'POST',
      headers: { ...json, cookie, ...origin },
      body: '{}',
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'foreign-origin' });
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'from=2026-01-01'],
    ['text', 'text/plain', '{}'],
    ['multipart', 'multipart/form-data; boundary=x', '--x--'],
  ])('I10 %s is no JSON and is refused', async (_name, type, body) => {
    const cookie = pairOf(await signIn(test));
    const response = await fetch(`${test.url}/api/v1/sources/dvc-hai-phong/ingest`, {
      method: 'POST',
      headers: { 'content-type': type, cookie, origin: test.url },
      body,
    });
    expect(response.status).toBe(415);
  });

  it('I10 the method cannot be overridden', async () => {
    const cookie = pairOf(await signIn(test));
    const response = await fetch(`${test.url}/api/v1/sources/dvc-hai-phong`, {
      headers: { cookie, 'x-http-method-override': 'DELETE' },
    });
    expect(await response.json()).toMatchObject({ status: 'active' });
  });

  it.each(['https://evil.example', 'null'])('I11 %s gets no CORS header', async (origin) => {
    const cookie = pairOf(await signIn(test));
    const response = await fetch(`${test.url}/api/v1/home`, { headers: { cookie, origin } });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('a host name that is not ours is refused (DNS rebinding)', async () => {
    const { port } = new URL(test.url);
    const answer = await raw(
      `GET /api/v1/home HTTP/1.1\r\nHost: evil.example:${port}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403/);
  });

  it('I12 security headers on pages and data', async () => {
    for (const path of ['/', '/api/docs', '/api/v1/home', '/api/v1/khong-co']) {
      const { headers } = await fetch(test.url + path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
    }
    const data = await fetch(`${test.url}/api/v1/home`);
    expect(data.headers.get('cache-control')).toBe('no-store');
    expect(data.headers.get('strict-transport-security')).toBeNull();
    const hosted = await fetch(`${secure.url}/`);
    expect(hosted.headers.get('strict-transport-security')).toContain('max-age=31536000');
  });
});

describe('what may be asked', () => {
  const as = (name: string): Record<string, string> => ({ authorization: `Bearer token-${name}` });

  it('I18 another agency’s source is not there for a department', async () => {
    const own = await fetch(`${test.url}/api/v1/sources/dvc-hai-phong`, {
      headers: as('department'),
    });
    expect(own.status).toBe(200);
    const other = await fetch(`${test.url}/api/v1/sources/hoa-don-dien-tu`, {
      headers: as('department'),
    });
    expect(other.status).toBe(404);
  });

  it.each([
    { name: 'a', roles: ['leader'], password: 'p', admin: true },
    { name: 'a', roles: ['leader'], password: 'p', ownerId: 'x' },
    { name: 'a', roles: ['root'], password: 'p' },
    { name: '../a', roles: ['leader'], password: 'p' },
  ])('I19 members that are not declared, or wrong, are refused: %j', async (user) => {
    const response = await fetch(`${test.url}/api/v1/users`, {
      method: 'POST',
      headers: { ...json, ...as('admin') },
      body: JSON.stringify(user),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'wrong-input' });
  });

  it('I20 only declared members leave', async () => {
    const sources = test.services.sources;
    const before = sources.show.bind(sources);
    Object.defineProperty(sources, 'show', {
      configurable: true,
      writable: true,
      value: async (...args: Parameters<typeof before>) => ({
        ...(await before(...args)),
        sealedSecret: 'lộ',
      }),
    });
    const response = await fetch(`${test.url}/api/v1/sources/dvc-hai-phong`, {
      headers: as('leader'),
    });
    Object.defineProperty(sources, 'show', { configurable: true, writable: true, value: before });
    expect(await response.text()).not.toContain('sealedSecret');
    const session = await fetch(`${test.url}/api/v1/session`, { headers: as('leader') });
    expect(await session.json()).toEqual({
      name: 'leader',
      roles: ['leader'],
      actor: 'user:leader',
      may: expect.arrayContaining(['editions.list', 'extracts.register']) as string[],
    });
  });

  it('I22 the service’s refusal of one’s own request becomes 403', async () => {
    test.services.extracts.approve = async () => {
      throw new PhusaError({
        group: 'data',
        code: 'not-permitted',
        message: { vi: 'Không ai được tự duyệt.', en: 'Nobody approves their own request.' },
      });
    };
    const response = await fetch(`${test.url}/api/v1/extracts/ext-1/approve?lang=en`, {
      method: 'POST',
      headers: as('steward'),
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ message: 'Nobody approves their own request.' });
  });

  it('a made file’s link serves only the person it was made for', async () => {
    const made = await fetch(`${test.url}/api/v1/trace/evidence`, {
      method: 'POST',
      headers: { ...json, ...as('auditor') },
      body: '{"ref":"edition:x"}',
    });
    const { files } = (await made.json()) as { files: { url: string }[] };
    const url = test.url + (files[0]?.url ?? '');
    const file = await fetch(url, { headers: as('auditor') });
    expect(await file.text()).toBe('nội dung');
    expect(file.headers.get('content-disposition')).toContain("filename*=UTF-8''t%E1%BB%87p.pdf");
    expect((await fetch(url, { headers: as('admin') })).status).toBe(404);
    expect((await fetch(url)).status).toBe(401);
  });
});

describe('hostile requests', () => {
  it.each([
    ['CL and TE', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n'],
    ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n'],
    ['a broken length', 'Content-Length: -1\r\n'],
  ])('I26 smuggling with %s is refused', async (_name, headers) => {
    const answer = await raw(
      `POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it('I26 a repeated query name is refused', async () => {
    const response = await fetch(`${test.url}/api/v1/batches?source=a&source=b`, {
      headers: { authorization: 'Bearer token-steward' },
    });
    expect(response.status).toBe(400);
  });

  it('I26 huge headers are refused', async () => {
    const answer = await raw(
      `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`,
    ).catch(() => 'HTTP/1.1 431');
    expect(answer === '' || /^HTTP\/1\.1 (400|431)/.test(answer)).toBe(true);
  });

  it('I28 an unforeseen fault tells no stack, SQL or path; the log does', async () => {
    test.services.ingestWith = () =>
      Promise.reject(new TypeError('select mat_khau from /srv/phusa/warehouse.duckdb'));
    const response = await fetch(`${test.url}/api/v1/sources/dvc-hai-phong/ingest`, {
      method: 'POST',
      headers: { ...json, authorization: 'Bearer token-operator' },
      body: '{}',
    });
    test.services.ingestWith = undefined;
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(text).not.toMatch(/duckdb|select|at .*\.ts/);
    expect(test.logged.join('\n')).toContain('warehouse.duckdb');
  });

  it('I28 unknown addresses are 404 problems in the asker’s language', async () => {
    const response = await fetch(`${test.url}/api/v1/khong-co`, {
      headers: { 'accept-language': 'en-GB,en;q=0.9,vi;q=0.5' },
    });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'not-found', title: 'Cannot be done' });
    expect((await fetch(`${test.url}/../../etc/passwd`)).status).toBe(404);
    expect((await fetch(`${test.url}/khong-co`)).status).toBe(404);
    expect((await fetch(`${test.url}/v/7K3M9QXA`)).status).toBe(200);
  });

  it('I29 bodies are bounded: too large, too many names, polluting names', async () => {
    const send = (body: string): Promise<Response> =>
      fetch(`${test.url}/api/v1/users`, {
        method: 'POST',
        headers: { ...json, authorization: 'Bearer token-admin' },
        body,
      });
    const large = await send(`{"name":"${'a'.repeat(2_000_000)}"}`).catch(() => undefined);
    expect([413, undefined]).toContain(large?.status);
    const many = Object.fromEntries(Array.from({ length: 80_000 }, (_, i) => [`k${i}`, 0]));
    const started = performance.now();
    const refused = await send(JSON.stringify(many));
    expect(refused.status).toBe(400);
    expect((await refused.text()).length).toBeLessThan(20_000);
    expect(performance.now() - started).toBeLessThan(5000);
    expect((await send('{"__proto__":{"admin":true}}')).status).toBe(400);
    expect((await send('{"constructor":{"prototype":{}}}')).status).toBe(400);
    expect((await send('{')).status).toBe(400);
    const slow = `${'a'.repeat(90_000)}!`;
    expect((await send(JSON.stringify({ name: slow, roles: [], password: 'p' }))).status).toBe(400);
  });
});

describe('who asks', () => {
  it('the socket’s caller is the local operator; a token makes another person', async () => {
    expect(await overSocket({})).toMatchObject({ name: 'local' });
    const headers = { authorization: 'Bearer token-leader' };
    expect(await overSocket(headers)).toMatchObject({ name: 'leader', roles: ['leader'] });
  });

  function overSocket(headers: Record<string, string>): Promise<unknown> {
    return new Promise((done, failed) => {
      const socketPath = `${test.home}/phusa.sock`;
      httpRequest({ socketPath, path: '/api/v1/session', headers }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => done(JSON.parse(text)));
      })
        .on('error', failed)
        .end();
    });
  }

  it('health runs a real query; metrics need an operator', async () => {
    expect((await fetch(`${test.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${test.url}/metrics`)).status).toBe(401);
    const headers = { authorization: 'Bearer token-operator' };
    const metrics = await fetch(`${test.url}/metrics`, { headers });
    expect(await metrics.text()).toContain('phusa_batches_total 21');
    const key = await fetch(`${test.url}/.well-known/phusa-key`);
    expect(await key.text()).toContain('BEGIN PUBLIC KEY');
  });
});
