import {
  CancellationScope,
  continueAsNew,
  DeterminismViolationError,
  setHandler,
} from '@temporalio/workflow';
import { failureOf } from '../../core/errors.ts';
import type { PipelineContext } from '../pipeline.ts';
import {
  pipelineTable,
  type Activities,
  type PipelineInput,
  type PipelineName,
  type PipelineOutput,
  type Segment,
} from '../pipelines.ts';
import type { HostedInput } from './host-settings.ts';
import { carried } from './hosted-failure.ts';
import {
  cancelUpdate,
  pauseUpdate,
  resumeUpdate,
  standingQuery,
  type RunStanding,
} from './run-controls.ts';
import { workflowContext, type RunState } from './workflow-context.ts';

/** Workflows: each pipeline under its own name. A workflow's code is the pipeline's; this file adds the controls. */
type Hosted<N extends PipelineName> = HostedInput<PipelineInput<N>>;

export const ingestSource = (hosted: Hosted<'ingestSource'>) => host('ingestSource', hosted);
export const buildStale = (hosted: Hosted<'buildStale'>) => host('buildStale', hosted);
export const issueReport = (hosted: Hosted<'issueReport'>) => host('issueReport', hosted);
export const produceExtract = (hosted: Hosted<'produceExtract'>) => host('produceExtract', hosted);
export const expireExtracts = (hosted: Hosted<'expireExtracts'>) => host('expireExtracts', hosted);
export const runSchedule = (hosted: Hosted<'runSchedule'>) => host('runSchedule', hosted);
export const backfillSources = (hosted: Hosted<'backfillSources'>) =>
  host('backfillSources', hosted);

/**
 * Runs a pipeline as a workflow. The pipeline itself is never torn down: when the run is cancelled, its work is, and it
 * ends by telling so.
 */
async function host<N extends PipelineName>(
  name: N,
  { host: settings, input }: Hosted<N>,
): Promise<PipelineOutput<N>> {
  const root = CancellationScope.current();
  return await CancellationScope.nonCancellable(async () => {
    const state: RunState = { step: undefined, paused: false, cancelled: false };
    const work = new CancellationScope();
    const stop = (): void => {
      state.cancelled = true;
      work.cancel();
    };
    void root.cancelRequested.catch(stop);
    answerControls(state, stop);
    const { output, next } = await segment(name, workflowContext(settings, state, work), input);
    if (next === undefined || state.cancelled) return output;
    return await continueAsNew<(hosted: Hosted<N>) => Promise<PipelineOutput<N>>>({
      host: settings,
      input: next,
    });
  });
}

async function segment<N extends PipelineName>(
  name: N,
  context: PipelineContext<Activities>,
  input: PipelineInput<N>,
): Promise<Segment<N>> {
  try {
    return await pipelineTable[name](context, input);
  } catch (error) {
    if (error instanceof DeterminismViolationError) throw error;
    throw carried(failureOf(error), false);
  }
}

function answerControls(state: RunState, stop: () => void): void {
  const standing = (): RunStanding => ({
    step: state.step ?? null,
    paused: state.paused,
    cancelled: state.cancelled,
  });
  const hold = (paused: boolean) => (): RunStanding => {
    state.paused = paused;
    return standing();
  };
  setHandler(standingQuery, standing);
  setHandler(pauseUpdate, hold(true));
  setHandler(resumeUpdate, hold(false));
  setHandler(cancelUpdate, () => {
    stop();
    return standing();
  });
}
