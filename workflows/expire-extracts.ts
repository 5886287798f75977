import type { PipelineContext } from './pipeline.ts';

/** What the retention pipeline needs done for it. */
export interface ExpireActivities {
  /** Journals extracts past their last day as expired. */
  expireDue(): Promise<ExpiredExtracts>;
}

/** How many extracts ended. */
export interface ExpiredExtracts {
  readonly expired: number;
}

/** Retention: what was handed out for a time is no longer handed out after it. */
export async function expireExtracts(
  context: PipelineContext<ExpireActivities>,
): Promise<ExpiredExtracts> {
  return await context.activities.expireDue();
}
