import { backfillSources, type BackfillEnd, type BackfillInput } from './backfill-sources.ts';
import {
  buildStale,
  type BuildActivities,
  type BuildInput,
  type BuildResult,
} from './build-stale.ts';
import { expireExtracts, type ExpireActivities, type ExpiredExtracts } from './expire-extracts.ts';
import {
  ingestSource,
  type IngestActivities,
  type IngestInput,
  type RunEnd,
} from './ingest-source.ts';
import {
  issueReport,
  type IssueActivities,
  type IssueEnd,
  type IssueInput,
} from './issue-report.ts';
import type { PipelineContext } from './pipeline.ts';
import { produceExtract, type ExtractActivities, type ExtractInput } from './produce-extract.ts';
import {
  runSchedule,
  type ScheduleEnd,
  type ScheduleInput,
  type SlotActivities,
} from './run-schedule.ts';

/** Everything that pipelines may ask to be done. */
export type Activities = IngestActivities &
  BuildActivities &
  IssueActivities &
  ExtractActivities &
  ExpireActivities &
  SlotActivities;

/** What each pipeline is given and gives. */
interface Signatures {
  readonly ingestSource: { readonly input: IngestInput; readonly output: RunEnd };
  readonly buildStale: { readonly input: BuildInput; readonly output: BuildResult };
  readonly issueReport: { readonly input: IssueInput; readonly output: IssueEnd };
  readonly produceExtract: { readonly input: ExtractInput; readonly output: null };
  readonly expireExtracts: { readonly input: null; readonly output: ExpiredExtracts };
  readonly runSchedule: { readonly input: ScheduleInput; readonly output: ScheduleEnd };
  readonly backfillSources: { readonly input: BackfillInput; readonly output: BackfillEnd };
}

/** Name of a pipeline, the same on every host. */
export type PipelineName = keyof Signatures;

/** What a pipeline is given. */
export type PipelineInput<N extends PipelineName> = Signatures[N]['input'];

/** What a pipeline gives. */
export type PipelineOutput<N extends PipelineName> = Signatures[N]['output'];

/** A finished segment of a pipeline; long ones name the next, so that no history grows without bound. */
export interface Segment<N extends PipelineName> {
  readonly output: PipelineOutput<N>;
  readonly next?: PipelineInput<N> | undefined;
}

/** Runs one segment of a pipeline. */
export type PipelineSegment<N extends PipelineName> = (
  context: PipelineContext<Activities>,
  input: PipelineInput<N>,
) => Promise<Segment<N>>;

/** Every pipeline by name: hosts run these and nothing else. */
export const pipelineTable: { readonly [N in PipelineName]: PipelineSegment<N> } = {
  ingestSource: async (context, input) => ({ output: await ingestSource(context, input) }),
  buildStale: async (context, input) => ({ output: await buildStale(context, input) }),
  issueReport: async (context, input) => ({ output: await issueReport(context, input) }),
  produceExtract: async (context, input) => ({ output: await produceExtract(context, input) }),
  expireExtracts: async (context) => ({ output: await expireExtracts(context) }),
  runSchedule: async (context, input) => ({ output: await runSchedule(context, input) }),
  backfillSources: async (context, input) => {
    const output = await backfillSources(context, input);
    return { output, next: output.next };
  },
};
