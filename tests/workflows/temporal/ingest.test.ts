import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runResult } from '../../../workflows/activities/ingest-activities.ts';
import { openPipelineHome, type PipelineHome } from '../../harness/pipeline-home.ts';
import { openTemporalHost, type TestTemporalHost } from '../../harness/temporal-host.ts';
import {
  startTemporal,
  temporalMissing,
  type TestTemporal,
} from '../../harness/temporal-server.ts';

const skipped = temporalMissing();
let server: TestTemporal;
let made: PipelineHome;
let host: TestTemporalHost;

describe.skipIf(skipped)('ingest on Temporal', () => {
  beforeAll(async () => {
    server = await startTemporal();
    made = await openPipelineHome();
    const { activities, home } = made;
    host = await openTemporalHost({ address: server.address, activities, store: home.store });
  });
  afterAll(async () => {
    await host.close();
    await server.close();
    await made.home.remove();
  });

  it('reads a source', async () => {
    const signal = new AbortController().signal;
    const input = { source: 'kham', actor: 'local', full: false };
    const end = await host.runner.run('ingestSource', input, { progress: () => undefined, signal });
    expect(end.status).toBe('ok');
    expect(await runResult(made.home.store, end.run)).toMatchObject({ batches: [{}, {}] });
  });
});
