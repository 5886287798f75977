import { arcgis } from '../../connectors/arcgis/connector.ts';
import * as fault from '../harness/fault-server.ts';
import { mapLayer, points } from '../harness/map-server.ts';
import { describeConnector } from './connector.ts';

const label = { vi: 'x', en: 'x' };

describeConnector(arcgis, async () => {
  const of = (count: number) => mapLayer({ features: () => points(count) });
  const renumbered = Object.entries(of(5)).map(([path, one]) => [path.replace('/0', '/1'), one]);
  const service = await fault.startFaultServer({
    ...of(12),
    ...(Object.fromEntries(renumbered) as Record<string, fault.Fault>),
  });
  const cut = await fault.startFaultServer({ '/0': fault.answer('{"currentVersion":10.81,"fie') });
  const garbage = await fault.startFaultServer({ '/0': fault.answer(Buffer.from([0, 255, 10])) });
  let base = service.url;
  const layer = (id: string, path: string) => ({
    id,
    path,
    label,
    key: ['code'],
    columns: [{ name: 'code', from: 'MA', type: 'varchar', label }],
  });
  return {
    get config() {
      return { base, pageSize: 5, signedIn: true, layers: [layer('a', '0'), layer('b', '1')] };
    },
    options: { secrets: { token: 'ma-truy-cap-ban-do' } },
    badConfigs: [
      [{ base: '', pageSize: 0, layers: [] }, 3],
      [{ base: 'x', layers: [{ ...layer('A b', ''), key: ['gone'] }] }, 3],
    ],
    spoil: (how) => {
      base = (how === 'cut' ? cut : garbage).url;
      return Promise.resolve();
    },
    close: async () => {
      for (const one of [service, cut, garbage]) await one.close();
    },
  };
});
