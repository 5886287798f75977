import type { ProgressStep } from '../core/progress.ts';

/**
 * What a pipeline may touch. The embedded host binds it to direct calls; a Temporal host to proxies, timers and the
 * workflow clock. Failures reach a pipeline as thrown `Failure`-shaped values: it looks at `group` and `code` only.
 */
export interface PipelineContext<Activities> {
  readonly activities: Activities;
  sleep(ms: number): Promise<void>;
  now(): Date;
  id(prefix: string): string;
  /** Says how far the work is. */
  log(step: ProgressStep): void;
  cancelled(): boolean;
}

/** A pipeline: short, starts over after a crash, keeps no state of its own. */
export type Pipeline<Activities, Input, Output> = (
  context: PipelineContext<Activities>,
  input: Input,
) => Promise<Output>;
