import { buildStale, requireBuilt, type BuildActivities } from './build-stale.ts';
import type { PipelineContext } from './pipeline.ts';

/** Which report is due, and how long it may wait. */
export interface IssueInput {
  readonly report: string;
  readonly period: string;
  readonly actor: string;
  /** Issue though sources are late, marked provisional. */
  readonly evenIncomplete: boolean;
  /** The person who approves it now, where it asks for approval. */
  readonly approvedBy?: string;
  /** Wait for late sources and for approval, looking again so often; without it, look once. */
  readonly wait?: {
    readonly everyMs: number;
    /** ISO instant after which late sources are no longer waited for. Approval is waited for without end. */
    readonly patienceEnds: string;
  };
}

/** What the report pipeline needs done for it, besides building. */
export interface IssueActivities {
  /** The facts a report reads. Throws data `not-found`. */
  factsOf(input: { readonly report: string }): Promise<{ readonly facts: readonly string[] }>;
  /** Issues, or finds that the newest edition still stands, or why not yet. */
  issueEdition(input: Omit<IssueInput, 'wait'>): Promise<IssueEnd>;
  /** Sends an edition to the home's recipients; each has its own row in the delivery ledger. */
  deliverEdition(input: { readonly edition: string }): Promise<void>;
}

/** What came of a due report. */
export interface IssueEnd {
  readonly outcome: 'issued' | 'unchanged' | 'waiting-for-approval' | 'incomplete';
  /** Reference of the edition that stands; null while the report waits. */
  readonly edition: string | null;
}

/** Builds what a report reads, issues it once its sources are complete or patience has ended, and delivers it. */
export async function issueReport(
  context: PipelineContext<IssueActivities & BuildActivities>,
  { wait, ...input }: IssueInput,
): Promise<IssueEnd> {
  for (;;) {
    const late = wait !== undefined && context.now().getTime() > Date.parse(wait.patienceEnds);
    const end = await issueOnce(context, {
      ...input,
      evenIncomplete: input.evenIncomplete || late,
    });
    if (end.edition !== null || wait === undefined || context.cancelled()) return end;
    context.log({ step: waitingStep(input.report, end.outcome), done: 0 });
    await context.sleep(wait.everyMs);
  }
}

async function issueOnce(
  context: PipelineContext<IssueActivities & BuildActivities>,
  input: Omit<IssueInput, 'wait'>,
): Promise<IssueEnd> {
  const { activities } = context;
  const { facts } = await activities.factsOf({ report: input.report });
  requireBuilt(await buildStale(context, { keys: facts }), facts);
  const end = await activities.issueEdition(input);
  if (end.edition !== null) await activities.deliverEdition({ edition: end.edition });
  return end;
}

function waitingStep(report: string, outcome: IssueEnd['outcome']) {
  return outcome === 'incomplete'
    ? { vi: `${report} đợi nguồn nộp muộn`, en: `${report} waits for late sources` }
    : { vi: `${report} đợi phê duyệt`, en: `${report} waits for approval` };
}
