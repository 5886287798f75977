import { createHash, createHmac } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import type { Person } from '../../core/person.ts';
import { silentLogger } from '../../core/logger.ts';
import type { Home } from '../../home/open-home.ts';
import { systemCall } from '../../home/system-call.ts';
import { InboxStore } from '../../net/inbox-store.ts';
import { createServer, type PhusaServer } from '../../server/create-server.ts';
import { createInboxServices, inboxLimits } from '../../services/inbox-services.ts';
import { phusa } from './command.ts';
import { openTestHome } from './opened-home.ts';

const header =
  'FIPS,Admin2,Province_State,Country_Region,Last_Update,Lat,Long_,Confirmed,Deaths,Recovered,Active,Combined_Key,Incident_Rate,Case_Fatality_Ratio';
const day = (confirmed: number) =>
  Buffer.from(
    `${header}\n04,Phường Lê Chân,Hải Phòng,Vietnam,2022-03-01 04:21:00,20.8,106.6,${confirmed},0,0,${confirmed},"Hải Phòng, Vietnam",1,0\n`,
  );
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let place: string;
let home: Home;
let server: PhusaServer;
let url: string;
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'phusa-inbox-'));
  const made = await phusa(join(place, 'home'), ['init', '--solo', '--json']);
  expect(made.exit).toBe(0);
  home = await openTestHome(join(place, 'home'));
  server = await createServer({
    services: home.services,
    log: silentLogger,
    clock: systemClock,
    portalDir: undefined,
    publicUrl: undefined,
    version: '0',
  });
  url = await server.listen('127.0.0.1', 0);
  await add('tep', 'inbox:', {});
  await add('day', 'inbox:?push=bearer', { pushToken: 'ma-day-bi-mat' });
  await add('ky', 'inbox:?push=hmac&window=300', { pushKey: 'khoa-ky-bi-mat' });
}, 60_000);
afterAll(async () => {
  await server.close();
  await home.close();
  rmSync(place, { recursive: true, force: true });
});

/** A source whose inbox is still empty is not active yet: its connection test finds nothing. */
async function add(name: string, base: string, secrets: Readonly<Record<string, string>>) {
  const fileName = name === 'tep' ? 'MM-DD-YYYY.csv' : 'push-YYYYMMDD.csv';
  const config = { base, fileName };
  await home.services.sources
    .add(systemCall(), { name, connector: 'covid-daily', config, secrets })
    .catch((error: unknown) => expect(error).toMatchObject({ code: 'nothing-found' }));
}

const call = (agency?: string) => {
  const person: Person =
    agency === undefined
      ? systemCall().person
      : { ...systemCall().person, actor: 'user:so', roles: ['department'], agency };
  return { ...systemCall(), person };
};
const fileOf = (name: string, bytes: Uint8Array) => ({
  name,
  bytes: bytes.byteLength,
  sha256: sha256(bytes),
});
const inbox = () => home.services.inbox;

async function push(source: string, body: string, headers: Readonly<Record<string, string>>) {
  const answer = await fetch(`${url}/api/v1/push/${source}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/csv', ...headers },
  });
  const json = (await answer.json()) as Record<string, unknown>;
  return { status: answer.status, json, retryAfter: answer.headers.get('retry-after') };
}

describe('uploads', () => {
  it('H23: in parts, resumed at the byte where it broke off, read by an ingest', async () => {
    const bytes = day(10);
    const file = fileOf('03-01-2022.csv', bytes);
    expect(await inbox().begin(call(), 'tep', file)).toMatchObject({ offset: 0, done: false });
    const first = { offset: 0, bytes: bytes.subarray(0, 100) };
    expect(await inbox().append(call(), 'tep', file, first)).toMatchObject({ offset: 100 });
    await expect(inbox().append(call(), 'tep', file, first)).rejects.toMatchObject({
      code: 'upload-offset-wrong',
    });
    expect(await inbox().files(call(), 'tep')).toEqual([]);
    expect(await inbox().begin(call(), 'tep', file)).toMatchObject({ offset: 100, done: false });
    const rest = { offset: 100, bytes: bytes.subarray(100) };
    expect(await inbox().append(call(), 'tep', file, rest)).toMatchObject({ done: true });
    await home.services.sources.approve(call(), 'tep');
    const result = await home.services.sources.ingest(call(), 'tep', {});
    expect(result).toMatchObject({ status: 'ok', streams: [{ new: 1 }] });
  }, 60_000);

  it('B36 H24: the same file again, also at the same time, is one file', async () => {
    const bytes = day(10);
    const file = fileOf('03-01-2022.csv', bytes);
    const part = { offset: 0, bytes };
    const both = await Promise.all([
      inbox().append(call(), 'tep', file, part),
      inbox().append(call(), 'tep', file, part),
    ]);
    expect(both.map(({ done }) => done)).toEqual([true, true]);
    expect(await inbox().files(call(), 'tep')).toHaveLength(1);
  });

  it('B37: a corrected file takes the place of the earlier one, which is kept', async () => {
    const bytes = day(12);
    await inbox().append(call(), 'tep', fileOf('03-01-2022.csv', bytes), { offset: 0, bytes });
    const kept = join(home.directory, 'inbox', 'tep', '.replaced', sha256(day(10)));
    expect(readFileSync(kept).equals(day(10))).toBe(true);
    const result = await home.services.sources.ingest(call(), 'tep', {});
    expect(result).toMatchObject({ status: 'ok', streams: [{ changed: 1 }] });
  });

  it('H23: what does not match its SHA-256 is not taken', async () => {
    const file = { ...fileOf('03-02-2022.csv', day(1)), sha256: sha256(day(2)) };
    await expect(
      inbox().append(call(), 'tep', file, { offset: 0, bytes: day(1) }),
    ).rejects.toMatchObject({ code: 'upload-digest-wrong' });
    expect(await inbox().begin(call(), 'tep', file)).toMatchObject({ offset: 0 });
  });

  it.each(['../x.csv', 'a/b.csv', '.x.csv', 'con.csv', '-x.csv', 'x\u202e.csv', 'a\\b.csv', ''])(
    'H20: a name that is no plain file name is refused: %j',
    async (name) => {
      await expect(inbox().begin(call(), 'tep', fileOf(name, day(1)))).rejects.toMatchObject({
        code: 'file-name-invalid',
      });
    },
  );

  it('I18: another agency sends nothing and sees nothing', async () => {
    const file = fileOf('03-03-2022.csv', day(1));
    await expect(inbox().begin(call('so-khac'), 'tep', file)).rejects.toMatchObject({
      code: 'not-permitted',
    });
    await expect(inbox().files(call('so-khac'), 'tep')).rejects.toMatchObject({
      code: 'not-permitted',
    });
  });

  it('J20: the journal says what was sent', async () => {
    const row = await home.store.get('source', 'tep');
    expect(row?.data['received']).toMatchObject({ way: 'upload', name: '03-01-2022.csv' });
  });
});

const soon = { timeout: 20_000 };
const incoming = (source: string) => join(home.directory, 'inbox', source, '.incoming');
const parts = (source: string) => readdirSync(incoming(source));
const partBytes = (source: string) =>
  parts(source).reduce((sum, name) => sum + statSync(join(incoming(source), name)).size, 0);

describe('pushes', () => {
  const bearer = { authorization: 'Bearer ma-day-bi-mat' };

  it('are on the disk before they are answered, with their SHA-256', async () => {
    const body = day(3).toString();
    const { status, json } = await push('day', body, { ...bearer, 'idempotency-key': 'k1' });
    expect(status).toBe(202);
    expect(json).toMatchObject({ sha256: sha256(Buffer.from(body)), isRepeated: false });
    const path = join(home.directory, 'inbox', 'day', String(json['name']));
    expect(readFileSync(path, 'utf8')).toBe(body);
    const [file] = await inbox().files(call(), 'day');
    expect(file?.note).toMatchObject({
      transport: 'push',
      headers: { 'content-type': 'text/csv' },
    });
    expect(JSON.stringify(file?.note)).not.toContain('ma-day-bi-mat');
  });

  it('A48: the same key again is the same push; with another body it is refused', async () => {
    const again = await push('day', day(3).toString(), { ...bearer, 'idempotency-key': 'k1' });
    expect(again).toMatchObject({ status: 202, json: { isRepeated: true } });
    expect(await inbox().files(call(), 'day')).toHaveLength(1);
    const other = await push('day', 'x', { ...bearer, 'idempotency-key': 'k1' });
    expect(other).toMatchObject({ status: 422, json: { code: 'push-key-reused' } });
  });

  it('are refused alike without token, with a wrong one, and where there is no such source', async () => {
    const refused = [
      await push('day', 'x', {}),
      await push('day', 'x', { authorization: 'Bearer sai' }),
      await push('tep', 'x', bearer),
      await push('khong-co', 'x', bearer),
    ];
    expect(refused.map(({ status, json }) => [status, json['code']])).toEqual(
      refused.map(() => [401, 'push-refused']),
    );
  });

  it('signed: body and time count, once', async () => {
    const body = day(4).toString();
    const at = Math.floor(Date.now() / 1000);
    const sign = (text: string, time: number, key = 'khoa-ky-bi-mat') => ({
      'x-phusa-signature': `t=${time},v1=${createHmac('sha256', key).update(`${time}.${text}`).digest('hex')}`,
    });
    expect((await push('ky', body, sign(body, at))).status).toBe(202);
    const replayed = await push('ky', body, sign(body, at));
    expect(replayed).toMatchObject({ status: 202, json: { isRepeated: true } });
    expect(await inbox().files(call(), 'ky')).toHaveLength(1);
    expect((await push('ky', `${body}x`, sign(body, at))).status).toBe(401);
    expect((await push('ky', body, sign(body, at - 400))).status).toBe(401);
    expect((await push('ky', body, sign(body, at, 'khoa-khac'))).status).toBe(401);
  });

  it('multipart bodies land as they are', async () => {
    const body = '--b\r\ncontent-disposition: form-data; name="f"\r\n\r\nx\r\n--b--\r\n';
    const type = 'multipart/form-data; boundary=b';
    const { json } = await push('day', body, { ...bearer, 'content-type': type });
    const path = join(home.directory, 'inbox', 'day', String(json['name']));
    expect(readFileSync(path, 'utf8')).toBe(body);
  });

  it('A22: a body above the cap is refused, and nothing of it is kept', async () => {
    const { status } = await push('day', 'x'.repeat(50_000_001), bearer);
    expect(status).toBe(413);
    expect(parts('day')).toEqual([]);
  });

  it('H23: is written to the disk while it comes; one that breaks off leaves nothing', async () => {
    const { host, port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST /api/v1/push/day HTTP/1.1\r\nhost: ${host}\r\ncontent-type: text/csv\r\nauthorization: ${bearer.authorization}\r\ncontent-length: 1000000\r\n\r\n`,
    );
    socket.write(Buffer.alloc(300_000, 'x'));
    await vi.waitFor(() => expect(partBytes('day')).toBe(300_000), soon);
    socket.destroy();
    await vi.waitFor(() => expect(parts('day')).toEqual([]), soon);
  });

  it('C02: what a killed process left of a push goes with the next one', async () => {
    const root = join(home.directory, 'inbox-giet');
    mkdirSync(join(root, 's', '.incoming'), { recursive: true });
    writeFileSync(join(root, 's', '.incoming', 'push-cu'), 'nửa');
    writeFileSync(join(root, 's', '.incoming', 'tai-len'), 'nửa');
    await new InboxStore(root).spool('s', 'push-moi', Readable.from([Buffer.from('mới')]));
    const names = readdirSync(join(root, 's', '.incoming'));
    expect(names.sort()).toEqual(['push-moi', 'tai-len']);
  });
});

describe('a full inbox', () => {
  it('answers that it is full; pushes that were published make way', async () => {
    const root = join(home.directory, 'inbox-nho');
    mkdirSync(root, { recursive: true });
    const small = createInboxServices({
      store: home.store,
      inboxes: new InboxStore(root),
      limits: { ...inboxLimits, fileBytes: 1_000, bytes: 1_000, files: 2, pushesPerMinute: 4 },
      clock: systemClock,
      secret: () => Promise.resolve('x'),
    });
    const send = (key: string) =>
      small.push('day', {
        headers: { authorization: 'Bearer x', 'idempotency-key': key },
        body: Readable.from([Buffer.from(key)]),
      });
    await send('a');
    await send('b');
    await expect(send('c')).rejects.toMatchObject({ code: 'inbox-full', group: 'retriable' });
    await home.store.decide((journal) =>
      journal.record({
        kind: 'batch.published',
        subject: 'b-thu',
        actor: 'test',
        data: { status: 'published', source: 'day', files: [{ sha256: sha256(Buffer.from('a')) }] },
      }),
    );
    expect(await send('c')).toMatchObject({ isRepeated: false });
    await expect(send('d')).rejects.toMatchObject({ code: 'push-rate-limited' });
  });

  it('C02: what was cut before it was whole is no file of the inbox', async () => {
    const root = join(home.directory, 'inbox-cat');
    const store = new InboxStore(root);
    await store.append('s', 'p', Buffer.from('nửa'));
    writeFileSync(join(root, 's', '.rac'), '');
    expect((await store.files('s')).filter(({ name }) => !name.startsWith('.'))).toEqual([]);
    expect(await store.partBytes('s', 'p')).toBe(5);
  });
});
