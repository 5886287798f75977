import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { allRows } from '../control/every-row.ts';
import type { HomeKey } from '../control/key-file.ts';
import type { ControlStore, StateRow } from '../control/port.ts';
import { objectMember, optionalText } from '../core/json-member.ts';
import type { Logger } from '../core/logger.ts';
import { temporalConfiguration, type TemporalConfiguration } from '../temporal.config.ts';
import { closeOrphans } from '../workflows/activities/settle-home.ts';
import type { ActivityFactory } from '../workflows/embedded/host.ts';
import type { Runner } from '../workflows/runner.ts';
import { correlateStarts } from '../workflows/temporal/correlation-interceptors.ts';
import type { HostSettings } from '../workflows/temporal/host-settings.ts';
import { sealingCodec } from '../workflows/temporal/payload-codec.ts';
import {
  reconcileSchedules,
  type ReconcileDependencies,
} from '../workflows/temporal/reconcile-schedules.ts';
import { ensureSearchAttributes } from '../workflows/temporal/search-attributes.ts';
import type { WorkerQueue } from '../workflows/temporal/task-queues.ts';
import { temporalRunner } from '../workflows/temporal/temporal-runner.ts';
import { workflowBundlePath } from '../workflows/temporal/workflow-bundle.ts';
import { startWorkers, type RunningWorkers } from '../workflows/temporal/workers.ts';
import { openOwnServer } from './temporal-server.ts';

/** What a process needs to take part in a home's work on Temporal. */
export interface TemporalParts {
  readonly store: ControlStore;
  readonly key: HomeKey;
  readonly log: Logger;
  readonly activities: ActivityFactory;
  readonly variables: Readonly<Record<string, string>>;
  readonly queues: readonly WorkerQueue[];
  /** The address of a server, where none is named by the environment. */
  readonly address?: string;
}

/** This process's part in a home's work on Temporal. */
export interface OpenedTemporal {
  readonly client: Client;
  readonly runner: Runner;
  readonly settings: HostSettings;
  readonly workers: RunningWorkers;
  close(): Promise<void>;
}

/** Connects, and serves the queues it is told. */
export async function openTemporal(parts: TemporalParts): Promise<OpenedTemporal> {
  const configuration = temporalConfiguration(parts.variables);
  const { namespace } = configuration;
  logThrough(parts.log);
  const options = configuration.server?.connectionOptions ?? { address: parts.address ?? '' };
  const dataConverter = { payloadCodecs: [sealingCodec(parts.key)] };
  const connection = await Connection.connect(options);
  const native = await NativeConnection.connect(options);
  const interceptors = { workflow: [correlateStarts] };
  const client = new Client({ connection, namespace, dataConverter, interceptors });
  await ensureSearchAttributes(client);
  const settings = settingsOf(parts.store.homeId, configuration);
  const workers = await startWorkers({
    connection: native,
    namespace,
    prefix: settings.prefix,
    queues: parts.queues,
    bundle: { codePath: workflowBundlePath() },
    dataConverter,
    activities: {
      activities: parts.activities,
      store: parts.store,
      log: parts.log,
      heartbeatMs: Math.floor(configuration.heartbeatTimeoutMs / 4),
      attempts: configuration.attempts,
    },
    atOnce: configuration.atOnce,
    graceMs: configuration.graceMs,
  });
  const runner = temporalRunner({ client, settings, store: parts.store, progressMs: 1_000 });
  return {
    client,
    settings,
    runner,
    workers,
    close: async () => {
      await workers.close();
      await native.close();
      await connection.close();
    },
  };
}

/** The home's own server where the environment names none. */
export async function serverOfHome(
  directory: string,
  variables: Readonly<Record<string, string>>,
  log: Logger,
): Promise<{ readonly address?: string; close(): Promise<void> }> {
  if (temporalConfiguration(variables).server) return { close: () => Promise.resolve() };
  return await openOwnServer(directory, process.env, log);
}

function settingsOf(homeId: string, configuration: TemporalConfiguration): HostSettings {
  const { heartbeatTimeoutMs, retryMs } = configuration;
  return { prefix: `phusa-${homeId}`, heartbeatTimeoutMs, retryMs };
}

/** Runs that the journal believes to be under way and whose workflow is not: terminated, or lost with its server. */
export async function closeLostRuns(store: ControlStore, client: Client): Promise<number> {
  const open = await allRows(store, 'run', { status: ['running'] });
  const lost: StateRow[] = [];
  for (const row of open) if (!(await lives(client, row))) lost.push(row);
  await closeOrphans({ store }, lost);
  return lost.length;
}

async function lives(client: Client, row: StateRow): Promise<boolean> {
  const workflow = objectMember(row.data, 'workflow');
  const id = optionalText(workflow, 'id');
  if (id === undefined) return false;
  const handle = client.workflow.getHandle(id, optionalText(workflow, 'run'));
  const found = await handle.describe().catch(() => undefined);
  return found?.status.name === 'RUNNING';
}

/** Makes the server's schedules equal to the home's. */
export async function reconcile(deps: ReconcileDependencies): Promise<void> {
  const done = await reconcileSchedules(deps);
  if (done.created + done.updated + done.removed + done.woken > 0)
    deps.log.info('schedules-reconciled', { ...done });
}

let installed = false;

function logThrough(log: Logger): void {
  if (installed) return;
  installed = true;
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => {
    const facts = { message, ...textFacts(meta) };
    if (level === 'ERROR') log.error('temporal', facts);
    else log.warn('temporal', facts);
  });
  Runtime.install({ logger, shutdownSignals: [] });
}

/** Facts of a log line that are plain text; an error's payloads are not among them. */
function textFacts(meta: object | undefined): Readonly<Record<string, string>> {
  const kept = Object.entries(meta ?? {}).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(kept);
}
