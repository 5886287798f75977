import type { LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AllowedOrigin } from '../../core/allowed-origin.ts';
import type { PhusaError } from '../../core/errors.ts';
import { checkUrl } from '../../net/allow-list.ts';
import { classifyAddress, embeddedIpv4 } from '../../net/ip-range.ts';
import { testClient } from '../harness/test-client.ts';

/** Counts everything that reaches it; no refused address may. */
let canary: Server;
let port = 0;
let packets = 0;

beforeAll(async () => {
  canary = createServer((_request, response) => response.end('canary'));
  canary.on('connection', () => {
    packets += 1;
  });
  await new Promise<void>((done) => canary.listen(0, done));
  port = (canary.address() as AddressInfo).port;
});

afterAll(() => new Promise((done) => canary.close(done)));

const anyone = (host: string): AllowedOrigin[] => [{ scheme: 'http', host, port }];
const resolving = (...answers: LookupAddress[][]) => {
  let asked = 0;
  return {
    lookup: (
      _name: string,
      _options: object,
      done: (error: null, found: LookupAddress[]) => void,
    ) => {
      done(null, answers[Math.min(asked, answers.length - 1)] ?? []);
      asked += 1;
    },
  };
};
const v4 = (address: string): LookupAddress => ({ address, family: 4 });
const v6 = (address: string): LookupAddress => ({ address, family: 6 });

async function refused(url: string, allowed: readonly AllowedOrigin[], effects: object = {}) {
  const before = packets;
  const error = await testClient(allowed, { retries: 0 }, effects)
    .send({ method: 'GET', url })
    .then((got) => got.text())
    .then(
      (text) => expect.fail(`reached: ${text}`),
      (caught: unknown) => caught as PhusaError,
    );
  expect(packets).toBe(before);
  return error;
}

describe('spellings of loopback', () => {
  const spellings = [
    ['F01', '127.0.0.1'],
    ['F02', '127.1'],
    ['F03', '0x7f000001'],
    ['F04', '2130706433'],
    ['F05', '0177.0.0.1'],
    ['F06', '0.0.0.0'],
    ['F07', '[::1]'],
    ['F08', '[::]'],
    ['F09', '[::ffff:127.0.0.1]'],
    ['F10', '[::ffff:7f00:1]'],
    ['F11', '[64:ff9b::7f00:1]'],
    ['F12', '[fe80::1%25lo]'],
    ['F18', 'localhost'],
    ['F18', 'LOCALHOST.'],
    ['F18', '１２７.０.０.１'],
    ['F18', '127。0。0。1'],
  ] as const;
  it.each(spellings)('%s %s is refused though a public host is listed', async (_id, host) => {
    const error = await refused(`http://${host}:${port}/`, anyone('data.example.vn'));
    expect([error.code, error.group]).toEqual(['address-refused', 'fatal']);
  });

  it.each(['127.0.0.1', '127.1', '2130706433', '[::ffff:127.0.0.1]'])(
    'F15 %s works when 127.0.0.1 is listed in so many words',
    async (host) => {
      const client = testClient(anyone('127.0.0.1'));
      const got = await client.send({ method: 'GET', url: `http://${host}:${port}/` });
      expect(await got.text()).toBe('canary');
    },
  );

  it('F18 localhost works when localhost is listed', async () => {
    const client = testClient(anyone('localhost'));
    const got = await client.send({ method: 'GET', url: `http://LOCALHOST.:${port}/` });
    expect(await got.text()).toBe('canary');
  });
});

describe('addresses that are never reached', () => {
  it.each([
    '169.254.169.254',
    '100.100.100.200',
    '[fd00:ec2::254]',
    '[::ffff:169.254.169.254]',
    '0.0.0.0',
  ])('F13 %s is refused though its range is listed', (host) => {
    const list: AllowedOrigin[] = ['169.254.0.0/16', '0.0.0.0/0', '::/0'].map((range) => ({
      scheme: 'http',
      host: range,
    }));
    expect(() => checkUrl(`http://${host}/latest/meta-data`, list)).toThrow(/not on the list/);
  });

  it('F13 metadata.google.internal is refused though listed by name', async () => {
    await refused(`http://metadata.google.internal:${port}/`, anyone('metadata.google.internal'));
  });

  it.each(['10.1.2.3', '172.16.0.1', '192.168.1.1', '100.64.0.1', '[fc00::1]'])(
    'F14 %s is refused while not on the list',
    (host) => {
      expect(() => checkUrl(`http://${host}/`, [{ scheme: 'http', host: 'a.vn' }])).toThrow();
    },
  );
});

describe('the list', () => {
  const list: AllowedOrigin[] = [
    { scheme: 'https', host: '10.20.30.0/24', pathPrefix: '/api' },
    { scheme: 'https', host: 'dvc.example.vn', port: 8443 },
  ];
  it('F15 a government private range on the list works', () => {
    expect(checkUrl('https://10.20.30.40/api/v1', list).hostname).toBe('10.20.30.40');
    expect(checkUrl('https://DVC.example.vn:8443/x?y=1', list).port).toBe('8443');
  });
  it.each([
    ['F16 other port', 'https://10.20.30.40:8443/api'],
    ['F16 other port of a name', 'https://dvc.example.vn/'],
    ['F17 other path', 'https://10.20.30.40/admin'],
    ['F17 longer word', 'https://10.20.30.40/api2'],
    ['F17 dots', 'https://10.20.30.40/api/../admin'],
    ['F17 encoded dots', 'https://10.20.30.40/api/%2e%2e/admin'],
    ['F17 encoded slash', 'https://10.20.30.40/api/..%2fadmin'],
    ['scheme', 'http://10.20.30.40/api'],
    ['F26 next link to a neighbour', 'https://10.20.31.40/api'],
    ['F27 token URL elsewhere', 'https://login.example.vn/token'],
    ['F28 file', 'file:///etc/passwd'],
    ['F28 gopher', 'gopher://10.20.30.40/api'],
    ['F28 ftp', 'ftp://10.20.30.40/api'],
    ['F28 data', 'data:text/plain,api'],
    ['F28 jar', 'jar:https://10.20.30.40/api'],
    ['F28 blob', 'blob:https://10.20.30.40/api'],
    ['F29 userinfo', 'https://user:pass@10.20.30.40/api'],
    ['F29 userinfo hides host', 'https://dvc.example.vn:8443@evil.vn/'],
    ['F29 fragment', 'https://10.20.30.40#@evil/api'],
    ['F29 backslash', 'https://10.20.30.40\\@evil/api'],
    ['F29 tab', 'https://10.20.30.40/ap\ti'],
    ['F29 newline', 'https://10.20.30.40/api\nHost: evil'],
    ['F29 space', ' https://10.20.30.40/api'],
    ['not a URL', 'api/v1'],
    ['name under a listed name', 'https://x.dvc.example.vn:8443/'],
  ])('%s: %s is refused', (_why, url) => {
    expect(() => checkUrl(url, list)).toThrow(/not on the list/);
  });
});

describe('names', () => {
  const list = () => anyone('nguon.example');
  const url = () => `http://nguon.example:${port}/`;
  it.each([
    ['F19 loopback', [v4('127.0.0.1')]],
    ['F20 public and private', [v4('93.184.216.34'), v4('127.0.0.1')]],
    ['F23 chain to an inner address', [v4('10.0.0.8')]],
    ['F24 AAAA private, A public', [v6('fc00::1'), v4('93.184.216.34')]],
    ['F24 mapped loopback', [v6('::ffff:127.0.0.1')]],
    ['F13 metadata', [v4('169.254.169.254')]],
  ])('%s: refused, nothing is sent', async (_id, answer) => {
    const error = await refused(url(), list(), resolving(answer));
    expect(error.code).toBe('address-refused');
  });

  it('F21 the checked address is the one connected to: a second lookup would not be believed', async () => {
    const inner = [...list(), { scheme: 'http', host: '127.0.0.1', port } as const];
    let asked = 0;
    const client = testClient(
      inner,
      {},
      {
        lookup: (_name, _options, done) => {
          asked += 1;
          done(null, [v4('127.0.0.1')]);
        },
      },
    );
    await (await client.send({ method: 'GET', url: url() })).text();
    expect(asked).toBe(1);
  });

  it('F22 a name that turns inward between two connections is refused at the second', async () => {
    const inner = [...list(), { scheme: 'http', host: '127.0.0.1', port } as const];
    const client = testClient(
      inner,
      { retries: 0 },
      resolving([v4('127.0.0.1')], [v4('10.0.0.1')]),
    );
    const closing = { method: 'GET', url: url() } as const;
    await (await client.send(closing)).text();
    canary.closeAllConnections();
    await new Promise((done) => setTimeout(done, 20));
    await expect(client.send(closing)).rejects.toMatchObject({ code: 'address-refused' });
  });
});

describe('headers and the environment', () => {
  it.each([
    ['F30 CRLF in a value', { 'x-a': 'a\r\nHost: evil' }],
    ['F30 CRLF in a name', { 'x-a\r\nHost': 'evil' }],
    ['F31 Host', { Host: 'evil' }],
    ['F31 Transfer-Encoding', { 'transfer-encoding': 'chunked' }],
    ['F32 Proxy-Authorization', { 'proxy-authorization': 'x' }],
  ])('%s is refused', async (_id, headers) => {
    const client = testClient(anyone('127.0.0.1'));
    const sending = client.send({ method: 'GET', url: `http://127.0.0.1:${port}/`, headers });
    await expect(sending).rejects.toMatchObject({ code: 'header-refused' });
  });

  it('F32 HTTP_PROXY is ignored', async () => {
    process.env['HTTP_PROXY'] = 'http://127.0.0.1:9';
    try {
      const got = await testClient(anyone('127.0.0.1')).send({
        method: 'GET',
        url: `http://127.0.0.1:${port}/`,
      });
      expect(await got.text()).toBe('canary');
    } finally {
      delete process.env['HTTP_PROXY'];
    }
  });

  it('F33 another port of this machine is refused', () => {
    expect(() => checkUrl(`http://127.0.0.1:${port + 1}/`, anyone('127.0.0.1'))).toThrow();
  });

  it('F35 every refusal says the same', async () => {
    const texts = await Promise.all(
      [`http://10.0.0.1:${port}/`, `http://127.0.0.1:${port}/`, 'gopher://x/'].map(
        async (url) => (await refused(url, anyone('a.vn'))).message,
      ),
    );
    expect(new Set(texts).size).toBe(1);
  });
});

describe('address classes', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['2400:cb00::1', 'public'],
    ['::ffff:8.8.8.8', 'public'],
    ['64:ff9b::a00:1', 'private'],
    ['2002:7f00:1::', 'private'],
    ['::7f00:1', 'private'],
    ['224.0.0.1', 'forbidden'],
    ['fe80::1', 'forbidden'],
  ])('%s is %s', (address, kind) => expect(classifyAddress(address)).toBe(kind));

  it('finds IPv4 inside IPv6', () => {
    expect(embeddedIpv4('::ffff:7f00:1')).toBe('127.0.0.1');
    expect(embeddedIpv4('2001:db8::1')).toBe('2001:db8::1');
  });
});
