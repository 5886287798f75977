import { cpSync } from 'node:fs';
import path from 'node:path';
import { finishPhase, stateOf, workedMs } from './child-job.ts';
import type { HomeState } from './home-state.ts';
import { phaseOrder, type Phase } from './phases.ts';

/** An undisturbed run: what every disturbed one must end in. */
export interface Reference {
  readonly url: string;
  /** A home with its sources registered and nothing read yet, to be copied. */
  readonly prepared: string;
  /** The home of the undisturbed run. */
  readonly home: string;
  readonly state: HomeState;
  /** How long each phase worked once its home was open, in milliseconds. */
  readonly workMs: Readonly<Record<Phase, number>>;
  /** How long opening takes, in milliseconds. */
  readonly openMs: number;
}

/** Runs the whole job once, undisturbed, under a directory. */
export async function referenceHome(directory: string, url: string): Promise<Reference> {
  const prepared = path.join(directory, 'prepared');
  const home = path.join(directory, 'undisturbed');
  const workMs = { setup: 0, ingest: 0, build: 0, report: 0, extract: 0, schedules: 0 };
  let openMs = 0;
  for (const phase of phaseOrder) {
    const exit = await finishPhase(phase === 'setup' ? prepared : home, phase, url);
    workMs[phase] = workedMs(exit);
    openMs = exit.ms - workMs[phase];
    if (phase === 'setup') cpSync(prepared, home, { recursive: true });
  }
  return { url, prepared, home, state: await stateOf(home, url), workMs, openMs };
}
