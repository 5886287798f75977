import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  isGrpcServiceError,
  ServiceError,
  WorkflowFailedError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { ControlStore } from '../../control/port.ts';
import { assertNever } from '../../core/assert-never.ts';
import type { PhusaError } from '../../core/errors.ts';
import { asJson } from '../../core/json-member.ts';
import { canonicalJson } from '../../core/json.ts';
import { keptFailure } from '../activities/kept-failure.ts';
import type { PipelineInput, PipelineName, PipelineOutput } from '../pipelines.ts';
import type { RunOptions, Runner } from '../runner.ts';
import type { HostedInput, HostSettings } from './host-settings.ts';
import { raised, uncarried } from './hosted-failure.ts';
import { standingQuery } from './run-controls.ts';
import { searchPairs } from './search-attributes.ts';
import { queueName } from './task-queues.ts';

/** What running pipelines on Temporal works with. */
export interface TemporalHost {
  readonly client: Client;
  readonly settings: HostSettings;
  readonly store: ControlStore;
  /** How often a run is asked how far it is. */
  readonly progressMs: number;
}

/**
 * The host that runs pipelines as workflows. Asking twice for the same thing while it runs joins the one run (D05, D12):
 * both get its result. A server that cannot be reached for a while is waited for.
 */
export function temporalRunner(host: TemporalHost): Runner {
  return {
    run: async (name, input, options) => {
      const handle = await started(host, name, input);
      try {
        return await watched(host, handle, options);
      } catch (error) {
        throw await told(host, error);
      }
    },
  };
}

/** A pipeline's workflow, started or already running. */
export async function started<N extends PipelineName>(
  { client, settings }: Pick<TemporalHost, 'client' | 'settings'>,
  name: N,
  input: PipelineInput<N>,
): Promise<WorkflowHandle<(hosted: HostedInput<PipelineInput<N>>) => Promise<PipelineOutput<N>>>> {
  return await whileAway(() =>
    client.workflow.start<(hosted: HostedInput<PipelineInput<N>>) => Promise<PipelineOutput<N>>>(
      name,
      {
        args: [{ host: settings, input }],
        taskQueue: queueName(settings.prefix, 'workflows'),
        workflowId: workflowId(settings.prefix, name, input),
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        typedSearchAttributes: new TypedSearchAttributes([...searchPairs(input)]),
      },
    ),
  );
}

/** Equal for equal things asked of one home, whoever asks. */
export function workflowId<N extends PipelineName>(
  prefix: string,
  name: N,
  input: PipelineInput<N>,
): string {
  const asked = asJson({ ...input, actor: null });
  const hash = createHash('sha256').update(canonicalJson(asked)).digest('hex').slice(0, 12);
  return [prefix, name, ...subjectOf(name, asked), hash].join('/');
}

/** What people call the thing in a workflow's name. */
function subjectOf(name: PipelineName, asked: ReturnType<typeof asJson>): readonly string[] {
  const named = (member: string) => (typeof asked[member] === 'string' ? [asked[member]] : []);
  switch (name) {
    case 'ingestSource':
      return named('source');
    case 'issueReport':
      return [...named('report'), ...named('period')];
    case 'produceExtract':
      return named('extract');
    case 'runSchedule':
      return named('schedule');
    case 'buildStale':
    case 'expireExtracts':
    case 'backfillSources':
      return [];
    default:
      return assertNever(name);
  }
}

/** What is needed of a workflow's handle. */
interface RunHandle<Output> extends Pick<WorkflowHandle, 'query' | 'cancel'> {
  result(): Promise<Output>;
}

async function watched<Output>(
  host: TemporalHost,
  handle: RunHandle<Output>,
  { progress, signal }: RunOptions,
): Promise<Output> {
  const over = new AbortController();
  const stop = (): void => void handle.cancel().catch(() => undefined);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const watching = watch(host, handle, progress, over.signal);
  try {
    return await whileAway(() => handle.result());
  } finally {
    over.abort();
    signal.removeEventListener('abort', stop);
    await watching;
  }
}

async function watch(
  { progressMs }: TemporalHost,
  handle: Pick<WorkflowHandle, 'query'>,
  progress: RunOptions['progress'],
  over: AbortSignal,
): Promise<void> {
  let last = '';
  const rest = () => delay(progressMs, true, { signal: over }).catch(() => false);
  while (await rest()) {
    // A run whose worker is away cannot answer; how far it is will be asked again.
    const standing = await handle.query(standingQuery).catch(() => undefined);
    const text = JSON.stringify(standing?.step ?? null);
    if (standing?.step && text !== last) progress(standing.step);
    last = text;
  }
}

/** Waits while the server cannot be reached: a durable run goes on when it is back. */
async function whileAway<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isAway(error)) throw error;
      await delay(500);
    }
  }
}

const unavailable = 14;
const deadlineExceeded = 4;

function isAway(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  if (!isGrpcServiceError(cause)) return false;
  const code: number = cause.code;
  return code === unavailable || code === deadlineExceeded;
}

/** A workflow's failure as the pipeline raised it, with what the journal kept of it. */
async function told({ store }: TemporalHost, error: unknown): Promise<PhusaError> {
  const failure = uncarried(error instanceof WorkflowFailedError ? error.cause : error);
  if (failure.kept === undefined) return failure;
  const { group, code, text, kept } = failure;
  return raised(await keptFailure(store, { group, code, message: text, kept }));
}
