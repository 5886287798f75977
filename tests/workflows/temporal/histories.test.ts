import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { PhusaError } from '../../../core/errors.ts';
import type { PipelineName } from '../../../workflows/pipelines.ts';
import { sealingCodec } from '../../../workflows/temporal/payload-codec.ts';
import {
  cancelUpdate,
  pauseUpdate,
  resumeUpdate,
} from '../../../workflows/temporal/run-controls.ts';
import { started } from '../../../workflows/temporal/temporal-runner.ts';
import { addDailySchedule, pipelineCases } from '../../harness/pipeline-cases.ts';
import { openPipelineHome, type PipelineHome } from '../../harness/pipeline-home.ts';
import { openTemporalHost, testKey, type TestTemporalHost } from '../../harness/temporal-host.ts';
import { startTemporal, temporalMissing, workflowCode } from '../../harness/temporal-server.ts';

/** Binary: JSON histories need one shared copy of protobufjs, which npm does not promise. */
const { History } = temporal.api.history.v1;
const directory = path.join(import.meta.dirname, 'histories');
const names = Object.keys(pipelineCases) as PipelineName[];
const kinds = ['normal', 'retried', 'failed', 'cancelled', 'paused'] as const;
type Kind = (typeof kinds)[number];

/** What a home and a run of it are made to go through. */
interface Scene {
  readonly made: PipelineHome;
  readonly host: TestTemporalHost;
}

const planned = (group: 'retriable' | 'fatal') =>
  new PhusaError({ group, code: 'planned', message: { vi: 'định trước', en: 'planned' } });

/** Holds the first call of the first activity until it is let go. */
function gate(made: PipelineHome, first: string): { reached: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  let reach = (): void => undefined;
  const opened = new Promise<void>((done) => (open = done));
  const reached = new Promise<void>((done) => (reach = done));
  made.fault = async (name, moment) => {
    if (name !== first || moment !== 'before') return;
    reach();
    await opened;
  };
  return { reached, open };
}

async function play(
  { made, host }: Scene,
  name: PipelineName,
  kind: Kind,
): Promise<WorkflowHandle> {
  const [first = 'startRun'] = pipelineCases[name].activities;
  const start = () => started(host, name, pipelineCases[name].input);
  if (kind === 'retried' || kind === 'failed') {
    let hits = 0;
    made.fault = (activity, moment) => {
      if (activity !== first || moment !== 'before') return;
      hits += 1;
      if (kind === 'failed') throw planned('fatal');
      if (hits === 1) throw planned('retriable');
    };
  }
  if (kind === 'normal' || kind === 'retried' || kind === 'failed') {
    const handle = await start();
    await handle.result().catch(() => undefined);
    return handle;
  }
  const held = gate(made, first);
  const handle: WorkflowHandle = await start();
  await held.reached;
  await handle.executeUpdate(kind === 'cancelled' ? cancelUpdate : pauseUpdate);
  held.open();
  if (kind === 'paused') await handle.executeUpdate(resumeUpdate);
  await handle.result().catch(() => undefined);
  return handle;
}

/** Records every history anew: `RECORD_HISTORIES=1 npx vitest run tests/workflows/temporal/histories.test.ts`. */
async function record(): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const server = await startTemporal();
  for (const kind of kinds) {
    const made = await openPipelineHome();
    await addDailySchedule(made, 'dem');
    const { activities, home } = made;
    const host = await openTemporalHost({
      address: server.address,
      activities,
      store: home.store,
      prefix: `golden-${kind}`,
    });
    for (const name of names) {
      made.now = new Date(made.now.getTime() + 86_400_000);
      const handle = await play({ made, host }, name, kind);
      made.fault = () => undefined;
      await save(`${name}.${kind}`, await handle.fetchHistory());
      if (name !== 'backfillSources' || kind !== 'normal') continue;
      const first = host.client.workflow.getHandle(handle.workflowId, await firstRun(host, handle));
      await save(`${name}.continued-as-new`, await first.fetchHistory());
    }
    await host.close();
    await home.remove();
  }
  await server.close();
}

async function firstRun(host: TestTemporalHost, handle: WorkflowHandle): Promise<string> {
  const runs: string[] = [];
  for await (const { runId } of host.client.workflow.list({
    query: `WorkflowId = '${handle.workflowId}'`,
  }))
    runs.push(runId);
  return runs.at(-1) ?? '';
}

type Fetched = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

async function save(name: string, history: Fetched): Promise<void> {
  writeFileSync(path.join(directory, `${name}.history`), History.encode(history).finish());
  await Promise.resolve();
}

const recording = process.env['RECORD_HISTORIES'] === '1';
if (recording && !temporalMissing()) it('records the histories', record);

const replay = async (file: string, code: string): Promise<void> => {
  const history = History.decode(readFileSync(path.join(directory, file)));
  const dataConverter = { payloadCodecs: [sealingCodec(testKey)] };
  await Worker.runReplayHistory({ workflowBundle: { code }, dataConverter }, history);
};

describe.skipIf(recording)('golden histories', () => {
  const files = existsSync(directory) ? readdirSync(directory).sort() : [];

  it('there are five of every workflow, and one that goes on', () => {
    const wanted = names.flatMap((name) => kinds.map((kind) => `${name}.${kind}.history`));
    expect(files).toEqual([...wanted, 'backfillSources.continued-as-new.history'].sort());
  });

  it.each(files)('D20, D21 %s replays on the present code', async (file) => {
    await replay(file, await workflowCode());
  });

  it('D20: a change that is not deterministic turns the replay red', async () => {
    const changed = (await workflowCode()).replace(
      'await activities.startRun(',
      'await context.sleep(1000); await activities.startRun(',
    );
    expect(changed).not.toBe(await workflowCode());
    await expect(replay('ingestSource.normal.history', changed)).rejects.toThrow(
      /[Nn]ondeterminism/,
    );
  });
});
