import type { DueRuns } from '../services/due-runs.ts';
import type { ActivityFactory } from '../workflows/embedded/host.ts';
import type { Runner } from '../workflows/runner.ts';
import { workerQueues } from '../workflows/temporal/task-queues.ts';
import type { Foundations } from './foundations.ts';
import { closeLostRuns, openTemporal, reconcile, serverOfHome } from './temporal-host.ts';

/** A home's pipelines on Temporal, in the process that owns the home. */
export interface DurableHost {
  readonly runner: Runner;
  due(): DueRuns;
  close(): Promise<void>;
}

/**
 * Connects the home to Temporal and serves all its queues: with a DuckDB warehouse those that need it can be served
 * nowhere else. Runs that were under way go on; those whose workflow is gone are closed.
 */
export async function openDurableHost(
  base: Foundations,
  activities: ActivityFactory,
): Promise<DurableHost> {
  const { store, key, log, clock, calendars, directory } = base;
  const variables = base.configuration.temporal;
  const server = await serverOfHome(directory, variables, log);
  try {
    const { address } = server;
    const parts = { store, key, log, activities, variables, queues: workerQueues };
    const host = await openTemporal({ ...parts, ...(address === undefined ? {} : { address }) });
    await closeLostRuns(store, host.client);
    const { client, settings, runner } = host;
    const look = () => reconcile({ client, settings, store, clock, log, calendars });
    return {
      runner,
      // The server wakes schedules and holds what they run; here they are only kept equal to ours.
      due: () => ({ look, idle: () => Promise.resolve(0), stop: () => Promise.resolve() }),
      close: async () => {
        await host.close();
        await server.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}
