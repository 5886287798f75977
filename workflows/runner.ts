import type { Progress } from '../core/progress.ts';
import type { PipelineInput, PipelineName, PipelineOutput } from './pipelines.ts';

/** How a run is watched and stopped. */
export interface RunOptions {
  readonly progress: Progress;
  /** Stops the run: what is under way ends cleanly and is journalled as cancelled. */
  readonly signal: AbortSignal;
}

/** A host of pipelines: this process, or Temporal. Both end a run in the same content, journal and failures. */
export interface Runner {
  /** Runs a pipeline to its end. Throws PhusaError as the pipeline raised it. */
  run<N extends PipelineName>(
    name: N,
    input: PipelineInput<N>,
    options: RunOptions,
  ): Promise<PipelineOutput<N>>;
}
