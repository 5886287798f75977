import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oneroster } from '../../connectors/oneroster/connector.ts';
import { manifestCsv, zipOf } from '../connectors/roster-bundle.ts';
import * as fault from '../harness/fault-server.ts';
import { describeConnector } from './connector.ts';

const orgs = (...names: readonly string[]) =>
  `sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\r\n${names
    .map((name) => `${name},active,2026-09-01,Trường ${name},school,,\r\n`)
    .join('')}`;

describeConnector(oneroster, () => {
  const base = mkdtempSync(join(tmpdir(), 'phusa-trial-'));
  const bundles = {
    '2026-09-01.zip': zipOf({
      'manifest.csv': manifestCsv({ orgs: 'bulk' }),
      'orgs.csv': orgs('a', 'b'),
    }),
    '2026-09-02.zip': zipOf({
      'manifest.csv': manifestCsv({ orgs: 'delta' }),
      'orgs.csv': orgs('c'),
    }),
  };
  for (const [name, bytes] of Object.entries(bundles)) writeFileSync(join(base, name), bytes);
  return Promise.resolve({
    config: { base },
    badConfigs: [[{ base: '', pageSize: 0, collections: [] }, 3]],
    spoil: (how) => {
      for (const [name, bytes] of Object.entries(bundles))
        writeFileSync(
          join(base, name),
          how === 'cut' ? bytes.subarray(0, bytes.length / 2) : Buffer.from([0, 255, 10, 1]),
        );
      return Promise.resolve();
    },
    close: () => {
      rmSync(base, { recursive: true });
      return Promise.resolve();
    },
  });
});

describeConnector(oneroster, async () => {
  const list = (name: string, ...records: readonly object[]) =>
    fault.answer(JSON.stringify({ [name]: records }), { 'x-total-count': String(records.length) });
  const item = (sourcedId: string, more: object = {}) => ({
    sourcedId,
    status: 'active',
    dateLastModified: '2026-09-01T00:00:00.000Z',
    ...more,
  });
  const service = await fault.startFaultServer({
    '/token': fault.json({ access_token: 'ma-truy-cap' }),
    '/orgs': list('orgs', item('s1', { name: 'THCS A', type: 'school' })),
    '/academicSessions': list('academicSessions', item('y1', { title: '2026-2027' })),
    '/courses': list('courses', item('c1', { title: 'Toán' })),
    '/classes': list('classes', item('k1', { title: '6A', school: { sourcedId: 's1' } })),
    '/users': list('users', item('u1', { givenName: 'An', password: 'mat-khau-hoc-sinh' })),
    '/enrollments': list(
      'enrollments',
      item('e1', { user: { sourcedId: 'u1' }, class: { sourcedId: 'k1' }, role: 'student' }),
    ),
    '/demographics': list('demographics', item('u1', { birthDate: '2014-05-01' })),
  });
  const hostile = await fault.startFaultServer({
    '/token': fault.json({ access_token: 'ma-truy-cap' }),
    '/orgs': fault.answer('{"orgs":[{"sourced'),
  });
  let base = service.url;
  return {
    get config() {
      return { base, tokenUrl: `${base}/token`, clientId: 'ioc' };
    },
    options: { secrets: { client_secret: 'bi-mat-dich-vu', seen: 'mat-khau-hoc-sinh' } },
    badConfigs: [
      [{ base: 'https://x.vn' }, 1],
      [{ base: 'https://x.vn', tokenUrl: 'ftp://x', clientId: '', lookBackHours: 0 }, 3],
    ],
    spoil: () => {
      base = hostile.url;
      return Promise.resolve();
    },
    close: async () => {
      await service.close();
      await hostile.close();
    },
  };
});
