import { cancellationDetails, Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ControlStore } from '../../control/port.ts';
import { failureOf, type Failure } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { ProgressStep } from '../../core/progress.ts';
import type { WorkflowName } from '../activities/ingest-dependencies.ts';
import { failureOutline, keepFailure } from '../activities/kept-failure.ts';
import type { ActivityFactory } from '../embedded/host.ts';
import type { Activities } from '../pipelines.ts';
import { carried } from './hosted-failure.ts';
import { activityRules, type ActivityName, type ActivityQueue } from './task-queues.ts';

/** What hosting activities works with. */
export interface ActivityHost {
  readonly activities: ActivityFactory;
  readonly store: ControlStore;
  readonly log: Logger;
  /** How often a running activity says that it lives; well under the heartbeat timeout. */
  readonly heartbeatMs: number;
  /** How often an activity that fails retriably is tried before its failure counts. */
  readonly attempts: number;
}

/** The activities of one task queue, as a worker takes them: with heartbeats, cancellation and failures by group. */
export function hostedActivities(
  host: ActivityHost,
  queue: ActivityQueue,
): Readonly<Record<string, (input: unknown) => Promise<unknown>>> {
  const names = Object.entries(activityRules)
    .filter(([, rule]) => rule.queue === queue)
    .map(([name]) => name as ActivityName);
  return Object.fromEntries(names.map((name) => [name, (input) => perform(host, name, input)]));
}

async function perform(host: ActivityHost, name: ActivityName, input: unknown): Promise<unknown> {
  const context = Context.current();
  const signal = context.cancellationSignal;
  let last: ProgressStep | undefined;
  const beat = setInterval(() => context.heartbeat(last?.done), host.heartbeatMs);
  const progress = (step: ProgressStep): void => {
    last = step;
  };
  try {
    const workflow = workflowName(context);
    return await called(host.activities({ progress, signal, ...workflow }), name, input);
  } catch (error) {
    throw signal.aborted ? stopped() : await failed(host, name, failureOf(error));
  } finally {
    clearInterval(beat);
  }
}

function workflowName({ info }: Context): { workflow?: WorkflowName } {
  const execution = info.workflowExecution;
  return execution ? { workflow: { id: execution.workflowId, run: execution.runId } } : {};
}

/** Calls an activity with what its workflow sent: both ends are one table. */
async function called(
  activities: Activities,
  name: ActivityName,
  input: unknown,
): Promise<unknown> {
  const table = activities as unknown as Record<string, (given: unknown) => Promise<unknown>>;
  const activity = table[name];
  if (!activity) throw new TypeError(`this process has no activity ${name}`);
  return await activity(input);
}

/** People stopped it, or its worker is going: then another worker takes it over. */
function stopped(): Error {
  return cancellationDetails()?.cancelRequested === true
    ? new CancelledFailure('cancelled')
    : ApplicationFailure.retryable('worker-stopped', 'worker-stopped');
}

async function failed(host: ActivityHost, name: ActivityName, failure: Failure): Promise<Error> {
  const { workflowExecution, attempt } = Context.current().info;
  const about = `${workflowExecution?.workflowId ?? ''} ${name}`;
  const { code, message } = failure;
  host.log.warn('activity-failed', { about, attempt, code, message: message.en });
  if (failure.group === 'retriable' && attempt < host.attempts)
    return carried(failureOutline(failure, 'retried'), true);
  const kept = keepFailure(host.store, about, failure);
  return carried(await kept.catch(() => failureOutline(failure, 'not-kept')), false);
}
