import type { Figure } from './contender.ts';
import type { Goal } from './goal.ts';
import type { Peers } from './peers.ts';

/** How a job is to be run. */
export interface JobOptions {
  /** Rows or invoices; the job's own number by default. */
  readonly size: number | undefined;
  readonly rounds: number;
  readonly temporary: string;
  readonly peers: Peers;
  /** Told as the job goes on. */
  readonly say: (line: string) => void;
}

/** What a job found. */
export interface JobReport {
  readonly job: string;
  readonly title: string;
  /** What is counted, e.g. `rows`, and how many of them a phase had. */
  readonly unit: string;
  readonly amount: number;
  /** Phases that had another number of them. */
  readonly amountOf?: Readonly<Record<string, number>>;
  readonly figures: readonly Figure[];
  readonly goals: readonly Goal[];
}

/** One comparison. */
export type Job = (options: JobOptions) => Promise<JobReport>;
