import { createHmac, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifest } from '../../connectors/manifest/connector.ts';
import type { JsonObject } from '../../core/json.ts';
import * as fault from '../harness/fault-server.ts';
import { pagedManifest, queryOf, rowsUpTo } from '../harness/paged-source.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

let home: SourceHome;
let directory: string;
const servers: fault.FaultServer[] = [];
beforeEach(async () => {
  home = await openSourceHome();
  directory = mkdtempSync(join(tmpdir(), 'phusa-manifest-'));
});
afterEach(async () => {
  for (const one of servers.splice(0)) await one.close();
  await home.remove();
  rmSync(directory, { recursive: true });
});

const serve = async (script: Parameters<typeof fault.startFaultServer>[0]) => {
  const server = await fault.startFaultServer(script);
  servers.push(server);
  return server;
};
const label = { vi: 'x', en: 'x' };
const rows = rowsUpTo(3);
const whole: JsonObject = { request: { path: 'things' }, pagination: { kind: 'none' } };
const names = async () =>
  (await home.rows('select id, name from staging.thing order by 1')).map(([id, name]) => [
    id,
    name,
  ]);
const expected = rows.map(({ id, name }) => [id, name]);

describe('ways to sign in', () => {
  const secrets = { secret: 'bi-mat-cua-nguon' };
  const read = async (
    authentication: JsonObject,
    script: Parameters<typeof fault.startFaultServer>[0] = {},
  ) => {
    const one = await serve({ '/things': fault.json({ items: rows }), ...script });
    const config = pagedManifest(one.url, whole, {
      secrets: { secret: label },
      authentication: JSON.parse(
        JSON.stringify(authentication).replaceAll('BASE', one.url),
      ) as JsonObject,
    });
    const { failure } = await home.ingest(manifest, config, { secrets });
    expect([failure, await names()]).toEqual([undefined, expected]);
    return one.requests;
  };
  const authorization = (requests: readonly fault.SeenRequest[]) =>
    requests.find(({ path }) => path.startsWith('/things'))?.headers['authorization'];

  it('basic', async () => {
    const requests = await read({ kind: 'basic', user: 'u', password: '{{ secret.secret }}' });
    expect(authorization(requests)).toBe(
      `Basic ${Buffer.from('u:bi-mat-cua-nguon').toString('base64')}`,
    );
  });

  it('bearer', async () => {
    expect(authorization(await read({ kind: 'bearer', token: '{{ secret.secret }}' }))).toBe(
      'Bearer bi-mat-cua-nguon',
    );
  });

  it('an API key in a header', async () => {
    const requests = await read({
      kind: 'apiKey',
      key: '{{ secret.secret }}',
      place: { in: 'header', name: 'X-Khoa' },
    });
    expect(requests[0]?.headers['x-khoa']).toBe('bi-mat-cua-nguon');
  });

  it('OAuth2 client credentials, client by HTTP basic', async () => {
    const requests = await read(
      {
        kind: 'oauth2',
        tokenUrl: 'BASE/token',
        clientId: 'ioc',
        clientSecret: '{{ secret.secret }}',
        scope: 'doc',
        client: 'basic',
      },
      { '/token': fault.json({ access_token: 'token-moi-cap', expires_in: 3600 }) },
    );
    expect(new URLSearchParams(requests[0]?.body).get('grant_type')).toBe('client_credentials');
    expect(requests[0]?.headers['authorization']).toBe(
      `Basic ${Buffer.from('ioc:bi-mat-cua-nguon').toString('base64')}`,
    );
    expect(authorization(requests)).toBe('Bearer token-moi-cap');
  });

  it('a signed token (HS256) that the server can check', async () => {
    const requests = await read({
      kind: 'jwt',
      algorithm: 'HS256',
      key: '{{ secret.secret }}',
      issuer: 'ioc',
      claims: { role: 'reader' },
    });
    const [head = '', claims = '', signature] = (authorization(requests) ?? '')
      .replace('Bearer ', '')
      .split('.');
    expect(
      createHmac('sha256', secrets.secret).update(`${head}.${claims}`).digest('base64url'),
    ).toBe(signature);
    const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
    expect(said).toMatchObject({ iss: 'ioc', role: 'reader' });
    expect(Number(said['exp']) - Number(said['iat'])).toBe(300);
  });

  it('a signed token (ES256) exchanged for an access token', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const one = await serve({
      '/things': fault.json({ items: rows }),
      '/token': fault.json({ access_token: 'token-doi-duoc' }),
    });
    const authentication = {
      kind: 'jwt',
      algorithm: 'ES256',
      key: '{{ secret.secret }}',
      tokenUrl: `${one.url}/token`,
    };
    const config = pagedManifest(one.url, whole, { authentication, secrets: { secret: label } });
    await home.ingest(manifest, config, { secrets: { secret: pem } });
    expect(authorization(one.requests)).toBe('Bearer token-doi-duoc');
    const [head = '', claims = '', signature = ''] = (
      new URLSearchParams(one.requests[0]?.body).get('assertion') ?? ''
    ).split('.');
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
    expect(
      verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url')),
    ).toBe(true);
  });
});

describe('parts', () => {
  it('lists of values and the records of another stream are asked for one by one, in one batch', async () => {
    const one = await serve({
      '/stations': fault.json({ items: [{ code: 'a b' }, { code: 'c&d' }] }),
      '/things/a%20b': fault.json({ items: [{ id: '1' }] }),
      '/things/c%26d': (socket, request) =>
        fault.json({ items: [{ id: queryOf(request).get('kind') }] })(socket, request),
    });
    const code = [{ name: 'code', type: 'varchar', label, classification: 'public' }];
    const columns = [
      { name: 'id', type: 'varchar', label, classification: 'public' },
      {
        name: 'station',
        type: 'varchar',
        value: '{{ slice.station }}',
        label,
        classification: 'public',
      },
      { name: 'kind', type: 'varchar', value: '{{ slice.kind }}', label, classification: 'public' },
    ];
    const stations = {
      stream: 'station',
      label,
      request: { path: 'stations' },
      decoding: { format: 'json' },
      records: 'items',
      columns: code,
      key: ['code'],
    };
    const things = {
      stream: 'thing',
      label,
      request: { path: 'things/{{ slice.station }}', query: { kind: '{{ slice.kind }}' } },
      slices: [
        { name: 'station', stream: 'station', field: 'code' },
        { name: 'kind', values: ['x', 'y'] },
      ],
      decoding: { format: 'json' },
      records: 'items',
      columns,
      key: ['id', 'station', 'kind'],
    };
    const outcome = await home.ingest(manifest, {
      ...pagedManifest(one.url),
      streams: [stations, things],
    });
    expect([outcome.failure, outcome.batches.map(({ key, status }) => [key, status])]).toEqual([
      undefined,
      [
        ['station', 'published'],
        ['thing', 'published'],
      ],
    ]);
    expect(await home.rows('select station, kind, id from staging.thing order by 1, 2')).toEqual([
      ['a b', 'x', '1'],
      ['a b', 'y', '1'],
      ['c&d', 'x', 'x'],
      ['c&d', 'y', 'y'],
    ]);
    expect(one.requests.filter(({ path }) => path === '/stations').length).toBe(2);
  });

  it('lists within records become rows that know the record around them; filters and tombstones count', async () => {
    const items = [
      {
        id: '1',
        parts: [
          { n: 1, s: 'ok' },
          { n: 2, s: 'gone' },
        ],
      },
      { id: '2', parts: [{ n: 1, s: 'test' }] },
      { id: '3', parts: [] },
    ];
    const one = await serve({ '/things': fault.json({ items }) });
    const columns = [
      { name: 'id', from: '^.id', type: 'varchar', label, classification: 'public' },
      { name: 'n', type: 'integer', label, classification: 'public' },
    ];
    const base = pagedManifest(one.url, whole);
    const [stream] = base['streams'] as readonly JsonObject[];
    const changed = {
      ...Object.fromEntries(
        Object.entries(stream ?? {}).filter(([name]) => name !== 'publishedAt'),
      ),
      records: 'items[].parts[]',
      columns,
      key: ['id', 'n'],
      filter: [{ field: 's', not: 'test' }],
      deletes: 'tombstone',
      tombstone: { field: 's', equals: 'gone' },
    };
    const { batches, failure } = await home.ingest(manifest, { ...base, streams: [changed] });
    expect([failure, batches[0]?.counts['thing']]).toMatchObject([
      undefined,
      { received: 3, new: 1, filtered: 1 },
    ]);
    expect(await home.rows('select id, n from staging.thing')).toEqual([['1', '1']]);
  });

  it('a rate budget spreads the requests', async () => {
    const one = await serve({
      '/things': (socket, request) => {
        const offset = Number(queryOf(request).get('offset'));
        return fault.json({ items: rows.slice(offset, offset + 1) })(socket, request);
      },
    });
    const { testClient, originOf } = await import('../harness/test-client.ts');
    const http = testClient([originOf(one.url)]);
    const config = pagedManifest(
      one.url,
      { pagination: { kind: 'offset', size: 1 } },
      { rate: { requests: 2, seconds: 5 } },
    );
    await home.ingest(manifest, config, { http });
    expect([one.requests.length, http.waits]).toEqual([4, [5000, 5000]]);
  });
});

describe('formats', () => {
  const csv = `id,name,changed\n${rows.map((row) => `${String(row['id'])},"${String(row['name'])}",${String(row['changed'])}`).join('\n')}\n`;
  const xml = `<?xml version="1.0"?><list><thing no="1"><id>r0001</id><name>Bản ghi 1</name><changed>2026-10-01T00:00:00Z</changed></thing>${rows
    .slice(1)
    .map(
      (row) =>
        `<thing><id>${String(row['id'])}</id><name>${String(row['name'])}</name><changed>${String(row['changed'])}</changed></thing>`,
    )
    .join('')}</list>`;
  const lines = rows.map((row) => JSON.stringify(row)).join('\n');
  it.each<[string, string | Uint8Array, JsonObject, string]>([
    ['CSV', csv, { format: 'csv' }, ''],
    ['TSV', csv.replaceAll(',', '\t'), { format: 'tsv' }, ''],
    ['CSV with semicolons', csv.replaceAll(',', ';'), { format: 'csv', delimiter: ';' }, ''],
    ['UTF-16', Buffer.from(`\ufeff${csv}`, 'utf16le'), { format: 'csv' }, ''],
    [
      'CSV without header',
      csv.split('\n').slice(1).join('\n'),
      { format: 'csv', header: ['id', 'name', 'changed'] },
      '',
    ],
    ['NDJSON', lines, { format: 'ndjson' }, ''],
    ['XML', xml, { format: 'xml' }, 'list.thing'],
    ['gzip', gzipSync(csv), { format: 'csv', unpack: 'gzip' }, ''],
    [
      'zip',
      zipSync({ 'a/b.csv': strToU8(csv), 'readme.txt': strToU8('x') }),
      { format: 'csv', unpack: 'zip', members: '[.]csv$' },
      '',
    ],
    [
      'GeoJSON',
      JSON.stringify({ type: 'FeatureCollection', features: rows }),
      { format: 'geojson' },
      '',
    ],
  ])('%s', async (_name, body, decoding, records) => {
    const one = await serve({ '/things': fault.answer(body) });
    const { failure, batches } = await home.ingest(
      manifest,
      pagedManifest(one.url, { ...whole, decoding, records }),
    );
    expect([failure, batches.map(({ status, findings }) => [status, findings])]).toEqual([
      undefined,
      [['published', []]],
    ]);
    expect(await names()).toEqual(expected);
  });

  it('A12 lines of a body without length or chunks are not believed to be whole', async () => {
    const one = await serve({ '/things': fault.closeEarly(csv) });
    const { failure } = await home.ingest(
      manifest,
      pagedManifest(one.url, { ...whole, decoding: { format: 'csv' }, records: '' }),
    );
    expect(failure?.code).toBe('end-unproved');
  });

  it('H03 a gzip bomb ends at its ratio, H06 a DTD is refused', async () => {
    const bomb = await serve({ '/things': fault.answer(gzipSync(Buffer.alloc(80_000_000))) });
    const packed = { ...whole, decoding: { format: 'csv', unpack: 'gzip' }, records: '' };
    const first = await home.ingest(manifest, pagedManifest(bomb.url, packed));
    expect(first.batches.map(({ failure }) => failure?.code)).toEqual(['gzip-too-big']);
    const dtd = await serve({
      '/things': fault.answer('<!DOCTYPE list [<!ENTITY a "b">]><list><thing/></list>'),
    });
    const second = await home.ingest(
      manifest,
      pagedManifest(dtd.url, { ...whole, decoding: { format: 'xml' }, records: 'list.thing' }),
    );
    expect(second.batches[0]?.failure?.code).toMatch(/^xml-/);
  });

  it('a directory: one batch a file, equal files are not news, an empty directory is not "no data"', async () => {
    const stream = {
      files: '.*[.]csv',
      decoding: { format: 'csv' },
      records: '',
      request: undefined,
      pagination: { kind: 'none' },
    };
    const config = JSON.parse(
      JSON.stringify(pagedManifest(directory, stream as unknown as JsonObject)),
    ) as JsonObject;
    expect((await home.ingest(manifest, config)).failure?.code).toBe('files-missing');
    writeFileSync(join(directory, '1.csv'), csv);
    writeFileSync(join(directory, '2.csv'), 'id,name,changed\nr0009,Chín,2026-10-02T00:00:00Z\n');
    const { batches } = await home.ingest(manifest, config);
    expect(batches.map(({ key, status }) => [key, status])).toEqual([
      ['thing:1.csv', 'published'],
      ['thing:2.csv', 'published'],
    ]);
    const again = await home.ingest(manifest, config);
    expect(again.batches.map(({ counts }) => counts['thing']?.unchanged)).toEqual([3, 1]);
  });
});

describe('values as officials write them', () => {
  it.each<[string, JsonObject, string, string | boolean | null]>([
    [
      'a number with points and comma',
      { type: 'decimal(18,2)', numbers: 'vi' },
      '1.234,5',
      '1234.50',
    ],
    ['a sign for none', { type: 'bigint', numbers: 'vi' }, '…', null],
    ['thousands of', { type: 'bigint', times: 1000 }, '12.5', '12500'],
    ['a day', { type: 'date' }, '5/7/2026', '2026-07-05'],
    ['a serial day of Excel', { type: 'date', formats: ['excel'] }, '45000', '2023-03-15'],
    [
      'epoch milliseconds',
      { type: 'timestamp', formats: ['epoch-ms'] },
      '1428404675000',
      '2015-04-07T18:04:35',
    ],
    [
      'UTC as wall time of Vietnam',
      { type: 'timestamp' },
      '2026-11-22T20:00:00Z',
      '2026-11-23T03:00:00',
    ],
    ['a word of a dictionary', { type: 'varchar', dictionary: { '1': 'mở' } }, '1', 'mở'],
    ['a part of a text', { type: 'varchar', extract: 'code=([0-9]+)' }, 'code=007;x', '007'],
    ['a blank of their own', { type: 'varchar', blanks: ['không có'] }, 'không có', null],
  ])('%s', async (_name, column, text, value) => {
    const one = await serve({ '/things': fault.json({ items: [{ id: '1', v: text }] }) });
    const columns = [
      { name: 'id', type: 'varchar', label, classification: 'public' },
      { name: 'v', label, classification: 'public', ...column },
    ];
    const base = pagedManifest(one.url, whole);
    const [stream] = base['streams'] as readonly JsonObject[];
    const plain = Object.fromEntries(
      Object.entries(stream ?? {}).filter(([name]) => name !== 'publishedAt'),
    );
    const outcome = await home.ingest(manifest, { ...base, streams: [{ ...plain, columns }] });
    expect([outcome.failure, await home.rows('select v from staging.thing')]).toEqual([
      undefined,
      [[value]],
    ]);
  });

  it.each<[string, JsonObject, string, string]>([
    [
      'an English fraction among Vietnamese numbers',
      { type: 'decimal(18,2)', numbers: 'vi' },
      '1.5',
      'number-invalid',
    ],
    [
      'a code that is in no dictionary',
      { type: 'varchar', dictionary: { '1': 'mở' } },
      '9',
      'code-unknown',
    ],
    ['a value out of range', { type: 'integer', max: 5 }, '6', 'value-outside'],
    ['a text of another pattern', { type: 'varchar', matches: '[0-9]{5}' }, '123', 'value-pattern'],
    ['a day that is none', { type: 'date' }, '31/02/2026', 'date-invalid'],
  ])('%s goes to quarantine', async (_name, column, text, reason) => {
    const items = [
      { id: '1', v: text },
      ...Array.from({ length: 9 }, (_, n) => ({ id: `n${n}`, v: null })),
    ];
    const one = await serve({ '/things': fault.json({ items }) });
    const columns = [
      { name: 'id', type: 'varchar', label, classification: 'public' },
      { name: 'v', label, classification: 'public', ...column },
    ];
    const base = pagedManifest(one.url, whole);
    const [stream] = base['streams'] as readonly JsonObject[];
    const plain = Object.fromEntries(
      Object.entries(stream ?? {}).filter(([name]) => name !== 'publishedAt'),
    );
    const { batches } = await home.ingest(manifest, { ...base, streams: [{ ...plain, columns }] });
    expect(batches[0]?.counts['thing']).toMatchObject({ received: 10, new: 9, quarantined: 1 });
    const kept = await home.rows('select reason, field, value from meta.quarantine');
    expect(kept).toEqual([[reason, 'v', text]]);
  });
});
