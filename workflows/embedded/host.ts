import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import type { Progress } from '../../core/progress.ts';
import type { PipelineContext } from '../pipeline.ts';

/** Runs pipelines in this process: direct calls, the process clock, cancellation by signal. */
export function embeddedContext<Activities>(
  activities: Activities,
  options: { readonly clock: Clock; readonly progress: Progress; readonly signal: AbortSignal },
): PipelineContext<Activities> {
  return {
    activities,
    sleep: (ms) => delay(ms, undefined, { signal: options.signal }),
    now: () => options.clock.now(),
    id: (prefix) => timeOrderedId(prefix, options.clock.now()),
    log: options.progress,
    cancelled: () => options.signal.aborted,
  };
}

/** `<prefix>-<time in base 36>-<64 random bits>`: sorts by time, unique across processes. */
export function timeOrderedId(prefix: string, at: Date): string {
  return `${prefix}-${at.getTime().toString(36)}-${randomBytes(8).toString('hex')}`;
}
