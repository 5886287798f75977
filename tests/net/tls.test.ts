import { createServer, type ServerOptions } from 'node:https';
import {
  createServer as createPlainServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { PhusaError } from '../../core/errors.ts';
import type { HttpEffects } from '../../net/undici-client.ts';
import { certificate, type Certified } from '../harness/certificates.ts';
import { testClient } from '../harness/test-client.ts';

const open: Server[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of open.splice(0)) await new Promise((done) => server.close(done));
});

const day = 86_400_000;
const authority = certificate({ name: 'CA thử nghiệm', authority: true });
const stranger = certificate({ name: 'CA lạ', authority: true });
const good = certificate({ name: 'nguồn', hosts: ['nguon.example'], by: authority });

async function listening(server: Server): Promise<number> {
  open.push(server);
  server.on('connection', (socket: Socket) => sockets.push(socket));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** A server that speaks TLS with this certificate; `asked` counts the requests that got through. */
async function secure({ cert, key }: Certified, options: ServerOptions = {}) {
  const seen = { asked: 0 };
  const server = createServer({ cert, key, ...options }, (_request, answer) => {
    seen.asked += 1;
    answer.end('số liệu');
  });
  server.on('tlsClientError', () => undefined);
  return { port: await listening(server), seen };
}

async function read(
  port: number,
  effects: Partial<HttpEffects> = { ca: authority.cert },
  origin: { readonly ca?: string } = {},
) {
  const host = 'nguon.example';
  const client = testClient(
    [
      { scheme: 'https', host, port, ...origin },
      { scheme: 'https', host: '127.0.0.1', port },
    ],
    { retries: 2 },
    {
      lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
      ...effects,
    },
  );
  const url = `https://${host}:${port}/a`;
  return client.send({ method: 'GET', url }).then(
    async (answer) => ({ text: await answer.text(), waits: client.waits }),
    (error: unknown) => ({ error: error as PhusaError, waits: client.waits }),
  );
}

async function refusal(port: number, effects?: Partial<HttpEffects>) {
  const { error, waits } = (await read(port, effects)) as {
    error?: PhusaError;
    waits: readonly number[];
  };
  if (!error) return expect.fail('the certificate was accepted');
  return { code: error.code, group: error.group, tries: waits.length + 1 };
}

/** Refused for good: not tried again, nothing was asked. */
const refused = { code: 'tls-refused', group: 'fatal', tries: 1 };

describe('certificates', () => {
  it('A07 an internal authority is trusted where the source names it', async () => {
    const { port } = await secure(good);
    expect(await read(port)).toMatchObject({ text: 'số liệu' });
  });

  it('A07 an origin has an authority of its own', async () => {
    const { port } = await secure(good);
    expect(await read(port, {}, { ca: authority.cert })).toMatchObject({ text: 'số liệu' });
    expect(await read(port, {}, { ca: stranger.cert })).toMatchObject({
      error: { code: 'tls-refused' },
    });
  });

  it('A07 and nowhere else', async () => {
    const { port, seen } = await secure(good);
    expect(await refusal(port, {})).toEqual(refused);
    expect(await refusal(port, { ca: stranger.cert })).toEqual(refused);
    expect(seen.asked).toBe(0);
  });

  it('A07 a certificate that signed itself is refused', async () => {
    const { port, seen } = await secure(certificate({ name: 'tự ký', hosts: ['nguon.example'] }));
    expect(await refusal(port, {})).toEqual(refused);
    expect(await refusal(port)).toEqual(refused);
    expect(seen.asked).toBe(0);
  });

  it('A07 one signed by a certificate that is no authority is refused', async () => {
    const { port } = await secure(certificate({ name: 'giả', hosts: ['nguon.example'], by: good }));
    expect(await refusal(port, { ca: good.cert })).toEqual(refused);
  });

  it.each([
    ['A05 expired', { from: new Date(Date.now() - 3 * day), to: new Date(Date.now() - day) }],
    ['A05 not yet valid', { from: new Date(Date.now() + day), to: new Date(Date.now() + 2 * day) }],
    ['A06 for another host', { hosts: ['khac.example'] }],
    ['A06 for the address only', { hosts: ['127.0.0.1'] }],
    ['A06 a name that merely begins alike', { hosts: ['nguon.example.khac.example'] }],
    ['A06 its host in the common name only', { name: 'nguon.example', hosts: ['khac.example'] }],
  ])('%s', async (_what, wish) => {
    const served = certificate({ name: 'x', hosts: ['nguon.example'], by: authority, ...wish });
    const { port, seen } = await secure(served);
    expect(await refusal(port)).toEqual(refused);
    expect(seen.asked).toBe(0);
  });

  it('A05 never downgraded: the environment cannot turn the check off', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const { port, seen } = await secure(certificate({ name: 'x', hosts: ['nguon.example'] }));
      expect(await refusal(port, {})).toEqual(refused);
      expect(seen.asked).toBe(0);
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });
});

describe('handshakes', () => {
  it('A08 one that stalls ends at the connect timeout', async () => {
    const port = await listening(
      createPlainServer((socket) => socket.on('error', () => undefined)),
    );
    const began = Date.now();
    const { code, group } = await refusal(port);
    expect([code, group]).toEqual([
      expect.stringMatching(/^(unreachable|timeout-headers)$/),
      'retriable',
    ]);
    expect(Date.now() - began).toBeLessThan(6_000);
  });

  it('A09 a server that speaks TLS 1.1 at most is refused', async () => {
    const { port, seen } = await secure(good, {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    expect(await refusal(port)).toEqual(refused);
    expect(seen.asked).toBe(0);
  });

  it('A09 TLS 1.2 is enough', async () => {
    const { port } = await secure(good, { maxVersion: 'TLSv1.2' });
    expect(await read(port)).toMatchObject({ text: 'số liệu' });
  });

  it('a server that speaks no TLS is refused, not read in the clear', async () => {
    let heard = '';
    const server = createPlainServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        heard += bytes.toString('latin1');
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi');
      });
    });
    const { code } = await refusal(await listening(server));
    expect(code).toMatch(/^(tls-refused|connection-broken|unreachable)$/);
    expect(heard).not.toContain('GET /a');
  });
});
