import { createPublicKey, createVerify, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fhirBulk } from '../../connectors/fhir-bulk/connector.ts';
import * as fault from '../harness/fault-server.ts';
import { openSourceHome, readContext, type SourceHome } from '../harness/source-home.ts';
import { testClient } from '../harness/test-client.ts';

let home: SourceHome;
let server: fault.FaultServer | undefined;
beforeEach(async () => {
  home = await openSourceHome();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await home.remove();
});

const lenient = {
  ...fhirBulk,
  streams: (config: Parameters<typeof fhirBulk.streams>[0]) =>
    fhirBulk.streams(config).map((stream) => ({ ...stream, holdAbove: 1 })),
};

type Script = Parameters<typeof fault.startFaultServer>[0];
const serve = async (script: Script) => {
  server = await fault.startFaultServer(script);
  return server;
};
const started: fault.Fault = (socket, request) =>
  fault.status(202, { 'content-location': `http://${request.headers['host'] ?? ''}/status` })(
    socket,
    request,
  );
const file = (type: string, path: string, count?: number) => ({
  type,
  url: `/files/${path}`,
  ...(count === undefined ? {} : { count }),
});
const manifest = (more: object = {}) =>
  fault.json({
    transactionTime: '2026-11-20T10:00:00Z',
    request: 'x',
    requiresAccessToken: false,
    output: [],
    error: [],
    ...more,
  });
const lines = (...resources: readonly object[]) =>
  fault.answer(resources.map((one) => `${JSON.stringify(one)}\n`).join(''), {
    'content-type': 'application/fhir+ndjson',
  });
const patient = (id: string, more: object = {}) => ({
  resourceType: 'Patient',
  id,
  meta: { versionId: '1', lastUpdated: '2026-11-01T08:00:00+07:00' },
  gender: 'female',
  birthDate: '1985-04-12',
  name: [{ family: 'Nguyễn', given: ['Mô Phỏng'] }],
  ...more,
});
const ingest = (more: object = {}, options: Parameters<SourceHome['ingest']>[2] = {}) =>
  home.ingest(lenient, { base: server?.url ?? '', types: ['Patient'], ...more }, options);
const patients = () =>
  home.rows('select resource_id, family_name from staging.fhir_patient order by 1');

describe('an export', () => {
  it('A23 asks, waits as told, lands manifest and files, publishes them together', async () => {
    const busy = fault.status(202, { 'retry-after': '7', 'x-progress': '50 %' });
    const { requests } = await serve({
      '/$export': started,
      '/status': [busy, fault.status(202), manifest({ output: [file('Patient', 'p', 2)] })],
      '/files/p': lines(patient('a'), patient('b')),
    });
    const http = testClient(fhirBulk.allowed(fhirBulk.config.parse({ base: server?.url })));
    const { batches, failure, cursor } = await ingest({}, { http });
    expect([failure, batches[0]?.counts['fhir_patient']]).toMatchObject([undefined, { new: 2 }]);
    expect(cursor).toEqual({ transactionTime: '2026-11-20T10:00:00.000Z' });
    expect(http.waits).toEqual([7_000, 10_000]);
    const [kickOff] = requests;
    expect(kickOff?.headers).toMatchObject({
      prefer: 'respond-async',
      accept: 'application/fhir+json',
    });
    expect(kickOff?.path).toBe('/$export?_outputFormat=application%2Ffhir%2Bndjson&_type=Patient');
    expect(requests.at(-1)).toMatchObject({ method: 'DELETE', path: '/status' });
    expect(requests.every(({ headers }) => headers['authorization'] === undefined)).toBe(true);
  });

  it('B03 B09 B24 later ones ask from the server time of the last, and take deletions; a whole one deletes by absence', async () => {
    const gone = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { request: { method: 'DELETE', url: 'Patient/a' } },
        { request: { method: 'DELETE', url: 'Observation/zzz' } },
      ],
    };
    const { requests } = await serve({
      '/$export': started,
      '/status': [
        manifest({ output: [file('Patient', 'p')] }),
        fault.status(202),
        manifest({
          transactionTime: '2026-11-21T10:00:00Z',
          output: [file('Patient', 'p2')],
          deleted: [{ type: 'Bundle', url: '/files/d', count: 1 }],
        }),
        fault.status(202),
        manifest({ transactionTime: '2026-11-19T10:00:00Z', output: [file('Patient', 'p2')] }),
      ],
      '/files/p': lines(patient('a'), patient('b'), patient('c')),
      '/files/p2': lines(patient('c', { meta: { lastUpdated: '2026-11-20T12:00:00Z' } })),
      '/files/d': lines(gone),
    });
    const first = await ingest();
    expect(await patients()).toHaveLength(3);
    const second = await ingest({}, { cursor: first.cursor });
    const asked = requests.filter(({ path }) => path.startsWith('/$export'));
    expect(asked[1]?.path).toContain('_since=2026-11-20T09%3A00%3A00.000Z');
    expect(second.failure ?? second.batches[0]?.failure).toBeUndefined();
    expect(second.batches[0]?.counts['fhir_patient']).toMatchObject({ deleted: 1 });
    expect(await patients()).toEqual([
      ['b', 'Nguyễn'],
      ['c', 'Nguyễn'],
    ]);
    const whole = await ingest({}, { cursor: second.cursor, full: true });
    expect(whole.batches[0]?.counts['fhir_patient']).toMatchObject({ deleted: 1 });
    expect(whole.cursor).toEqual({ transactionTime: '2026-11-21T10:00:00.000Z' });
    expect(await patients()).toEqual([['c', 'Nguyễn']]);
  });

  it('B23 an empty incremental export is an empty batch; its cursor moves', async () => {
    await serve({ '/$export': started, '/status': [manifest(), manifest()] });
    const { batches, cursor } = await ingest(
      {},
      { cursor: { transactionTime: '2026-11-01T00:00:00Z' } },
    );
    expect(batches.map(({ status }) => status)).toEqual(['published']);
    expect(cursor).toEqual({ transactionTime: '2026-11-20T10:00:00.000Z' });
  });

  it('B13 levels: of all patients, and of a group; partial manifests are followed', async () => {
    const { requests } = await serve({
      '/Patient/$export': started,
      '/Group/g-1/$export': started,
      '/status': manifest({
        output: [file('Patient', 'p')],
        link: [{ relation: 'next', url: '/status/2' }],
      }),
      '/status/2': manifest({ output: [file('Patient', 'p2')] }),
      '/files/p': lines(patient('a')),
      '/files/p2': lines(patient('b')),
    });
    await ingest({ level: 'patient' });
    await ingest({ level: 'group:g-1' });
    expect(await patients()).toHaveLength(2);
    expect(requests.filter(({ path }) => path.includes('$export'))).toHaveLength(2);
  });
});

describe('signing in', () => {
  it.each(['RS384', 'ES384'] as const)(
    'A32 SMART backend services with %s: a signed assertion that the server can verify; renewed when refused',
    async (algorithm) => {
      const { privateKey, publicKey } =
        algorithm === 'RS384'
          ? generateKeyPairSync('rsa', { modulusLength: 2048 })
          : generateKeyPairSync('ec', { namedCurve: 'P-384' });
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      let tokens = 0;
      const { requests } = await serve({
        '/.well-known/smart-configuration': (socket, request) =>
          fault.json({ token_endpoint: `http://${request.headers['host'] ?? ''}/token` })(
            socket,
            request,
          ),
        '/token': (socket, request) =>
          fault.json({ access_token: `t${(tokens += 1)}`, expires_in: 300 })(socket, request),
        '/$export': started,
        '/status': [
          fault.status(401),
          manifest({ requiresAccessToken: true, output: [file('Patient', 'p')] }),
        ],
        '/files/p': lines(patient('a')),
      });
      const options = { secrets: { private_key: pem } };
      const signIn = { kind: 'smart', clientId: 'ioc', keyId: 'k1', algorithm };
      expect((await ingest({ signIn }, options)).failure).toBeUndefined();
      const form = new URLSearchParams(requests.find(({ path }) => path === '/token')?.body);
      expect(form.get('grant_type')).toBe('client_credentials');
      const [head = '', claims = '', signature = ''] =
        form.get('client_assertion')?.split('.') ?? [];
      expect(jsonOf(head)).toEqual({ alg: algorithm, typ: 'JWT', kid: 'k1' });
      expect(jsonOf(claims)).toMatchObject({
        iss: 'ioc',
        sub: 'ioc',
        aud: `${server?.url ?? ''}/token`,
      });
      const verified = createVerify('sha384')
        .update(`${head}.${claims}`)
        .verify(
          {
            key: createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
            dsaEncoding: 'ieee-p1363',
          },
          Buffer.from(signature, 'base64url'),
        );
      expect(verified).toBe(true);
      const used = requests.map(({ path, headers }) => [
        path.split('?')[0],
        headers['authorization'],
      ]);
      expect(used).toContainEqual(['/$export', 'Bearer t1']);
      expect(used).toContainEqual(['/files/p', 'Bearer t2']);
    },
  );

  it('A33 a refused sign-in is fatal and says so', async () => {
    await serve({ '/$export': fault.status(401) });
    const { failure } = await ingest(
      { signIn: { kind: 'bearer' } },
      { secrets: { token: 'bi-mat' } },
    );
    expect(failure).toMatchObject({ group: 'fatal', code: 'access-refused' });
    expect(JSON.stringify(failure)).not.toContain('bi-mat');
  });

  it('a token is sent with files only where the manifest asks for it', async () => {
    const { requests } = await serve({
      '/$export': started,
      '/status': manifest({ output: [file('Patient', 'p')] }),
      '/files/p': lines(patient('a')),
    });
    await ingest({ signIn: { kind: 'bearer' } }, { secrets: { token: 'bi-mat' } });
    const of = (path: string) =>
      requests.find((one) => one.path === path)?.headers['authorization'];
    expect([of('/status'), of('/files/p')]).toEqual(['Bearer bi-mat', undefined]);
  });
});

describe('what is wrong', () => {
  const outcome = (severity: string) => ({
    resourceType: 'OperationOutcome',
    issue: [{ severity, code: 'exception', diagnostics: 'Nguyễn Văn A' }],
  });

  it('A35 an expired export is asked for again, a file that is gone too; in the end it is told', async () => {
    const { requests } = await serve({
      '/$export': started,
      '/status': [
        fault.status(410),
        fault.status(202),
        manifest({ output: [file('Patient', 'weg')] }),
        fault.status(202),
        manifest({ output: [file('Patient', 'p')] }),
      ],
      '/files/weg': fault.status(404),
      '/files/p': lines(patient('a')),
    });
    expect((await ingest()).failure).toBeUndefined();
    expect(requests.filter(({ path }) => path.startsWith('/$export'))).toHaveLength(3);
    await server?.close();
    await serve({ '/$export': started, '/status': fault.status(410) });
    expect((await ingest()).failure?.code).toBe('export-expired');
  });

  it('A34 errors of the export publish nothing, unless they are accepted; then nothing is deleted', async () => {
    const script: Script = {
      '/$export': started,
      '/status': manifest({
        output: [file('Patient', 'p')],
        error: [{ type: 'OperationOutcome', url: '/files/e' }],
      }),
      '/files/p': lines(patient('a')),
      '/files/e': lines(outcome('error'), outcome('warning')),
    };
    await serve(script);
    const { batches, failure } = await ingest();
    expect([batches, failure?.code]).toEqual([[], 'export-has-errors']);
    expect(JSON.stringify(failure)).not.toContain('Nguyễn');
    const accepted = await ingest({ acceptErrors: true });
    expect(accepted.batches[0]?.counts['fhir_patient']).toMatchObject({ new: 1, deleted: 0 });
    await server?.close();
    await serve({ ...script, '/files/e': lines(outcome('information')) });
    expect((await ingest()).failure).toBeUndefined();
  });

  it('B17 a file with fewer resources than declared publishes nothing', async () => {
    await serve({
      '/$export': started,
      '/status': manifest({ output: [file('Patient', 'p', 3)] }),
      '/files/p': lines(patient('a'), patient('b')),
    });
    expect(await ingest()).toMatchObject({ batches: [], failure: { code: 'file-miscounted' } });
  });

  it('A11 a file that breaks off is asked for again', async () => {
    const body = `${JSON.stringify(patient('a'))}\n`;
    await serve({
      '/$export': started,
      '/status': manifest({ output: [file('Patient', 'p', 1)] }),
      '/files/p': [fault.resetMidBody(body, 50), fault.answer(body)],
    });
    expect((await ingest()).failure).toBeUndefined();
    expect(await patients()).toHaveLength(1);
  });

  it.each([
    ['manifest-invalid', { '/status': fault.json({ output: [] }) }],
    ['manifest-invalid', { '/status': fault.answer('<html>') }],
    ['export-not-started', { '/$export': fault.json(outcome('error'), 400) }],
    ['export-not-started', { '/$export': fault.status(200) }],
    ['source-error', { '/status': fault.json(outcome('fatal'), 422) }],
    [
      'source-error',
      { '/files/p': fault.answer('<html>', { 'content-type': 'text/html; charset=utf-8' }) },
    ],
  ])('%s publishes nothing', async (code, more) => {
    await serve({
      '/$export': started,
      '/status': manifest({ output: [file('Patient', 'p')] }),
      '/files/p': lines(patient('a')),
      ...more,
    });
    const { batches, failure } = await ingest();
    expect([batches, failure?.group, failure?.code]).toEqual([[], 'data', code]);
  });

  it('an export that takes too long is given up and ended at the server', async () => {
    const { requests } = await serve({
      '/$export': started,
      '/status': fault.status(202, { 'retry-after': '3600' }),
    });
    expect((await ingest({ mostSeconds: 10_000 })).failure?.code).toBe('export-too-long');
    expect(requests.at(-1)?.method).toBe('DELETE');
  });

  it('D23 a cancelled run ends the export at the server', async () => {
    const { requests, url } = await serve({
      '/$export': started,
      '/status': fault.status(202, { 'retry-after': '1' }),
    });
    const stop = new AbortController();
    const config = fhirBulk.config.parse({ base: url });
    const http = testClient(
      fhirBulk.allowed(config),
      {},
      {
        signal: stop.signal,
        sleep: () => {
          stop.abort();
          return Promise.reject(new Error('aborted'));
        },
      },
    );
    const context = {
      ...readContext(fhirBulk, config, { http }, () => Promise.reject(new Error('no batch'))),
      signal: stop.signal,
    };
    const reading = fhirBulk.read(context, { cursor: undefined, position: undefined, full: false });
    await expect(reading[Symbol.asyncIterator]().next()).rejects.toThrow();
    expect(requests.at(-1)).toMatchObject({ method: 'DELETE', path: '/status' });
  });

  it('A42 A44 B30 B32 B42 lines that are no resource, of another type, without id or with a bad date have their reasons', async () => {
    const deep = '{"a":'.repeat(5_000);
    const text = [
      JSON.stringify(patient('a')),
      '{"resourceType":"Patient"',
      deep,
      JSON.stringify({ resourceType: 'Device', id: 'd' }),
      JSON.stringify({ resourceType: 'Patient' }),
      JSON.stringify(patient('x', { birthDate: '1985-02-30' })),
      JSON.stringify(patient('y', { meta: { lastUpdated: 'hôm qua' } })),
      '',
      JSON.stringify(patient('z', { birthDate: '1985' })),
    ].join('\r\n');
    await serve({
      '/$export': started,
      '/status': manifest({ output: [file('Patient', 'p')] }),
      '/files/p': fault.answer(text),
    });
    await ingest();
    expect(await home.rows('select reason, field from meta.quarantine order by all')).toEqual([
      ['date-invalid', 'birth_on'],
      ['date-invalid', 'updated_at__stated'],
      ['line-malformed', null],
      ['line-malformed', null],
      ['resource-type-differs', null],
      ['value-missing', 'resource_id'],
    ]);
    expect(
      await home.rows(
        'select resource_id, birth_given, birth_on::varchar from staging.fhir_patient order by 1',
      ),
    ).toEqual([
      ['a', '1985-04-12', '1985-04-12'],
      ['z', '1985', null],
    ]);
  });
});

it('references, codes with their systems, choice types, moments in the zone', async () => {
  await serve({
    '/$export': started,
    '/status': manifest({
      output: ['Encounter', 'Condition', 'Observation', 'Immunization', 'Location'].map((type) =>
        file(type, type),
      ),
    }),
    '/files/Encounter': lines({
      resourceType: 'Encounter',
      id: 'e',
      class: { system: 'urn:v3', code: 'AMB' },
      type: [{ coding: [{ system: 'urn:t', code: '1', display: 'Khám' }] }],
      subject: { reference: 'https://x.vn/fhir/Patient/p-1/_history/3' },
      period: { start: '2026-10-31T20:30:00Z', end: '2026-11' },
      serviceProvider: { reference: 'Organization?identifier=urn:x|31001' },
    }),
    '/files/Condition': lines({
      resourceType: 'Condition',
      id: 'c',
      code: {
        coding: [
          { system: 'http://hl7.org/fhir/sid/icd-10', code: 'A90' },
          { system: 'urn:khac', code: '7' },
        ],
        text: 'Sốt dengue',
      },
      subject: { reference: 'urn:uuid:11-22' },
      onsetPeriod: { start: '2026-10-30' },
    }),
    '/files/Observation': lines(
      { resourceType: 'Observation', id: 'o1', valueQuantity: { value: 1.5, unit: 'mmol/L' } },
      { resourceType: 'Observation', id: 'o2', valueCodeableConcept: { text: 'Dương tính' } },
      { resourceType: 'Observation', id: 'o3', valueBoolean: false, subject: { reference: '#c' } },
    ),
    '/files/Immunization': lines({
      resourceType: 'Immunization',
      id: 'i',
      primarySource: true,
      occurrenceDateTime: '2026-11-01T00:10:00+07:00',
    }),
    '/files/Location': lines({
      resourceType: 'Location',
      id: 'l',
      position: { longitude: 106.68, latitude: 20.86 },
    }),
  });
  const { failure } = await ingest({
    types: ['Encounter', 'Condition', 'Observation', 'Immunization', 'Location'],
  });
  expect(failure).toBeUndefined();
  expect(
    await home.rows(`select class_code, type_system, type_display, patient_id, start_on::varchar,
      start_at = timestamptz '2026-10-31 20:30:00Z', end_given, end_on::varchar, organization_ref, organization_id
      from staging.fhir_encounter`),
  ).toEqual([
    [
      'AMB',
      'urn:t',
      'Khám',
      'p-1',
      '2026-11-01',
      true,
      '2026-11',
      null,
      'Organization?identifier=urn:x|31001',
      null,
    ],
  ]);
  expect(
    await home.rows(
      `select condition_code, condition_display, condition_codings, patient_id, onset_on::varchar, onset_at::varchar from staging.fhir_condition`,
    ),
  ).toEqual([
    [
      'A90',
      'Sốt dengue',
      'http://hl7.org/fhir/sid/icd-10|A90;urn:khac|7',
      '11-22',
      '2026-10-30',
      null,
    ],
  ]);
  expect(
    await home.rows(
      `select resource_id, value_number::varchar, value_unit, value_display, value_text, patient_id from staging.fhir_observation order by 1`,
    ),
  ).toEqual([
    ['o1', '1.500000000000', 'mmol/L', null, null, null],
    ['o2', null, null, 'Dương tính', null, null],
    ['o3', null, null, null, 'false', null],
  ]);
  expect(
    await home.rows(
      `select occurrence_on::varchar, is_primary_source from staging.fhir_immunization`,
    ),
  ).toEqual([['2026-11-01', true]]);
  expect(await home.rows('select longitude::varchar from staging.fhir_location')).toEqual([
    ['106.680000000000'],
  ]);
});

describe('directories', () => {
  const shared = join(
    dirname(fileURLToPath(import.meta.url)),
    '../../../shared/data/health-fhir/10-patients',
  );

  it.skipIf(!existsSync(shared))(
    'real files of an export equal a second count of them',
    async () => {
      const { batches, failure } = await home.ingest(fhirBulk, { base: shared });
      expect([failure, batches[0]?.findings]).toEqual([undefined, []]);
      const types = ['Patient', 'Condition', 'Immunization', 'Organization', 'Location'];
      for (const type of types) {
        const stream = `fhir_${type.toLowerCase()}`;
        const resources = resourcesIn(shared, type);
        const ids = new Set(resources.map(({ id }) => id));
        expect([type, batches[0]?.counts[stream]?.new]).toEqual([type, ids.size]);
      }
      const codes = resourcesIn(shared, 'Condition').map(
        (one) => (one as { code?: { coding?: { code?: string }[] } }).code?.coding?.[0]?.code,
      );
      const [row] = await home.rows(
        `select count(distinct condition_code)::varchar, count(*) filter (where patient_id is null)::varchar from staging.fhir_condition`,
      );
      expect(row).toEqual([String(new Set(codes).size), '0']);
      const births = resourcesIn(shared, 'Patient').map(({ birthDate }) => birthDate ?? '');
      expect(
        (await home.rows('select birth_on::varchar from staging.fhir_patient order by 1')).flat(),
      ).toEqual(births.toSorted());
    },
  );

  it('B22 a type that is gone from the files is not deleted, its missing resources are', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'phusa-fhir-'));
    const put = (name: string, ...resources: readonly object[]) =>
      writeFileSync(join(directory, name), resources.map((one) => JSON.stringify(one)).join('\n'));
    const read = () => home.ingest(fhirBulk, { base: directory });
    put('Patient.000.ndjson', patient('a'), patient('b'));
    put('Organization.000.ndjson', { resourceType: 'Organization', id: 'o', name: 'BV' });
    await read();
    put('Patient.000.ndjson', patient('b'));
    rmSync(join(directory, 'Organization.000.ndjson'));
    const { batches } = await read();
    expect(batches[0]?.counts).toMatchObject({
      fhir_patient: { deleted: 1 },
      fhir_organization: { deleted: 0 },
    });
    rmSync(join(directory, 'Patient.000.ndjson'));
    expect((await read()).failure?.code).toBe('nothing-found');
    rmSync(directory, { recursive: true });
  });
});

it('configuration is refused by what is wrong in it', () => {
  const wrong = fhirBulk.config.safeParse({
    base: '',
    level: 'x',
    types: ['Device'],
    everySeconds: 0,
  });
  expect(wrong.error?.issues.map(({ path }) => path[0])).toEqual(
    expect.arrayContaining(['base', 'level', 'types', 'everySeconds']),
  );
});

function resourcesIn(
  directory: string,
  type: string,
): readonly { readonly id: string; readonly birthDate?: string }[] {
  return readdirSync(directory)
    .filter((name) => name.startsWith(`${type}.`))
    .flatMap((name) => readFileSync(join(directory, name), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as { id: string });
}

function jsonOf(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
