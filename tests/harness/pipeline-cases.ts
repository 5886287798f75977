import { asJson } from '../../core/json-member.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Activities, PipelineInput, PipelineName } from '../../workflows/pipelines.ts';
import { scheduleSchema } from '../../workflows/schedule.ts';
import { dailySchedule, type PipelineHome } from './pipeline-home.ts';

/** What a pipeline is given in the tests, and which activities it goes through. */
export interface PipelineCase<N extends PipelineName = PipelineName> {
  readonly name: N;
  readonly input: PipelineInput<N>;
  readonly activities: readonly (keyof Activities)[];
}

const ingest = ['startRun', 'readChunk', 'loadChunk', 'finishRun'] as const;
const issue = ['factsOf', 'planBuild', 'buildAsset', 'issueEdition', 'deliverEdition'] as const;

/** One case for every pipeline; a pipeline without one fails the comparison with the folder. */
export const pipelineCases: { readonly [N in PipelineName]: PipelineCase<N> } = {
  ingestSource: {
    name: 'ingestSource',
    input: { source: 'kham', actor: 'local', full: false },
    activities: ingest,
  },
  buildStale: { name: 'buildStale', input: {}, activities: ['planBuild', 'buildAsset'] },
  issueReport: {
    name: 'issueReport',
    input: { report: 'dich', period: '2026-11', actor: 'local', evenIncomplete: false },
    activities: issue,
  },
  produceExtract: {
    name: 'produceExtract',
    input: { extract: 'x-1', actor: 'user:an' },
    activities: ['makeExtract'],
  },
  expireExtracts: { name: 'expireExtracts', input: null, activities: ['expireDue'] },
  runSchedule: {
    name: 'runSchedule',
    input: { schedule: 'dem', waitMs: null },
    activities: ['takeSlots', ...ingest, 'finishSlot'],
  },
  backfillSources: {
    name: 'backfillSources',
    input: {
      sources: ['kham', 'tiem'],
      from: '2026-09-15',
      to: '2026-11-20',
      by: 'month',
      actor: 'local',
      atOnce: 2,
      segment: 3,
    },
    activities: ingest,
  },
};

/** Makes a daily schedule in a home, due once since a day before its clock. */
export async function addDailySchedule(
  made: PipelineHome,
  name: string,
  target: JsonObject = { kind: 'ingest', source: 'kham' },
): Promise<void> {
  const schedule = asJson(scheduleSchema.parse(dailySchedule(name, target)));
  const since = new Date(made.now.getTime() - 3_600_000).toISOString();
  await made.home.store.decide((journal) =>
    journal.record({
      kind: 'schedule.added',
      subject: name,
      actor: 'local',
      data: { status: 'active', since, schedule },
    }),
  );
}
