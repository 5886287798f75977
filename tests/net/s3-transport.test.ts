import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { covidDaily } from '../../connectors/covid-daily/connector.ts';
import { originsOf } from '../../connectors/source-base.ts';
import { collect } from '../../net/capped-body.ts';
import type { FileAccess, FileLimits } from '../../net/file-transport.ts';
import { S3Transport } from '../../net/s3-transport.ts';
import { withFacts } from '../../workflows/activities/receipt-facts.ts';
import type { Lookup } from '../../net/guarded-connect.ts';
import { certificate } from '../harness/certificates.ts';
import { fileAccess, testLimits } from '../harness/file-access.ts';
import { startS3, type TestS3 } from '../harness/s3-server.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';
import { testClient } from '../harness/test-client.ts';

const account = { accessKey: 'AKPHUSA', secretKey: 'khoa/bi+mat', region: 'vn-hp-1' };
let store: TestS3;
beforeAll(async () => {
  store = await startS3(account);
});
afterAll(async () => {
  await store.stop();
});
beforeEach(() => {
  store.objects.clear();
  store.requests.length = 0;
  store.objects.set('2026/a.csv', Buffer.from('a,1\n'));
  store.objects.set('2026/b.csv', Buffer.from('b,2\n'));
  store.objects.set('2026/c.csv', Buffer.from('c,3\n'));
  store.objects.set('2026/cu/d.csv', Buffer.from('d,4\n'));
  store.objects.set('2026/e.csv.part', Buffer.from('e'));
});
afterEach(() => {
  for (const fault of Object.keys(store.faults)) Reflect.deleteProperty(store.faults, fault);
});

const large = Buffer.from(
  Uint8Array.from({ length: 900_000 }, (_, n) => (n * 31 + (n >> 9)) & 255),
);

function base(more = '', prefix = '2026'): string {
  return `s3://so-lieu/${prefix}?endpoint=${store.endpoint}&region=vn-hp-1&accessKey=AKPHUSA${more}`;
}

function transport(
  address = base(),
  access: Partial<FileAccess> = {},
  limits: Partial<FileLimits> = {},
): S3Transport {
  const allowed = originsOf(address, ['127.0.0.0/8']);
  const own = fileAccess(allowed, { s3SecretKey: account.secretKey }, access);
  const http = testClient(
    allowed,
    {},
    { signal: own.signal, ...(own.lookup ? { lookup: own.lookup } : {}) },
  );
  return new S3Transport(own, http, { ...testLimits, ...limits });
}

async function read(files: S3Transport, name: string, address = base()): Promise<Buffer> {
  const entries = await files.list(address, /./);
  const entry = entries.find((one) => one.name === name);
  return Buffer.from(await collect(files.open(entry?.path ?? '')));
}

describe('a store with a certificate authority of its own', () => {
  const authority = certificate({ name: 'CA thử nghiệm', authority: true });
  const stranger = certificate({ name: 'CA lạ', authority: true });
  const own = certificate({ name: 'kho', hosts: ['kho.example'], by: authority });
  const lookup: Lookup = (_name, _options, done) =>
    done(null, [{ address: '127.0.0.1', family: 4 }]);
  let secure: TestS3;
  beforeAll(async () => {
    secure = await startS3({ ...account, tls: { ...own, name: 'kho.example' } });
    secure.objects.set('2026/a.csv', Buffer.from('a,1\n'));
  });
  afterAll(async () => {
    await secure.stop();
  });
  const address = (pem: string) =>
    `s3://so-lieu/2026?endpoint=${secure.endpoint}&region=vn-hp-1&accessKey=AKPHUSA&authority=${Buffer.from(pem).toString('base64')}`;

  it('is read, and its objects do not carry the authority along', async () => {
    const base = address(authority.cert);
    const files = transport(base, { lookup });
    const [entry] = await files.list(base, /./);
    expect(entry?.path).not.toContain('authority');
    expect(Buffer.from(await collect(files.open(entry?.path ?? ''))).toString()).toBe('a,1\n');
  });

  it('A08: is refused where its certificate comes from another', async () => {
    const base = address(stranger.cert);
    await expect(transport(base, { lookup }).list(base, /./)).rejects.toMatchObject({
      code: 'tls-refused',
    });
  });

  it.each(['', 'YWJj', '***'])('what is no certificate is refused: %j', (text) => {
    expect(() => originsOf(`${address('').replace(/authority=.*/, '')}authority=${text}`)).toThrow(
      expect.objectContaining({ code: 's3-address-invalid' }),
    );
  });
});

describe('S3', () => {
  it('B12 B13: lists page by page, without folders and unfinished uploads, and reads', async () => {
    const files = transport();
    const found = await files.list(base(), /\.csv/);
    expect(found.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['a.csv', 4],
      ['b.csv', 4],
      ['c.csv', 4],
    ]);
    expect(store.requests).toHaveLength(2);
    expect(Buffer.from(await collect(files.open(found[2]?.path ?? ''))).toString()).toBe('c,3\n');
  });

  it('signatures hold for blanks, accents and signs in keys', async () => {
    const name = "Báo cáo (50%) +1!*'=&#.csv";
    store.objects.set(`năm 2026/${name}`, Buffer.from('x'));
    const address = base('', encodeURIComponent('năm 2026'));
    expect((await read(transport(address), name, address)).toString()).toBe('x');
  });

  it('the bucket in the host name', async () => {
    const { port } = new URL(store.endpoint);
    const address = `s3://so-lieu/2026?endpoint=http://s3.example:${port}&region=vn-hp-1&accessKey=AKPHUSA&style=host`;
    const files = transport(address, {
      lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    expect((await read(files, 'a.csv', address)).toString()).toBe('a,1\n');
    expect(store.requests[0]?.host).toBe(`so-lieu.s3.example:${port}`);
  });

  it('receipts keep ETag and version', async () => {
    const files = transport();
    const [entry] = await files.list(base(), /a\.csv/);
    const kept: unknown[] = [];
    const writer = withFacts(
      {
        id: 'b',
        key: 'k',
        land: async (piece) => {
          if (!(piece.bytes instanceof Uint8Array)) await collect(piece.bytes);
          kept.push(piece.request);
          return { n: 0, sha256: '', bytes: 0, name: piece.name };
        },
      },
      files,
    );
    await writer.land({
      name: 'a.csv',
      bytes: files.open(entry?.path ?? ''),
      request: { file: 'a.csv' },
    });
    expect(kept).toEqual([
      {
        file: 'a.csv',
        origin: {
          transport: 's3',
          bucket: 'so-lieu',
          key: '2026/a.csv',
          etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) as string,
          version: expect.stringMatching(/^v-/) as string,
        },
      },
    ]);
  });

  it('A33 J06: a wrong secret is refused, and stands in no message', async () => {
    const files = transport(base(), { secret: () => Promise.resolve('sai-bi-mat') });
    const error: unknown = await files.list(base(), /x/).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'access-refused', group: 'fatal' });
    expect(JSON.stringify([error, String(error)])).not.toContain('sai-bi-mat');
    expect(store.requests).toHaveLength(1);
  });

  it('A24 B09: a clock that is off is told with both times', async () => {
    store.faults.clockAheadMs = 3_600_000;
    const error: unknown = await transport()
      .list(base(), /x/)
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'clock-skew' });
    expect(String(error)).toMatch(/RequestTime 20\d{6}T.*ServerTime 20\d\d-/);
  });

  it('a wrong region is told with the right one', async () => {
    const address = base().replace('vn-hp-1', 'us-east-1');
    const error: unknown = await transport(address)
      .list(address, /x/)
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 's3-elsewhere' });
    expect(String(error)).toContain('Region vn-hp-1');
  });

  it.each([
    [
      'an error document',
      '<?xml version="1.0"?><Error><Code>InternalError</Code></Error>',
      'server-error',
    ],
    ['a sign-in page', '<html><body>Đăng nhập</body></html>', 'answer-not-understood'],
    [
      'half a document',
      '<ListBucketResult><IsTruncated>false</IsTruncated><Cont',
      'answer-not-understood',
    ],
    ['nothing', '', 'answer-not-understood'],
    [
      'no token',
      '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>',
      'answer-not-understood',
    ],
    [
      'H06 an entity bomb',
      '<!DOCTYPE x [<!ENTITY a "aaaa">]><ListBucketResult>&a;</ListBucketResult>',
      'answer-not-understood',
    ],
  ])('A12 A30 A31: HTTP 200 with %s fails', async (_what, body, code) => {
    store.faults.listing = { status: 200, body };
    await expect(transport().list(base(), /x/)).rejects.toMatchObject({ code });
  });

  it('A28: passing errors are tried again', async () => {
    store.faults.first = [500, 503];
    expect(await transport().list(base(), /csv$/)).toHaveLength(3);
  });

  it('A35: a bucket or prefix that is not there', async () => {
    const address = base().replace('s3://so-lieu', 's3://khong-co');
    await expect(transport(address).list(address, /x/)).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });

  it('A38 A39: a redirect is not followed', async () => {
    store.faults.listing = {
      status: 307,
      body: '<Error><Code>TemporaryRedirect</Code><Endpoint>evil.example</Endpoint></Error>',
    };
    await expect(transport().list(base(), /x/)).rejects.toMatchObject({ code: 's3-elsewhere' });
    expect(store.requests).toHaveLength(1);
  });

  it('B14 B15: a listing that repeats its token ends', async () => {
    store.faults.sameToken = true;
    await expect(transport().list(base(), /x/)).rejects.toMatchObject({ code: 'pages-repeat' });
  });

  it('a listing above the cap ends', async () => {
    for (let n = 0; n < 60; n += 1) store.objects.set(`2026/n${n}.csv`, Buffer.from('n'));
    await expect(transport().list(base(), /x/)).rejects.toMatchObject({ code: 'listing-too-long' });
  });

  it.each([[false], [true]])(
    'A10 A11: a cut object is read on (Range ignored: %s)',
    async (ignoresRange) => {
      store.objects.set('2026/lon.csv', large);
      Object.assign(store.faults, { cutAfter: [0, 300_000, 200_000], ignoresRange });
      expect((await read(transport(), 'lon.csv')).equals(large)).toBe(true);
      expect(store.requests.some(({ range }) => /^bytes=\d+-$/.test(range ?? ''))).toBe(true);
    },
  );

  it('A26: cut for ever, the budget ends', async () => {
    store.objects.set('2026/lon.csv', large);
    store.faults.cutAfter = Array.from({ length: 50 }, () => 1_000);
    await expect(read(transport(), 'lon.csv')).rejects.toMatchObject({ group: 'retriable' });
  });

  it('B04: an object that changes after the listing, or while it is read, is not taken', async () => {
    store.objects.set('2026/lon.csv', large);
    const other = Buffer.from(large).fill(1, 0, 10);
    store.faults.onObject = () => store.objects.set('2026/lon.csv', other);
    await expect(read(transport(), 'lon.csv')).rejects.toMatchObject({ code: 'file-changing' });
    store.objects.set('2026/lon.csv', large);
    store.faults.cutAfter = [100_000];
    store.faults.onObject = (_key, range) => {
      if (range !== undefined) store.objects.set('2026/lon.csv', other);
    };
    await expect(read(transport(), 'lon.csv')).rejects.toMatchObject({ code: 'file-changing' });
  });

  it('A22: an object above the cap', async () => {
    store.objects.set('2026/lon.csv', large);
    const files = transport(base(), {}, { maxBytes: 100_000 });
    await expect(read(files, 'lon.csv')).rejects.toMatchObject({ code: 'file-too-large' });
  });

  it('F01 F02 F14: an endpoint in an inner network is refused unless it was written down', async () => {
    const allowed = originsOf(base());
    const alone = new S3Transport(
      fileAccess(allowed, { s3SecretKey: 'x' }),
      testClient([{ scheme: 'http', host: 's3.example' }]),
      testLimits,
    );
    await expect(alone.list(base(), /x/)).rejects.toMatchObject({ code: 'address-refused' });
    const rebound = testClient(
      [{ scheme: 'http', host: 's3.example' }],
      {},
      {
        lookup: (_name, _options, done) =>
          done(null, [
            { address: '93.184.216.34', family: 4 },
            { address: '169.254.169.254', family: 4 },
          ]),
      },
    );
    const named = 's3://so-lieu/x?endpoint=http://s3.example';
    const files = new S3Transport(fileAccess(allowed, { s3SecretKey: 'x' }), rebound, testLimits);
    await expect(files.list(named, /x/)).rejects.toMatchObject({ code: 'address-refused' });
    expect(store.requests).toHaveLength(0);
  });

  it('a cancelled run ends', async () => {
    const cancel = new AbortController();
    cancel.abort();
    await expect(
      transport(base(), { signal: cancel.signal }).list(base(), /x/),
    ).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('a secret in the address is refused', () => {
    expect(() => originsOf(base('&secretKey=abc'))).toThrow(/no secret/);
  });
});

describe('a connector over S3', () => {
  let home: SourceHome;
  beforeAll(async () => {
    home = await openSourceHome();
  });
  afterAll(async () => {
    await home.remove();
  });

  it('B36 B37: the same object is the same, a corrected one replaces it', async () => {
    const header =
      'FIPS,Admin2,Province_State,Country_Region,Last_Update,Lat,Long_,Confirmed,Deaths,Recovered,Active,Combined_Key,Incident_Rate,Case_Fatality_Ratio';
    const put = (confirmed: number) =>
      store.objects.set(
        '2026/03-01-2022.csv',
        Buffer.from(
          `${header}\n04,Phường Lê Chân,Hải Phòng,Vietnam,2022-03-01 04:21:00,20.8,106.6,${confirmed},0,0,${confirmed},"Hải Phòng, Vietnam",1,0\n`,
        ),
      );
    const ingest = async () => {
      const { batches } = await home.ingest(
        covidDaily,
        { base: base(), networks: ['127.0.0.1/32'] },
        { files: transport() },
      );
      return batches[0]?.counts['covid_report'];
    };
    put(10);
    expect(await ingest()).toMatchObject({ new: 1 });
    expect(await ingest()).toMatchObject({ new: 0, unchanged: 1 });
    put(12);
    expect(await ingest()).toMatchObject({ changed: 1 });
  });
});
