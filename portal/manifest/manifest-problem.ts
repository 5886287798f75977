import { at, type Facts, numberAt } from '../facts.ts';
import type { ManifestPath } from './manifest-text.ts';

/** One thing wrong with a manifest, as the API tells it. */
export interface ManifestProblem {
  readonly path: ManifestPath;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** In both languages. */
  readonly message: unknown;
}

/** A problem of an answer. */
export function manifestProblem(problem: Facts): ManifestProblem {
  const path = at(problem, 'path');
  const steps = Array.isArray(path) ? path : [];
  return {
    path: steps.map((step) => (typeof step === 'number' ? step : String(step))),
    line: numberAt(problem, 'line'),
    column: numberAt(problem, 'column'),
    message: problem['message'],
  };
}

/** The problems at a place, or inside of it. */
export function problemsAt(
  problems: readonly ManifestProblem[],
  path: ManifestPath,
): readonly ManifestProblem[] {
  return problems.filter((problem) => path.every((step, n) => problem.path[n] === step));
}
