import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifest } from '../../connectors/manifest/connector.ts';
import type { JsonObject } from '../../core/json.ts';
import { writeSpool } from '../../simulator/cameras/write-spool.ts';
import { startCity } from '../../simulator/city.ts';
import * as fault from '../harness/fault-server.ts';
import { describeConnector, type ConnectorTrial } from './connector.ts';

const now = '2026-11-22';
const moment = new Date(`${now}T23:59:59+07:00`);

/** A ready manifest, and where its twin in the city is. */
interface Twin {
  readonly ready: string;
  readonly path: string;
  readonly values?: JsonObject;
  readonly secrets?: Readonly<Record<string, string>>;
}

/** The same answer at every path. */
const everywhere = (answer: fault.Fault) =>
  new Proxy<Record<string, fault.Fault>>({}, { get: () => answer });

const from = '2026-11-18';
const twins: readonly Twin[] = [
  { ready: 'open311', path: '/open311', values: { from } },
  {
    ready: 'hotline-1022',
    path: '/1022',
    values: { from, user: 'ioc-haiphong' },
    secrets: { password: 'mo-phong-1022' },
  },
  { ready: 'hotline-calls', path: '/hotline/cdr', values: { from } },
  { ready: 'feed', path: '/feeds/trang-tong-hop.xml', values: { publisher: 'thu' } },
  { ready: 'ngsi-v2', path: '/sensors', values: { from } },
  { ready: 'ngsi-ld', path: '/sensors', values: { from } },
  { ready: 'sensorthings', path: '/sensors/v1.1', values: { from } },
  { ready: 'ais', path: '/vessels/ais', values: { from } },
];

for (const { ready, path, values = {}, secrets = {} } of twins) {
  describeConnector({ ...manifest, name: ready }, async () => {
    const city = await startCity({ now, scale: 0.1, years: 1 });
    const cut = await fault.startFaultServer(everywhere(fault.answer('{"items":[{"id":"1"')));
    const garbage = await fault.startFaultServer(
      everywhere(fault.answer(Buffer.from([0, 255, 10, 1, 254]))),
    );
    let base = `${city.url}${path}`;
    return {
      get config() {
        return { ready, values: { ...values, base } };
      },
      options: { now: moment, secrets },
      badConfigs: [
        [{ ready, values: { basis: 'http://x' } }, 1],
        [{ ready: `${ready}-x`, values: {} }, 1],
      ],
      spoil: (how) => {
        base = how === 'cut' ? `${cut.url}${path}` : `${garbage.url}${path}`;
        return Promise.resolve();
      },
      close: async () => {
        await city.close();
        await cut.close();
        await garbage.close();
      },
    } satisfies ConnectorTrial;
  });
}

describeConnector({ ...manifest, name: 'camera-events' }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'phusa-cameras-'));
  await writeSpool({ now, years: 1, scale: 0.05, directory, from: '2026-11-21' });
  return {
    config: { ready: 'camera-events', values: { base: directory } },
    options: { now: moment },
    badConfigs: [[{ ready: 'camera-events', values: {} }, 1]],
    spoil: (how) => {
      for (const name of readdirSync(directory))
        writeFileSync(
          join(directory, name),
          how === 'cut' ? '--b\r\nContent-Type: text/xml\r\n\r\n<a>' : Buffer.from([0, 255, 10, 1]),
        );
      return Promise.resolve();
    },
    close: () => {
      rmSync(directory, { recursive: true });
      return Promise.resolve();
    },
  };
});
