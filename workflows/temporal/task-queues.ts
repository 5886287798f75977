import type { Activities } from '../pipelines.ts';

/** Task queues of activities: what each needs at hand decides where it may run. */
export const activityQueues = [
  'reading',
  'decoding',
  'warehouse',
  'rendering',
  'delivery',
] as const;

/** A queue of activities. */
export type ActivityQueue = (typeof activityQueues)[number];

/** Every queue of a home. */
export const workerQueues = ['workflows', ...activityQueues] as const;

/** A queue that a worker may serve. */
export type WorkerQueue = (typeof workerQueues)[number];

/** Queues whose work needs the warehouse. One process owns a DuckDB home: they are served by it alone. */
export const ownersQueues: readonly WorkerQueue[] = ['decoding', 'warehouse', 'rendering'];

/** Name of an activity, the same on every host. */
export type ActivityName = keyof Activities;

/** How an activity is run. */
export interface ActivityRule {
  readonly queue: ActivityQueue;
  /** Longest that one attempt may take. */
  readonly hours: number;
  /** Whether cancelling the run stops it; what tells how a run ended is not stopped. */
  readonly stops: boolean;
}

const soon = { hours: 0.25, stops: false };
const long = { hours: 12, stops: true };

/** The rule of each activity. */
export const activityRules: Readonly<Record<ActivityName, ActivityRule>> = {
  startRun: { queue: 'reading', ...soon },
  readChunk: { queue: 'reading', ...long },
  decodeAhead: { queue: 'decoding', ...long },
  loadChunk: { queue: 'warehouse', ...long },
  finishRun: { queue: 'reading', ...soon },
  planBuild: { queue: 'warehouse', ...soon },
  buildAsset: { queue: 'warehouse', ...long },
  factsOf: { queue: 'rendering', ...soon },
  issueEdition: { queue: 'rendering', ...long },
  deliverEdition: { queue: 'delivery', ...long },
  makeExtract: { queue: 'rendering', ...long },
  expireDue: { queue: 'warehouse', ...soon },
  takeSlots: { queue: 'warehouse', ...soon },
  finishSlot: { queue: 'warehouse', ...soon },
};

/** A queue's name on the server: several homes share a namespace. */
export function queueName(prefix: string, queue: WorkerQueue): string {
  return `${prefix}-${queue}`;
}
