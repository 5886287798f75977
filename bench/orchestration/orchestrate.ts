import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import { z } from 'zod';
import type { HomeKey } from '../../control/key-file.ts';
import type { ControlStore } from '../../control/port.ts';
import { systemClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import { findTemporal } from '../../home/temporal-server.ts';
import { embeddedRunner, type ActivityFactory } from '../../workflows/embedded/host.ts';
import type { Activities } from '../../workflows/pipelines.ts';
import type { Runner } from '../../workflows/runner.ts';
import { sealingCodec } from '../../workflows/temporal/payload-codec.ts';
import { ensureSearchAttributes } from '../../workflows/temporal/search-attributes.ts';
import { workerQueues } from '../../workflows/temporal/task-queues.ts';
import { temporalRunner } from '../../workflows/temporal/temporal-runner.ts';
import { workflowBundlePath } from '../../workflows/temporal/workflow-bundle.ts';
import { startWorkers } from '../../workflows/temporal/workers.ts';
import { timed, type Effort } from '../effort.ts';

const inputShape = z.object({
  host: z.enum(['embedded', 'temporal', 'plain']),
  steps: z.int().positive(),
  address: z.string(),
});

/** Runs a pipeline of so many activities that do nothing: what is left is the host. Timed without starting workers. */
export async function orchestrate(input: unknown): Promise<Effort> {
  const { host, steps, address } = inputShape.parse(input);
  if (host === 'embedded')
    return await timedBuild(embeddedRunner(emptyActivities(steps), systemClock), steps);
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  try {
    return host === 'plain'
      ? await timedPlain(native, connection, steps)
      : await timedHost(native, connection, steps);
  } finally {
    await native.close();
    await connection.close();
  }
}

async function timedBuild(runner: Runner, steps: number): Promise<Effort> {
  const options = { progress: () => undefined, signal: new AbortController().signal };
  await runner.run('buildStale', { keys: ['warm'] }, options);
  return await timed(async () => {
    const { built } = await runner.run('buildStale', {}, options);
    return { steps: String(built.length === steps ? steps : -1) };
  });
}

/** Activities of a graph of so many assets that takes no time to build; `warm` is one asset. */
function emptyActivities(steps: number): ActivityFactory {
  const order = Array.from({ length: steps }, (_, at) => `mart.a${at}`);
  const build: Pick<Activities, 'planBuild' | 'buildAsset'> = {
    planBuild: ({ keys }) => Promise.resolve({ order: keys ?? order, blocked: [] }),
    buildAsset: () => Promise.resolve({ rows: 1 }),
  };
  return () => build as Activities;
}

async function timedHost(
  connection: NativeConnection,
  clientConnection: Connection,
  steps: number,
): Promise<Effort> {
  const key = Buffer.alloc(32, 1) as Uint8Array as HomeKey;
  const dataConverter = { payloadCodecs: [sealingCodec(key)] };
  const client = new Client({ connection: clientConnection, dataConverter });
  await ensureSearchAttributes(client);
  const prefix = `bench-${process.pid}`;
  const settings = { prefix, heartbeatTimeoutMs: 30_000, retryMs: 1_000 };
  // Nothing fails, so nothing is kept.
  const store = {} as ControlStore;
  const workers = await startWorkers({
    connection,
    namespace: 'default',
    prefix,
    queues: workerQueues,
    bundle: { codePath: workflowBundlePath() },
    dataConverter,
    activities: {
      activities: emptyActivities(steps),
      store,
      log: silentLogger,
      heartbeatMs: 7_500,
      attempts: 4,
    },
    atOnce: { reading: 8, decoding: 1, warehouse: 4, rendering: 2, delivery: 2 },
    graceMs: 1_000,
  });
  try {
    return await timedBuild(temporalRunner({ client, settings, store, progressMs: 1_000 }), steps);
  } finally {
    await workers.close();
  }
}

async function timedPlain(
  connection: NativeConnection,
  clientConnection: Connection,
  steps: number,
): Promise<Effort> {
  const taskQueue = `plain-${process.pid}`;
  const workflowsPath = fileURLToPath(new URL('./plain-workflow.js', import.meta.url));
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath,
    logger: new DefaultLogger('ERROR'),
  });
  const activities = { plainStep: () => Promise.resolve({ rows: 1 }) };
  const worker = await Worker.create({ connection, taskQueue, workflowBundle, activities });
  const client = new Client({ connection: clientConnection });
  const run = async (count: number): Promise<number> =>
    await client.workflow.execute<(steps: number) => Promise<number>>('plainSample', {
      taskQueue,
      workflowId: `${taskQueue}-${count}`,
      args: [count],
    });
  return await worker.runUntil(async () => {
    await run(2);
    return await timed(async () => {
      // As many activities as the pipeline has: a plan, and one for each asset.
      const rows = await run(steps + 1);
      return { steps: String(rows - 1) };
    });
  });
}

/** A development server in memory, for the two that need one; undefined where there is no program. */
export async function benchServer(): Promise<
  { readonly address: string; close(): void } | undefined
> {
  const program = await findTemporal(process.env);
  if (program === undefined) return undefined;
  const port = 20_000 + (process.pid % 20_000);
  const address = `127.0.0.1:${port}`;
  const words = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)];
  const child = spawn(program, [...words, '--log-level', 'never'], { stdio: 'ignore' });
  for (let tries = 0; tries < 300; tries += 1) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      await connection.close();
      return { address, close: () => child.kill('SIGTERM') };
    } catch {
      await delay(100);
    }
  }
  child.kill('SIGKILL');
  throw new Error('the Temporal server does not answer');
}
