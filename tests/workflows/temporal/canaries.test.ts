import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Payload } from '@temporalio/common';
import { PhusaError } from '../../../core/errors.ts';
import type { PipelineName } from '../../../workflows/pipelines.ts';
import { sealingCodec } from '../../../workflows/temporal/payload-codec.ts';
import { addDailySchedule, pipelineCases } from '../../harness/pipeline-cases.ts';
import { openPipelineHome, type PipelineHome } from '../../harness/pipeline-home.ts';
import { openTemporalHost, testKey, type TestTemporalHost } from '../../harness/temporal-host.ts';
import {
  startTemporal,
  temporalMissing,
  type TestTemporal,
} from '../../harness/temporal-server.ts';
import { fileOf } from '../ingest-home.ts';

const name = 'Nguyễn Thị Chim Hoàng Yến';
const amount = 'KHONG-PHAI-SO-0912345678';
const secret = 'bi-mat-cua-nguon-7f3a';
const canaries = [name, amount, secret, 'Chim', '0912345678', '7f3a'];

let server: TestTemporal;
let made: PipelineHome;
let host: TestTemporalHost;

describe.skipIf(temporalMissing())('what leaves the home', () => {
  beforeAll(async () => {
    server = await startTemporal();
    made = await openPipelineHome();
    const { activities, home } = made;
    home.world.files.set('2026-12-c', fileOf(['9', '1', name]));
    home.world.files.set('2026-12-d', fileOf(['10', amount, name], ['11', '2', name]));
    await addDailySchedule(made, 'dem');
    host = await openTemporalHost({ address: server.address, activities, store: home.store });
    for (const one of Object.keys(pipelineCases) as PipelineName[]) await run(one);
    await failing();
  });
  afterAll(async () => {
    await host.close();
    await server.close();
    await made.home.remove();
  });

  const run = async (one: PipelineName): Promise<unknown> => {
    const options = { progress: () => undefined, signal: new AbortController().signal };
    return await host.runner.run(one, pipelineCases[one].input, options).catch((e: unknown) => e);
  };
  const failing = async (): Promise<void> => {
    made.fault = (activity) => {
      if (activity !== 'makeExtract' && activity !== 'readChunk') return;
      throw new PhusaError({
        group: 'data',
        code: 'row-wrong',
        message: { vi: `Dòng của ${name} sai: ${amount}`, en: `Row of ${name}: ${secret}` },
        place: { value: amount },
      });
    };
    const failure = await run('produceExtract');
    await run('ingestSource');
    made.fault = () => {
      throw new TypeError(`unexpected ${name} ${secret}`);
    };
    await run('buildStale');
    made.fault = () => undefined;
    // The person who asked is told everything: the journal kept it.
    expect(failure).toMatchObject({ code: 'row-wrong', place: { value: amount } });
  };

  /** Everything that the server has of every run: histories with payloads opened, memos, attributes, failures. */
  const everything = async (): Promise<{ opened: string; raw: string; payloads: number }> => {
    const texts: string[] = [];
    const raws: string[] = [];
    let payloads = 0;
    for await (const {
      workflowId,
      runId,
      memo,
      typedSearchAttributes,
    } of host.client.workflow.list({
      query: `WorkflowId STARTS_WITH '${host.settings.prefix}'`,
    })) {
      texts.push(JSON.stringify({ memo, typedSearchAttributes }));
      const handle = host.client.workflow.getHandle(workflowId, runId);
      const history = await handle.fetchHistory();
      raws.push(JSON.stringify(history, bytesAsText));
      for (const payload of payloadsOf(history)) {
        payloads += 1;
        const [plain] = await sealingCodec(testKey).decode([payload]);
        texts.push(Buffer.from(plain?.data ?? []).toString('utf8'));
      }
    }
    return { opened: texts.join('\n'), raw: raws.join('\n'), payloads };
  };

  it('J: no secret and no personal value is in any history, opened or not; runs are found by source and requester', async () => {
    const { opened, raw, payloads } = await everything();
    expect(payloads).toBeGreaterThan(50);
    expect(opened).toContain('row-wrong');
    expect(opened).toContain('"kham"');
    for (const canary of canaries) {
      expect(opened.includes(canary), `opened: ${canary}`).toBe(false);
      expect(raw.includes(canary), `raw: ${canary}`).toBe(false);
    }
    // Sealed: the server itself cannot read what a run was asked.
    expect(raw).not.toContain('takeSlots":{"schedule');
    let found = 0;
    for await (const { type } of host.client.workflow.list({
      query: `PhusaSource = 'kham' AND PhusaRequester = 'local'`,
    }))
      found += type === 'ingestSource' ? 1 : 0;
    expect(found).toBeGreaterThan(0);
  });
});

function bytesAsText(_name: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return typeof value === 'bigint' ? String(value) : value;
}

/** Every payload of a history that is sealed. */
function payloadsOf(value: unknown): readonly Payload[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if ('metadata' in value && 'data' in value) {
    const metadata: unknown = value.metadata;
    if (typeof metadata === 'object' && metadata !== null && 'encoding' in metadata)
      return [value as Payload];
  }
  return Object.values(value).flatMap((member) => payloadsOf(member));
}
