import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { HomeKey } from '../../control/key-file.ts';
import type { ControlStore } from '../../control/port.ts';
import { silentLogger } from '../../core/logger.ts';
import type { ActivityFactory } from '../../workflows/embedded/host.ts';
import type { Runner } from '../../workflows/runner.ts';
import { correlateStarts } from '../../workflows/temporal/correlation-interceptors.ts';
import type { HostSettings } from '../../workflows/temporal/host-settings.ts';
import { sealingCodec } from '../../workflows/temporal/payload-codec.ts';
import { ensureSearchAttributes } from '../../workflows/temporal/search-attributes.ts';
import { workerQueues } from '../../workflows/temporal/task-queues.ts';
import { temporalRunner } from '../../workflows/temporal/temporal-runner.ts';
import { startWorkers, type RunningWorkers } from '../../workflows/temporal/workers.ts';
import { workflowCode } from './temporal-server.ts';

/** A key that is the same for each recording, so that its histories open again. */
export const testKey = Buffer.alloc(32, 7) as Uint8Array as HomeKey;

/** A Temporal host over a home of the tests. */
export interface TestTemporalHost {
  readonly client: Client;
  readonly runner: Runner;
  readonly settings: HostSettings;
  readonly workers: RunningWorkers;
  close(): Promise<void>;
}

/** How tests host. */
export interface TestHostOptions {
  readonly address: string;
  readonly activities: ActivityFactory;
  readonly store: ControlStore;
  readonly prefix?: string;
  readonly attempts?: number;
  readonly heartbeatTimeoutMs?: number;
  readonly code?: string;
}

/** Opens a Temporal host with all its workers in this process. */
export async function openTemporalHost(options: TestHostOptions): Promise<TestTemporalHost> {
  const { address, activities, store } = options;
  const prefix = options.prefix ?? `test-${randomBytes(4).toString('hex')}`;
  const heartbeatTimeoutMs = options.heartbeatTimeoutMs ?? 5_000;
  const dataConverter = { payloadCodecs: [sealingCodec(testKey)] };
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const interceptors = { workflow: [correlateStarts] };
  const client = new Client({ connection, dataConverter, interceptors });
  await ensureSearchAttributes(client);
  const settings = { prefix, heartbeatTimeoutMs, retryMs: 50 };
  const workers = await startWorkers({
    connection: native,
    namespace: 'default',
    prefix,
    queues: workerQueues,
    bundle: { code: options.code ?? (await workflowCode()) },
    dataConverter,
    activities: {
      activities,
      store,
      log: silentLogger,
      heartbeatMs: Math.floor(heartbeatTimeoutMs / 4),
      attempts: options.attempts ?? 3,
    },
    atOnce: { reading: 4, decoding: 1, warehouse: 4, rendering: 2, delivery: 2 },
    graceMs: 500,
  });
  return {
    client,
    settings,
    workers,
    runner: temporalRunner({ client, settings, store, progressMs: 100 }),
    close: async () => {
      await workers.close();
      await native.close();
      await connection.close();
    },
  };
}
