import type { DataConverter } from '@temporalio/common';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { correlateActivities } from './correlation-interceptors.ts';
import { hostedActivities, type ActivityHost } from './hosted-activities.ts';
import { queueName, type ActivityQueue, type WorkerQueue } from './task-queues.ts';

/** Which queues a process serves, and how. */
export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly prefix: string;
  readonly queues: readonly WorkerQueue[];
  /** File with the bundled workflows, or their code. */
  readonly bundle: { readonly codePath: string } | { readonly code: string };
  readonly dataConverter: DataConverter;
  readonly activities: ActivityHost;
  /** Activities of a queue at a time. */
  readonly atOnce: Readonly<Record<ActivityQueue, number>>;
  /** How long activities under way may go on when the process is asked to end. */
  readonly graceMs: number;
}

/** Workers that poll until they are closed. */
export interface RunningWorkers {
  /** Settles when a worker has ended by itself: with its error. */
  readonly ended: Promise<void>;
  /** Takes no new work, lets what is under way end, gives back what does not. */
  close(): Promise<void>;
}

/** Starts a worker for each queue. */
export async function startWorkers(options: WorkersOptions): Promise<RunningWorkers> {
  const workers: Worker[] = [];
  for (const queue of options.queues) workers.push(await Worker.create(optionsOf(options, queue)));
  const runs = workers.map((worker) => worker.run());
  const all = Promise.all(runs).then(() => undefined);
  // Whoever waits for the end is told; nobody else.
  all.catch(() => undefined);
  return {
    ended: all,
    close: async () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.allSettled(runs);
    },
  };
}

function optionsOf(options: WorkersOptions, queue: WorkerQueue): WorkerOptions {
  const { connection, namespace, prefix, dataConverter, graceMs } = options;
  const common = {
    connection,
    namespace,
    taskQueue: queueName(prefix, queue),
    dataConverter,
    shutdownGraceTime: graceMs,
  };
  if (queue === 'workflows') return { ...common, workflowBundle: options.bundle };
  return {
    ...common,
    activities: { ...hostedActivities(options.activities, queue) },
    maxConcurrentActivityTaskExecutions: options.atOnce[queue],
    maxConcurrentActivityTaskPolls: 2,
    maxHeartbeatThrottleInterval: options.activities.heartbeatMs,
    defaultHeartbeatThrottleInterval: options.activities.heartbeatMs,
    interceptors: { activity: [correlateActivities] },
  };
}
