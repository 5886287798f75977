import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oneroster } from '../../connectors/oneroster/connector.ts';
import { startCity, type City } from '../../simulator/city.ts';
import * as fault from '../harness/fault-server.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';
import { manifestCsv, zipOf } from './roster-bundle.ts';

const options = { secrets: { client_secret: 'bi-mat-dich-vu' } };

let home: SourceHome;
let directory: string;
beforeEach(async () => {
  home = await openSourceHome();
  directory = mkdtempSync(join(tmpdir(), 'phusa-roster-'));
});
afterEach(async () => {
  await home.remove();
  rmSync(directory, { recursive: true });
});

const lenient = {
  ...oneroster,
  streams: () => oneroster.streams({} as never).map((stream) => ({ ...stream, holdAbove: 1 })),
};
const drop = (name: string, content: string | Uint8Array) =>
  writeFileSync(join(directory, name), content);
const read = (more = {}) => home.ingest(lenient, { base: directory }, more);
const landed = () =>
  readdirSync(join(home.landingRoot, 'sha256'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
const receipts = () =>
  readdirSync(join(home.landingRoot, 'receipts'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map(
      (entry) => JSON.parse(readFileSync(join(entry.parentPath, entry.name), 'utf8')) as Receipt,
    );

interface Receipt {
  readonly name: string;
  readonly sha256: string;
  readonly request: Readonly<Record<string, unknown>>;
}

const users = (...lines: readonly string[]) =>
  [
    'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password',
    ...lines,
  ].join('\r\n');
const user = (
  id: string,
  more: { status?: string; at?: string; name?: string; password?: string } = {},
) =>
  `${id},${more.status ?? 'active'},${more.at ?? '2026-09-01T00:00:00.000Z'},TRUE,"s1, s2",student,${id},"{LDAP:1},{LTI:2}",${more.name ?? 'An'},Nguyễn,,${id},,,,,"09,10",${more.password ?? 'Mat-Khau-1'}`;

describe('CSV bundles', () => {
  it('V9/J06 lands no password: the column is cut, every other byte stays, the receipt keeps both hashes', async () => {
    const text = users(user('u1'), user('u2', { name: '"Bình, ""B"""' }));
    drop('a.zip', zipOf({ 'manifest.csv': manifestCsv({ users: 'bulk' }), 'users.csv': text }));
    const { batches } = await read();
    expect(batches).toMatchObject([
      { key: 'a.zip', status: 'published', counts: { roster_user: { received: 2, new: 2 } } },
    ]);
    expect(landed()).not.toContain('Mat-Khau');
    expect(landed()).toContain('""B""');
    const [receipt] = receipts();
    expect(receipt?.request).toMatchObject({ redacted: ['password'], member: 'users.csv' });
    expect(receipt?.request['sha256BeforeRedaction']).not.toBe(receipt?.sha256);
    expect(
      await home.rows(
        'select sourced_id, given_name, org_ids, user_ids, grades, role from staging.roster_user order by 1',
      ),
    ).toEqual([
      ['u1', 'An', 's1,s2', '{LDAP:1},{LTI:2}', '09,10', 'student'],
      ['u2', 'Bình, "B"', 's1,s2', '{LDAP:1},{LTI:2}', '09,10', 'student'],
    ]);
  });

  it('H14 rows whose fields cannot be told apart are quarantined without their password', async () => {
    drop(
      'a.zip',
      zipOf({
        'manifest.csv': manifestCsv({ users: 'bulk' }),
        'users.csv': users(
          user('good'),
          user('extra', { name: 'Tên, có phẩy', password: 'Mat-Khau-2' }),
          'short,active,Mat-Khau-3',
          user('broken', { name: '"xuống\ndòng"', password: 'Mat-Khau-4' }),
          user('open', { name: '"không khép', password: 'Mat-Khau-5' }),
        ),
      }),
    );
    const { batches } = await read();
    expect(batches[0]?.counts['roster_user']).toMatchObject({
      received: 5,
      new: 1,
      quarantined: 4,
    });
    expect(landed()).not.toMatch(/Mat-Khau/);
    expect(await home.rows('select count(*)::varchar from meta.quarantine')).toEqual([['4']]);
  });

  it('refuses a users file in which no column is known, and lands nothing of it', async () => {
    drop(
      'a.zip',
      zipOf({
        'manifest.csv': manifestCsv({ users: 'bulk' }),
        'users.csv': 'a;b;password\n1;2;Mat-Khau\n',
      }),
    );
    expect(await read()).toMatchObject({ batches: [], failure: { code: 'header-missing-column' } });
    expect(landed()).not.toContain('Mat-Khau');
  });

  it('B24/B37 a bulk bundle deletes what it no longer holds, a delta what it says; older versions do not return', async () => {
    drop(
      '1.zip',
      zipOf({
        'manifest.csv': manifestCsv({ users: 'bulk' }),
        'users.csv': users(user('a'), user('b'), user('c')),
      }),
    );
    const first = await read();
    drop(
      '2.zip',
      zipOf({
        'manifest.csv': manifestCsv({ users: 'delta' }),
        'users.csv': users(
          user('a', { status: 'tobedeleted', at: '2026-10-01' }),
          user('b', { name: 'Mới', at: '2026-10-01' }),
        ),
      }),
    );
    const second = await read({ cursor: first.cursor });
    expect(second.batches.at(-1)?.counts['roster_user']).toMatchObject({
      received: 2,
      changed: 2,
      deleted: 1,
    });
    drop(
      '3.zip',
      zipOf({
        'manifest.csv': manifestCsv({ users: 'bulk' }),
        'users.csv': users(user('b', { name: 'Mới', at: '2026-10-01' })),
      }),
    );
    const third = await read({ cursor: second.cursor });
    expect(third.batches.map(({ key }) => key)).toEqual(['2.zip', '3.zip']);
    expect(third.batches.at(-1)?.counts['roster_user']).toMatchObject({ unchanged: 1, deleted: 1 });
    expect(await home.rows('select sourced_id, given_name from staging.roster_user')).toEqual([
      ['b', 'Mới'],
    ]);
    expect((await read({ full: true })).batches.map(({ key }) => key)).toEqual(['3.zip']);
  });

  it.each([
    ['no manifest', { 'users.csv': users(user('a')) }, 'manifest-missing'],
    [
      'a file that is not there',
      { 'manifest.csv': manifestCsv({ users: 'bulk' }) },
      'bundle-file-missing',
    ],
    [
      'a mode of its own',
      { 'manifest.csv': manifestCsv({ users: 'whole' }), 'users.csv': users() },
      'bundle-file-unknown',
    ],
    [
      'version 2.0',
      { 'manifest.csv': manifestCsv({ users: 'bulk' }, '2.0'), 'users.csv': users() },
      'manifest-version',
    ],
    ['H01 a name outside', { '../manifest.csv': manifestCsv({}) }, 'zip-unsafe-name'],
  ])('refuses a bundle with %s', async (_what, files, code) => {
    drop('a.zip', zipOf(files));
    expect(await read()).toMatchObject({ batches: [], failure: { code, group: 'data' } });
  });

  it('refuses a file that is a copy of another (B28)', async () => {
    drop(
      'a.zip',
      zipOf({
        'manifest.csv': manifestCsv({ roles: 'bulk' }, '1.2'),
        'ROLES.csv': 'sourcedId,status,dateLastModified,userSourcedId,profileType\n1,,,u1,x\n',
      }),
    );
    expect((await read()).batches).toMatchObject([
      { status: 'failed', findings: ['header-missing-column'] },
    ]);
  });

  it('reads 1.2: roles apart, misspelt headers, ambiguous times kept as text', async () => {
    drop(
      'a.zip',
      zipOf({
        'manifest.csv': manifestCsv(
          { roles: 'bulk', userProfiles: 'bulk', results: 'bulk' },
          '1.2',
        ),
        'roles.csv':
          'sourcedId,status,dataLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId\r\nr1,,1/05/2023,u1,primary,student,2022-09-05,,s1\r\nr2,active,2023-05-01,u1,secondary,student,5/9/2022,2022-02-31,s1',
      }),
    );
    const { batches } = await read();
    expect(batches[0]?.counts['roster_role']).toMatchObject({
      received: 2,
      new: 1,
      quarantined: 1,
    });
    expect(
      await home.rows(
        "select sourced_id, status, modified_at::varchar, modified_as_given, strftime(starts_on, '%d/%m/%Y') from staging.roster_role",
      ),
    ).toEqual([['r1', 'active', null, '1/05/2023', '05/09/2022']]);
    expect(await home.rows('select reason, field from meta.quarantine')).toEqual([
      ['date-invalid', 'ends_on'],
    ]);
  });
});

describe('the REST service', () => {
  const token = fault.json({ access_token: 'ma-truy-cap', expires_in: 3600 });
  type Page = {
    readonly records: readonly object[];
    readonly total?: number;
    readonly link?: string;
  };
  const page = (collection: string, { records, total, link }: Page) =>
    fault.answer(JSON.stringify({ [collection]: records }), {
      'content-type': 'application/json',
      ...(total === undefined ? {} : { 'X-Total-Count': String(total) }),
      ...(link === undefined ? {} : { Link: link }),
    });
  const org = (sourcedId: string, more = {}) => ({
    sourcedId,
    status: 'active',
    dateLastModified: '2026-09-01T00:00:00.000Z',
    name: `Trường ${sourcedId}`,
    type: 'school',
    parent: { href: 'x', sourcedId: 'so', type: 'org' },
    ...more,
  });
  const ask = async (
    script: Parameters<typeof fault.startFaultServer>[0],
    more = {},
    collection = 'orgs',
  ) => {
    const server = await fault.startFaultServer({ '/token': token, ...script });
    try {
      const outcome = await home.ingest(
        lenient,
        {
          base: server.url,
          tokenUrl: `${server.url}/token`,
          clientId: 'ioc',
          collections: [collection],
          pageSize: 2,
        },
        { ...options, ...more },
      );
      return { ...outcome, requests: server.requests };
    } finally {
      await server.close();
    }
  };
  const offsets = (requests: readonly fault.SeenRequest[]) =>
    requests.flatMap(({ path }) => new URLSearchParams(path.split('?')[1]).get('offset') ?? []);

  it('pages by what came until the total is reached (B12), signed in by client credentials', async () => {
    const { batches, cursor, requests } = await ask({
      '/orgs': [
        page('orgs', { records: [org('a')], total: 3 }),
        page('orgs', { records: [org('b'), org('c', { status: 'tobedeleted' })], total: 3 }),
      ],
    });
    expect(batches).toMatchObject([
      { key: 'orgs', status: 'published', counts: { roster_org: { received: 3, new: 2 } } },
    ]);
    // The last page is as full as the first: once more, whether anything follows the total.
    expect(offsets(requests)).toEqual(['0', '1', '3']);
    expect(requests[0]?.headers['authorization']).toBe(
      `Basic ${Buffer.from('ioc:bi-mat-dich-vu').toString('base64')}`,
    );
    expect(cursor).toEqual({ modified: { orgs: '2026-09-01T00:00:00.000Z' } });
    expect(
      await home.rows('select sourced_id, parent_id from staging.roster_org order by 1'),
    ).toEqual([
      ['a', 'so'],
      ['b', 'so'],
    ]);
  });

  it.each([
    [
      'Link',
      [
        page('orgs', { records: [org('a'), org('b')], link: '<x?offset=2>; rel="next"' }),
        page('orgs', { records: [org('c')], link: '<x>; rel="first"' }),
      ],
      2,
    ],
    [
      'an empty page (B13)',
      [
        page('orgs', { records: [org('a'), org('b')] }),
        page('orgs', { records: [org('c')] }),
        page('orgs', { records: [] }),
      ],
      3,
    ],
  ])('ends by %s where no total is given', async (_what, pages, count) => {
    const { batches, requests } = await ask({ '/orgs': pages });
    expect(batches[0]?.counts['roster_org']).toMatchObject({ new: 3 });
    expect(offsets(requests).length).toBe(count);
  });

  it('B03/B07 later asks for what changed, from before the newest time that is not in the future', async () => {
    const first = await ask({
      '/orgs': page('orgs', {
        records: [org('a'), org('b', { dateLastModified: '2099-01-01T00:00:00Z' })],
        total: 2,
      }),
    });
    const { batches, requests } = await ask(
      {
        '/orgs': page('orgs', {
          records: [org('a', { status: 'tobedeleted', dateLastModified: '2026-10-01T00:00:00Z' })],
          total: 1,
        }),
      },
      { cursor: first.cursor },
    );
    expect(new URLSearchParams(requests[1]?.path.split('?')[1]).get('filter')).toBe(
      "dateLastModified>'2026-08-31T00:00:00.000Z'",
    );
    expect(batches).toMatchObject([
      {
        key: 'orgs>2026-08-31T00:00:00.000Z',
        counts: { roster_org: { received: 1, changed: 1, deleted: 1 } },
      },
    ]);
    expect(await home.rows('select sourced_id from staging.roster_org')).toEqual([['b']]);
  });

  it('B22 a delta without records is no deletion of everything', async () => {
    const first = await ask({ '/orgs': page('orgs', { records: [org('a')], total: 1 }) });
    await ask({ '/orgs': page('orgs', { records: [], total: 0 }) }, { cursor: first.cursor });
    expect(await home.rows('select sourced_id from staging.roster_org')).toEqual([['a']]);
  });

  it('V9 lands no password of JSON, and every digit of the rest', async () => {
    const body = `{"users":[{"sourcedId":"u1","password":"Mat-Khau-1","givenName":"An","userIds":[{"type":"LDAP","identifier":"1"}],
      "userProfiles":[{"credentials":[{"username":"x","password":{"a":["Mat-Khau-2"]}}]}],"metadata":{"big":12345678901234567890.10},
      "roles":[{"role":"student","org":{"sourcedId":"s1"}},{"role":"aide","org":{"sourcedId":"s2"}}],"enabledUser":"true"}]}`;
    const { batches } = await ask(
      { '/users': fault.answer(body, { 'x-total-count': '1' }) },
      {},
      'users',
    );
    expect(batches[0]?.counts['roster_user']).toMatchObject({ new: 1 });
    expect(landed()).not.toContain('Mat-Khau');
    expect(landed()).toContain('12345678901234567890.10');
    expect(
      await home.rows('select given_name, user_ids, roles, is_enabled from staging.roster_user'),
    ).toEqual([['An', '{LDAP:1}', 'student@s1,aide@s2', true]]);
  });

  it('A32 a token that ends in the middle is renewed once; A33 refused again ends the reading', async () => {
    const renewed = await ask({
      '/orgs': [fault.status(401), page('orgs', { records: [org('a')], total: 1 })],
    });
    expect([renewed.failure, renewed.batches.length]).toEqual([undefined, 1]);
    const refused = await ask({ '/orgs': fault.status(401) });
    expect(refused.failure).toMatchObject({ code: 'access-refused', group: 'fatal' });
    expect(refused.requests.length).toBe(4);
    const noToken = await ask({
      '/token': fault.json({ error: 'invalid_client bi-mat-dich-vu' }, 401),
    });
    expect(noToken.failure).toMatchObject({ code: 'access-refused' });
    expect(JSON.stringify(noToken.failure)).not.toContain('bi-mat');
  });

  it('B19 begins again when the total moves; B18/B17 fewer records than declared publish nothing', async () => {
    const moved = await ask({
      '/orgs': [
        page('orgs', { records: [org('a'), org('b')], total: 3 }),
        page('orgs', { records: [org('b'), org('c')], total: 4 }),
        page('orgs', { records: [org('a'), org('b')], total: 3 }),
        page('orgs', { records: [org('c')], total: 3 }),
      ],
    });
    expect(moved.batches[0]?.counts['roster_org']).toMatchObject({ new: 3 });
    const short = await ask({
      '/orgs': [
        page('orgs', { records: [org('a')], total: 3 }),
        page('orgs', { records: [], total: 3 }),
      ],
    });
    expect(short).toMatchObject({ batches: [], failure: { code: 'page-missing', group: 'data' } });
  });

  it.each([
    ['B14 a repeated page', page('orgs', { records: [org('a'), org('b')] }), 'page-repeats'],
    ['A30 a web page', fault.answer('<html>bảo trì</html>'), 'answer-not-json'],
    ['A12 half an answer', fault.answer('{"orgs":[{"sourcedId"'), 'answer-not-json'],
    [
      'A31 an error in HTTP 200',
      fault.json({ imsx_codeMajor: 'failure', imsx_description: 'down' }),
      'source-error',
    ],
  ])('%s ends in a reason', async (_what, pages, code) => {
    const { batches, failure, requests } = await ask({ '/orgs': pages });
    expect([batches, failure]).toMatchObject([[], { code, group: 'data' }]);
    expect(requests.length).toBeLessThan(6);
  });
});

describe('the simulated school system', () => {
  let city: City;
  beforeEach(async () => {
    city = await startCity({ now: '2026-11-22', scale: 0.05, years: 1 });
  });
  afterEach(() => city.close());
  const ingest = (more = {}) =>
    home.ingest(
      lenient,
      {
        base: `${city.url}/school/ims/oneroster/rostering/v1p2`,
        tokenUrl: `${city.url}/school/token`,
        clientId: 'ioc-haiphong',
        pageSize: 2000,
      },
      {
        secrets: { client_secret: 'mo-phong' },
        now: new Date('2026-11-22T23:00:00+07:00'),
        ...more,
      },
    );
  const enrolments = async () => {
    const text = await (
      await fetch(`${city.url}/_ledger/enrolments.ndjson?from=2026-01-01&to=2026-11-22`)
    ).text();
    return text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { enrolment: string }).enrolment)
      .sort();
  };
  const fail = (kind: string) =>
    fetch(`${city.url}/_faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind, path: '/school/ims', times: 1 }),
    });

  it('gives every enrolment of the ledger, lands no password, and changes nothing when asked again', async () => {
    const first = await ingest();
    expect(first.failure).toBeUndefined();
    const kept = await home.rows('select sourced_id from staging.roster_enrollment order by 1');
    expect(kept.map(([id]) => id)).toEqual(await enrolments());
    expect(landed()).not.toContain('"password"');
    const again = await ingest({ cursor: first.cursor });
    for (const { counts } of again.batches)
      for (const all of Object.values(counts))
        expect([all.new, all.changed, all.deleted]).toEqual([0, 0, 0]);
  });

  it.each(['http500', 'truncate', 'html200', 'expire-token'])(
    '%s once is overcome',
    async (kind) => {
      await fail(kind);
      expect((await ingest()).failure).toBeUndefined();
    },
  );
});

const shared = join(import.meta.dirname, '../../../shared/data');

describe.skipIf(!existsSync(join(shared, 'oneroster')))(
  'bundles made by others (skipped without the shared data folder)',
  () => {
    /** Counted by a program of its own: lines below the header, and records with a `tobedeleted`. */
    const oracle = (path: string) => {
      const lines = readFileSync(path, 'utf8').split('\r\n').slice(1).filter(Boolean);
      return {
        rows: lines.length,
        gone: lines.filter((line) => line.includes(',tobedeleted,')).length,
      };
    };
    const tables = {
      academicSessions: 'session',
      classes: 'class',
      enrollments: 'enrollment',
      orgs: 'org',
      users: 'user',
    };

    it.each(['Test_full_data_set', 'Test_minimal_data_set'])(
      '%s: zip and loose files give what its files hold',
      async (name) => {
        const folder = join(shared, 'oneroster/catalyst', name);
        writeFileSync(join(directory, `${name}.zip`), readFileSync(`${folder}.zip`));
        const zip = await read();
        expect(zip.failure).toBeUndefined();
        const loose = await home.ingest(lenient, { base: folder });
        expect(loose.failure).toBeUndefined();
        for (const [file, stream] of Object.entries(tables)) {
          const { rows, gone } = oracle(join(folder, `${file}.csv`));
          expect([file, zip.batches[0]?.counts[`roster_${stream}`]]).toMatchObject([
            file,
            { received: rows, new: rows - gone, quarantined: 0 },
          ]);
          expect([file, loose.batches[0]?.counts[`roster_${stream}`]]).toMatchObject([
            file,
            { received: rows, unchanged: rows, new: 0, changed: 0, deleted: 0 },
          ]);
        }
        expect(landed()).not.toContain('Password1');
      },
    );
  },
);
