import type { Localized } from './localized.ts';

/** One step of long work, shown as a bar on a terminal. */
export interface ProgressStep {
  readonly step: Localized;
  readonly done: number;
  readonly total?: number;
}

/** Where long work reports its steps. */
export type Progress = (step: ProgressStep) => void;
