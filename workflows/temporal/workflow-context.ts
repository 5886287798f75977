import {
  ActivityCancellationType,
  type CancellationScope,
  condition,
  proxyActivities,
  sleep,
  uuid4,
  type ActivityOptions,
} from '@temporalio/workflow';
import type { ProgressStep } from '../../core/progress.ts';
import type { PipelineContext } from '../pipeline.ts';
import type { Activities } from '../pipelines.ts';
import type { HostSettings } from './host-settings.ts';
import { uncarried } from './hosted-failure.ts';
import { activityRules, queueName, type ActivityRule } from './task-queues.ts';

/** How far a run is, and whether people hold or stop it. */
export interface RunState {
  step: ProgressStep | undefined;
  paused: boolean;
  cancelled: boolean;
}

/**
 * Binds what a pipeline may touch to a workflow: proxies, durable timers, the workflow's clock. `work` is cancelled when
 * the run is; activities that tell how a run ended go on outside it.
 */
export function workflowContext(
  host: HostSettings,
  state: RunState,
  work: CancellationScope,
): PipelineContext<Activities> {
  return {
    activities: hostedActivities(host, state, work),
    sleep: (ms) => work.run(() => sleep(ms)),
    now: () => new Date(),
    id: (prefix) =>
      `${prefix}-${Date.now().toString(36)}-${uuid4().replaceAll('-', '').slice(0, 16)}`,
    log: (step) => {
      state.step = step;
    },
    cancelled: () => state.cancelled,
  };
}

type AnyActivity = (input?: unknown) => Promise<unknown>;

function hostedActivities(
  host: HostSettings,
  state: RunState,
  work: CancellationScope,
): Activities {
  const hosted = Object.entries(activityRules).map(([name, rule]): [string, AnyActivity] => {
    const proxies = proxyActivities<Readonly<Record<string, AnyActivity>>>(optionsOf(host, rule));
    return [
      name,
      (input) => called(state, rule.stops ? work : undefined, () => perform(name, input)),
    ];
    async function perform(activity: string, given: unknown): Promise<unknown> {
      return await proxies[activity]?.(given);
    }
  });
  // The table of rules has every activity by its name; what crosses the wire is JSON on both ends.
  return Object.fromEntries(hosted) as unknown as Activities;
}

async function called(
  state: RunState,
  scope: CancellationScope | undefined,
  perform: () => Promise<unknown>,
): Promise<unknown> {
  if (state.paused) await condition(() => !state.paused || state.cancelled);
  try {
    return await (scope ? scope.run(perform) : perform());
  } catch (error) {
    throw uncarried(error);
  }
}

function optionsOf(host: HostSettings, { queue, hours, stops }: ActivityRule): ActivityOptions {
  return {
    taskQueue: queueName(host.prefix, queue),
    startToCloseTimeout: `${hours} hours`,
    heartbeatTimeout: host.heartbeatTimeoutMs,
    cancellationType: stops
      ? ActivityCancellationType.WAIT_CANCELLATION_COMPLETED
      : ActivityCancellationType.ABANDON,
    retry: {
      initialInterval: host.retryMs,
      backoffCoefficient: 2,
      maximumInterval: 100 * host.retryMs,
    },
  };
}
