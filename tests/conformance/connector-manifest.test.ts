import { manifest } from '../../connectors/manifest/connector.ts';
import * as fault from '../harness/fault-server.ts';
import { pagedManifest, queryOf } from '../harness/paged-source.ts';
import { describeConnector } from './connector.ts';

/** Three windows of ten days, two pages each, behind a session token. */
describeConnector(manifest, async () => {
  const secrets = { password: 'mat-khau-bi-mat', unused: 'khong-dung-den' };
  const served: fault.Fault = (socket, request) => {
    const query = queryOf(request);
    const from = query.get('from') ?? '';
    const page = Number(query.get('page') ?? 1);
    const items =
      page > 2
        ? []
        : [{ id: `${from}-${page}`, name: 'Phường An Biên', changed: `${from}T08:00:00+07:00` }];
    return fault.json({ items, total: 2 })(socket, request);
  };
  const good = await fault.startFaultServer({
    '/token': fault.json({ token: 'the-session-token' }),
    '/things': served,
  });
  const hostile = await fault.startFaultServer({
    '/token': fault.json({ token: 'the-session-token' }),
    '/things': [fault.answer('{"items":[{"id":"1"')],
  });
  const garbage = await fault.startFaultServer({
    '/token': fault.json({ token: 'the-session-token' }),
    '/things': fault.answer(Buffer.from([0, 255, 10, 1, 254])),
  });
  let base = good.url;
  const label = { vi: 'x', en: 'x' };
  return {
    get config() {
      return pagedManifest(
        base,
        {
          request: {
            path: 'things',
            query: {
              from: '{{ window.from }}',
              to: '{{ window.to }}',
              page: '{{ page.number }}',
            },
          },
          pagination: { kind: 'page', size: 1 },
          incremental: {
            kind: 'time',
            start: '2026-10-24',
            step: 'P10D',
            granularity: 'P1D',
            lookBack: 'P10D',
            format: '%Y-%m-%d',
          },
          completeness: { proof: 'total', path: 'total' },
        },
        {
          secrets: { password: label, unused: label },
          authentication: {
            kind: 'session',
            login: {
              method: 'POST',
              path: 'token',
              body: { kind: 'json', value: { user: 'u', password: '{{ secret.password }}' } },
            },
            tokenPath: 'token',
          },
        },
      );
    },
    options: { secrets, now: new Date('2026-11-22T12:00:00+07:00') },
    badConfigs: [
      [{}, 4],
      [
        {
          yaml: 'manifest: 1\nname: x\nlabel: {vi: a, en: b}\nbase: http://x\nstreams: []\nstrems: 1\n',
        },
        2,
      ],
      [{ ...pagedManifest('http://x'), authentication: { kind: 'baerer' } }, 1],
    ],
    spoil: (how) => {
      base = how === 'cut' ? hostile.url : garbage.url;
      return Promise.resolve();
    },
    close: async () => {
      await good.close();
      await hostile.close();
      await garbage.close();
    },
  };
});
