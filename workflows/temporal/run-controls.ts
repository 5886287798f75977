import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { ProgressStep } from '../../core/progress.ts';

/** How far a run is, and whether it is held. */
export interface RunStanding {
  readonly step: ProgressStep | null;
  readonly paused: boolean;
  readonly cancelled: boolean;
}

/** Asks a run how far it is. */
export const standingQuery = defineQuery<RunStanding>('progress');

/** Holds a run before its next activity; what is under way ends. */
export const pauseUpdate = defineUpdate<RunStanding>('pause');

/** Lets a held run go on. */
export const resumeUpdate = defineUpdate<RunStanding>('resume');

/** Stops a run as cancelling its workflow does: what is under way ends cleanly, and the journal says cancelled. */
export const cancelUpdate = defineUpdate<RunStanding>('cancel');
