import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifest } from '../../connectors/manifest/connector.ts';
import * as fault from '../harness/fault-server.ts';
import { pagedManifest, pageOf, rowsUpTo } from '../harness/paged-source.ts';
import { openSourceHome, type IngestOptions, type SourceHome } from '../harness/source-home.ts';

let home: SourceHome;
const servers: fault.FaultServer[] = [];
beforeEach(async () => {
  home = await openSourceHome();
});
afterEach(async () => {
  for (const one of servers.splice(0)) await one.close();
  await home.remove();
});

const serve = async (script: Parameters<typeof fault.startFaultServer>[0]) => {
  const server = await fault.startFaultServer(script);
  servers.push(server);
  return server;
};
const ids = async () => (await home.rows('select id from staging.thing order by 1')).flat();
const wanted = (count: number) => rowsUpTo(count).map(({ id }) => id);
const ingest = (config: unknown, options: IngestOptions = {}) =>
  home.ingest(manifest, config, options);

describe('pages', () => {
  it('reads by offset until an empty page, and publishes every row once', async () => {
    const one = await serve({ '/things': pageOf({ rows: () => rowsUpTo(25) }) });
    const { batches, failure } = await ingest(pagedManifest(one.url));
    expect([failure, batches.map(({ key, status }) => [key, status])]).toEqual([
      undefined,
      [['thing', 'published']],
    ]);
    expect(await ids()).toEqual(wanted(25));
  });
});
