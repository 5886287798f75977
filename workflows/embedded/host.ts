import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import type { Progress } from '../../core/progress.ts';
import type { IngestDependencies } from '../activities/ingest-dependencies.ts';
import type { PipelineContext } from '../pipeline.ts';
import {
  pipelineTable,
  type Activities,
  type PipelineInput,
  type PipelineName,
  type PipelineOutput,
} from '../pipelines.ts';
import type { RunOptions, Runner } from '../runner.ts';

/** Makes the activities of one run, which report and stop as that run does. */
export type ActivityFactory = (
  run: Pick<RunOptions, 'progress' | 'signal'> & Pick<IngestDependencies, 'workflow'>,
) => Activities;

/** The host that lives in this process: it needs nothing but the home. */
export function embeddedRunner(activities: ActivityFactory, clock: Clock): Runner {
  return {
    run: async (name, input, { progress, signal }) => {
      const context = embeddedContext(activities({ progress, signal }), {
        clock,
        progress,
        signal,
      });
      return await throughSegments(context, name, input);
    },
  };
}

/** A pipeline that ends with a next segment goes on with it. */
async function throughSegments<N extends PipelineName>(
  context: PipelineContext<Activities>,
  name: N,
  input: PipelineInput<N>,
): Promise<PipelineOutput<N>> {
  for (let segment = input; ;) {
    const { output, next } = await pipelineTable[name](context, segment);
    if (next === undefined || context.cancelled()) return output;
    segment = next;
  }
}

/** Runs pipelines in this process: direct calls, the process clock, cancellation by signal. */
export function embeddedContext<Own>(
  activities: Own,
  options: { readonly clock: Clock; readonly progress: Progress; readonly signal?: AbortSignal },
): PipelineContext<Own> {
  const { signal } = options;
  return {
    activities,
    sleep: (ms) => delay(ms, undefined, { ...(signal ? { signal } : {}) }),
    now: () => options.clock.now(),
    id: (prefix) => timeOrderedId(prefix, options.clock.now()),
    log: options.progress,
    cancelled: () => signal?.aborted === true,
  };
}

/** `<prefix>-<time in base 36>-<64 random bits>`: sorts by time, unique across processes. */
export function timeOrderedId(prefix: string, at: Date): string {
  return `${prefix}-${at.getTime().toString(36)}-${randomBytes(8).toString('hex')}`;
}
