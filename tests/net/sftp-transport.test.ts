import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { covidDaily } from '../../connectors/covid-daily/connector.ts';
import { originsOf } from '../../connectors/source-base.ts';
import { PhusaError } from '../../core/errors.ts';
import { collect } from '../../net/capped-body.ts';
import type { FileAccess, FileLimits } from '../../net/file-transport.ts';
import { SftpTransport } from '../../net/sftp-transport.ts';
import { fileAccess, testLimits } from '../harness/file-access.ts';
import { sshKeyPair, startSftp, type ServedFile, type TestSftp } from '../harness/sftp-server.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

const keys = sshKeyPair();
const password = 'mat-khau-rat-kin';
const secrets = { sftpPassword: password, sftpKey: keys.private };
let server: TestSftp;
beforeAll(async () => {
  server = await startSftp({ password, publicKey: keys.public });
});
afterAll(async () => {
  await server.stop();
});
beforeEach(() => {
  server.files.clear();
  server.files.set('/so-lieu/b.csv', { bytes: Buffer.from('b,2\n') });
  server.files.set('/so-lieu/a.csv', { bytes: Buffer.from('a,1\n') });
});
afterEach(() => {
  for (const fault of Object.keys(server.faults)) Reflect.deleteProperty(server.faults, fault);
});

const large = Buffer.from(
  Uint8Array.from({ length: 1_200_000 }, (_, n) => (n * 31 + (n >> 9)) & 255),
);

function base(more = `hostKey=${server.fingerprint}`, user = 'bo-y-te'): string {
  return `sftp://${user}@127.0.0.1:${server.port}/so-lieu?${more}`;
}

function transport(
  address: string,
  access: Partial<FileAccess> = {},
  limits: Partial<FileLimits> = {},
): SftpTransport {
  const allowed = originsOf(address, ['127.0.0.0/8']);
  return new SftpTransport(fileAccess(allowed, secrets, access), { ...testLimits, ...limits });
}

async function read(files: SftpTransport, address: string, name: string): Promise<Buffer> {
  const [entry] = await files.list(address, new RegExp(`^${name}$`));
  return Buffer.from(await collect(files.open(entry?.path ?? '')));
}

async function length(files: SftpTransport, name: string): Promise<number> {
  return (await read(files, base(), name)).byteLength;
}

describe('SFTP', () => {
  it('lists matching files by name and reads them, over one connection', async () => {
    const before = server.connections();
    const files = transport(base());
    const found = await files.list(base(), /\.csv$/);
    expect(found.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['a.csv', 4],
      ['b.csv', 4],
    ]);
    expect(found[0]?.modifiedAt).toBe('2026-09-21T14:13:20.000Z');
    expect((await collect(files.open(found[1]?.path ?? ''))).toString()).toBe('b,2\n');
    expect(server.connections() - before).toBe(1);
  });

  it('signs in with a private key', async () => {
    const address = base(`login=key&hostKey=${server.fingerprint}`);
    expect((await read(transport(address), address, 'a.csv')).toString()).toBe('a,1\n');
    expect(server.offered.at(-1)).toBe('bo-y-te:publickey');
  });

  it('an encrypted private key is opened with its passphrase; a wrong one is told, and nobody is asked', async () => {
    const pair = sshKeyPair('mat-khau-cua-khoa');
    const own = await startSftp({ password: 'x', publicKey: pair.public });
    try {
      own.files.set('/so-lieu/a.csv', { bytes: Buffer.from('a,1\n') });
      const address = `sftp://bo-y-te@127.0.0.1:${own.port}/so-lieu?login=key&hostKey=${own.fingerprint}`;
      const files = (sftpKeyPassphrase: string, sftpKey = pair.private) => {
        const given = fileAccess(originsOf(address, ['127.0.0.0/8']), {
          sftpKey,
          sftpKeyPassphrase,
        });
        return new SftpTransport(given, testLimits);
      };
      expect((await read(files('mat-khau-cua-khoa'), address, 'a.csv')).toString()).toBe('a,1\n');
      const connections = own.connections();
      const refusals = [files('sai'), files('', 'không phải khóa')].map((one) =>
        one.list(address, /./).then(
          () => undefined,
          (error: unknown) => error,
        ),
      );
      expect(await Promise.all(refusals)).toMatchObject([
        { code: 'sftp-key-unreadable', place: { field: 'sftpKeyPassphrase' } },
        { code: 'sftp-key-unreadable', place: { field: 'sftpKey' } },
      ]);
      expect(own.connections()).toBe(connections);
    } finally {
      await own.stop();
    }
  });

  it('names with blanks, accents, percent and hash come through', async () => {
    server.files.set('/so-lieu/Báo cáo 50% #1.csv', { bytes: Buffer.from('x') });
    const files = transport(base());
    const [entry] = await files.list(base(), /Báo/);
    expect(Buffer.from(await collect(files.open(entry?.path ?? ''))).toString()).toBe('x');
  });

  it('large files come whole, also when the server gives less than asked (A13)', async () => {
    server.files.set('/so-lieu/lon.csv', { bytes: large });
    server.faults.shortReads = 10_007;
    expect((await read(transport(base()), base(), 'lon.csv')).equals(large)).toBe(true);
  });

  it('A05 A07: without a pinned key nothing secret is sent, and the shown fingerprint is told', async () => {
    const before = server.offered.length;
    const error = await failure(transport(base('')).list(base(''), /x/));
    expect(error).toMatchObject({ code: 'host-key-unknown', group: 'fatal' });
    expect(error.message).toContain(server.fingerprint);
    expect(server.offered).toHaveLength(before);
  });

  it('A06: a changed key is refused with both fingerprints', async () => {
    const old = server.fingerprint;
    const address = base();
    const shown = await server.renewKey();
    const error = await failure(transport(address).list(address, /x/));
    expect(error).toMatchObject({ code: 'host-key-changed', group: 'fatal' });
    expect(error.message).toContain(old);
    expect(error.message).toContain(shown);
    const both = `${address}&hostKey=${shown}`;
    expect(await transport(both).list(both, /csv/)).toHaveLength(2);
  });

  it('A33 J06: a wrong password is refused once, and stands in no message', async () => {
    const before = server.connections();
    const wrong = transport(base(), { secret: () => Promise.resolve('sai-mat-khau') });
    const error = await failure(wrong.list(base(), /x/));
    expect(error).toMatchObject({ code: 'access-refused', group: 'fatal' });
    expect(JSON.stringify([error.message, error.text, error.place])).not.toContain('sai-mat-khau');
    expect(server.connections() - before).toBe(1);
  });

  it('A34: permission denied is told as such', async () => {
    server.faults.denied = true;
    await expect(read(transport(base()), base(), 'a.csv')).rejects.toMatchObject({
      code: 'access-refused',
    });
  });

  it('A35: a directory that is not there', async () => {
    server.files.clear();
    await expect(transport(base()).list(base(), /x/)).rejects.toMatchObject({
      code: 'file-not-found',
      group: 'data',
    });
  });

  it('A10 A11: a file that is cut is read on where it broke off', async () => {
    server.files.set('/so-lieu/lon.csv', { bytes: large });
    server.faults.cutAfter = [700_000, 1_000_000];
    const before = server.given();
    expect((await read(transport(base()), base(), 'lon.csv')).equals(large)).toBe(true);
    expect(server.faults.cutAfter).toEqual([]);
    expect(server.given() - before).toBeLessThan(large.byteLength * 2);
  });

  it('A26: cut for ever, the budget ends', async () => {
    server.files.set('/so-lieu/lon.csv', { bytes: large });
    server.faults.cutAfter = Array.from({ length: 20 }, () => 100_000);
    await expect(read(transport(base()), base(), 'lon.csv')).rejects.toMatchObject({
      code: 'connection-broken',
    });
    expect(server.faults.cutAfter).toHaveLength(16);
  });

  it('A20 A21: a server that does not answer', async () => {
    server.faults.silent = true;
    const files = transport(base(), {}, { idleTimeoutMs: 50, retryBudget: 1 });
    await expect(read(files, base(), 'a.csv')).rejects.toMatchObject({ code: 'timeout-idle' });
  });

  it('A21: a file that takes longer than it may', async () => {
    server.files.set('/so-lieu/lon.csv', { bytes: large });
    let now = 0;
    const files = transport(
      base(),
      { now: () => new Date((now += 1_000)) },
      { totalTimeoutMs: 5_000 },
    );
    await expect(read(files, base(), 'lon.csv')).rejects.toMatchObject({ code: 'timeout-total' });
  });

  it('A22: a file above the cap is not begun', async () => {
    server.files.set('/so-lieu/qua-lon.csv', { bytes: large });
    const asked: string[] = [];
    server.faults.onRead = (path) => asked.push(path);
    const files = transport(base(), {}, { maxBytes: 1_000_000 });
    await expect(length(files, 'qua-lon.csv')).rejects.toMatchObject({ code: 'file-too-large' });
    expect(asked).not.toContain('/so-lieu/qua-lon.csv');
  });

  it('B14: a listing that grows for ever ends at the cap', async () => {
    server.faults.growing = true;
    await expect(transport(base()).list(base(), /x/)).rejects.toMatchObject({
      code: 'listing-too-long',
    });
  });

  it('B04: a file that grows, shrinks or is written while it is read is not taken', async () => {
    const changes: readonly ((path: string, file: ServedFile) => void)[] = [
      (_path, file) => (file.bytes = Buffer.concat([large, Buffer.from('more')])),
      (_path, file) => (file.bytes = large.subarray(0, 600_000)),
      (_path, file) => (file.modified = 1_790_000_001),
      (path) => server.files.delete(path),
    ];
    for (const [n, change] of changes.entries()) {
      const changed = `/so-lieu/lon-${n}.csv`;
      const file: ServedFile = { bytes: large };
      server.files.set(changed, file);
      server.faults.onRead = (path, offset) => {
        if (path === changed && offset > 500_000) change(path, file);
      };
      await expect(length(transport(base()), `lon-${n}.csv`)).rejects.toMatchObject({
        code: 'file-changing',
        group: 'retriable',
      });
    }
  });

  it('names of files still being written are left, the declared ones too', async () => {
    for (const name of ['a.csv.part', 'b.csv.tmp', 'c.csv~', 'd.csv.dang-ghi', 'e.CSV.PART'])
      server.files.set(`/so-lieu/${name}`, { bytes: Buffer.from('x') });
    const address = `${base()}&unfinished=.dang-ghi`;
    const found = await transport(address).list(address, /./);
    expect(found.map(({ name }) => name)).toEqual(['a.csv', 'b.csv']);
    const direct = address.replace('/so-lieu?', '/so-lieu/a.csv.part?');
    await expect(collect(transport(address).open(direct))).rejects.toMatchObject({
      code: 'file-unfinished',
    });
  });

  it('H02: a link that stays inside is followed, one that leads out is refused', async () => {
    server.files.set('/so-lieu/link.csv', { link: '/so-lieu/a.csv' });
    expect((await read(transport(base()), base(), 'link.csv')).toString()).toBe('a,1\n');
    server.files.set('/etc/shadow', { bytes: Buffer.from('secret') });
    server.files.set('/so-lieu/out.csv', { link: '/etc/shadow' });
    await expect(transport(base()).list(base(), /out/)).rejects.toMatchObject({
      code: 'path-refused',
    });
    const direct = base().replace('/so-lieu?', '/so-lieu/out.csv?');
    await expect(collect(transport(base()).open(direct))).rejects.toMatchObject({
      code: 'path-refused',
    });
  });

  it.each([
    '/so-lieu/../etc/shadow',
    '/etc/shadow',
    '/so-lieu-2/x',
    '/so-lieu/%2e%2e/etc/shadow',
    '/so-lieu/..%2fetc',
  ])('H01: a path out of the directory is refused: %s', async (path) => {
    const direct = base().replace('/so-lieu?', `${path}?`);
    const error = await failure((async () => collect(transport(base()).open(direct)))());
    expect(error.code).toMatch(/address-refused|sftp-address-invalid/);
  });

  it('F01 F02: an inner address is refused unless somebody wrote it down', async () => {
    const before = server.connections();
    const alone = new SftpTransport(
      fileAccess([{ scheme: 'sftp', host: 'so-y-te.example', port: server.port }], secrets, {
        lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
      }),
      testLimits,
    );
    const named = base().replace('127.0.0.1', 'so-y-te.example');
    await expect(alone.list(named, /x/)).rejects.toMatchObject({ code: 'address-refused' });
    for (const host of [
      '2130706433',
      '0x7f.1',
      '[::ffff:127.0.0.1]',
      '169.254.169.254',
      'metadata',
    ])
      await expect(alone.list(base().replace('127.0.0.1', host), /x/)).rejects.toMatchObject({
        code: 'address-refused',
      });
    expect(server.connections()).toBe(before);
  });

  it('F14: one inner address among public ones refuses the name (rebinding)', async () => {
    const files = new SftpTransport(
      fileAccess([{ scheme: 'sftp', host: 'so-y-te.example', port: server.port }], secrets, {
        lookup: (_name, _options, done) =>
          done(null, [
            { address: '93.184.216.34', family: 4 },
            { address: '10.0.0.5', family: 4 },
          ]),
      }),
      testLimits,
    );
    await expect(
      files.list(base().replace('127.0.0.1', 'so-y-te.example'), /x/),
    ).rejects.toMatchObject({ code: 'address-refused' });
  });

  it('A01: nobody listens', async () => {
    const port = server.port;
    const address = base().replace(`:${port}`, ':9');
    await expect(transport(address).list(address, /x/)).rejects.toMatchObject({
      code: 'unreachable',
      group: 'retriable',
    });
  });

  it('A03: a name that does not exist fails', async () => {
    const address = base().replace('127.0.0.1', 'khong-co.example');
    const files = transport(address, {
      lookup: (_name, _options, done) =>
        done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []),
    });
    await expect(files.list(address, /x/)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('a cancelled run ends at once', async () => {
    server.files.set('/so-lieu/lon.csv', { bytes: large });
    const cancel = new AbortController();
    const files = transport(base(), { signal: cancel.signal });
    const [entry] = await files.list(base(), /lon/);
    const reading = files.open(entry?.path ?? '')[Symbol.asyncIterator]();
    await reading.next();
    server.faults.silent = true;
    cancel.abort();
    await expect(
      (async () => {
        while (!(await reading.next()).done);
      })(),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('a password in the address is refused without being told', async () => {
    const error = await failure(
      Promise.resolve().then(() => transport(base().replace('bo-y-te@', 'bo-y-te:bi-mat@'))),
    );
    expect(error.code).toBe('sftp-address-invalid');
    expect(JSON.stringify(error)).not.toContain('bi-mat');
  });
});

describe('a connector over SFTP', () => {
  let home: SourceHome;
  beforeAll(async () => {
    home = await openSourceHome();
  });
  afterAll(async () => {
    await home.remove();
  });

  const header =
    'FIPS,Admin2,Province_State,Country_Region,Last_Update,Lat,Long_,Confirmed,Deaths,Recovered,Active,Combined_Key,Incident_Rate,Case_Fatality_Ratio';
  const line = (confirmed: number) =>
    `04,Phường Lê Chân,Hải Phòng,Vietnam,2022-03-01 04:21:00,20.8,106.6,${confirmed},0,0,${confirmed},"Hải Phòng, Vietnam",1,0`;

  it('B36 B37: the same file is the same, a corrected one replaces it', async () => {
    const put = (confirmed: number) =>
      server.files.set('/so-lieu/03-01-2022.csv', {
        bytes: Buffer.from(`${header}\n${line(confirmed)}\n`),
        modified: 1_790_000_000 + confirmed,
      });
    const config = { base: base(), networks: ['127.0.0.1/32'] };
    const ingest = () => home.ingest(covidDaily, config, { files: transport(base()) });
    put(10);
    const first = await ingest();
    expect(first).toMatchObject({ batches: [{ status: 'published' }] });
    const again = await ingest();
    expect(again.batches[0]?.counts['covid_report']).toMatchObject({ new: 0, unchanged: 1 });
    put(12);
    expect((await ingest()).batches[0]?.counts['covid_report']).toMatchObject({ changed: 1 });
  });

  it('A11 V4: a file that cannot be read whole is not loaded in part', async () => {
    server.files.set('/so-lieu/03-02-2022.csv', { bytes: Buffer.from(`${header}\n${line(1)}\n`) });
    server.faults.cutAfter = Array.from({ length: 20 }, () => 10);
    const outcome = await home.ingest(
      covidDaily,
      { base: base(), networks: ['127.0.0.1/32'] },
      { files: transport(base()) },
    );
    expect(outcome.batches).toEqual([]);
    expect(outcome.failure?.code).toBe('connection-broken');
  });
});

async function failure(work: Promise<unknown>): Promise<PhusaError> {
  const error: unknown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof PhusaError) return error;
  throw new Error('it should have failed', { cause: error });
}
