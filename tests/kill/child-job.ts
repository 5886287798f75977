import path from 'node:path';
import { z } from 'zod';
import { runChild, type ChildExit, type ChildOptions } from '../harness/killer.ts';
import type { HomeState } from './home-state.ts';
import type { Phase } from './phases.ts';

const script = path.join(import.meta.dirname, 'main-job.ts');
const compiledLoader = path.join(import.meta.dirname, '../harness/compiled-loader.js');

/** Runs one phase of the main job in a child, on compiled code, and maybe kills it. */
export function runPhase(
  home: string,
  phase: Phase | 'state',
  url: string,
  kill: Pick<ChildOptions, 'crashAt' | 'killAfterMs' | 'killFrom' | 'env'> = {},
): Promise<ChildExit> {
  return runChild(script, { ...kill, args: [home, phase, url], loaders: [compiledLoader] });
}

/** Runs a phase to its end; throws with everything it said when it does not end well. */
export async function finishPhase(
  home: string,
  phase: Phase | 'state',
  url: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ChildExit> {
  const exit = await runPhase(home, phase, url, { env });
  if (exit.code !== 0) throw new Error(`${phase} of ${home} ended ${said(exit)}`);
  return exit;
}

/** How long a finished phase worked after its home was open, in milliseconds. */
export function workedMs({ stdout }: ChildExit): number {
  const last = stdout.trim().split('\n').at(-1) ?? '';
  return z.object({ workedMs: z.number() }).parse(JSON.parse(last)).workedMs;
}

/** What opening the home had to repair, as the child told. */
export function settledBy(exit: ChildExit): z.infer<typeof opening>['settled'] {
  return opening.parse(JSON.parse(exit.stdout.split('\n')[0] ?? '')).settled;
}

const opening = z.object({
  settled: z.object({ settled: z.int(), reapplied: z.int(), abandoned: z.int() }),
});

/** What a home holds in the end. */
export async function stateOf(home: string, url: string): Promise<HomeState> {
  const { stdout } = await finishPhase(home, 'state', url);
  return stateShape.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

const texts = z.array(z.string());
const stateShape = z.object({
  tables: z.record(z.string(), z.string()),
  quarantine: z.string(),
  changes: z.array(z.array(z.union([z.string(), z.boolean(), z.null()]))),
  editions: texts,
  extracts: texts,
  slots: texts,
  faults: texts,
}) satisfies z.ZodType<HomeState>;

/** How a child ended, in words. */
export function said({ code, signal, stdout, stderr }: ChildExit): string {
  return `code ${code ?? '-'} signal ${signal ?? '-'}\n${stdout.slice(-2000)}\n${stderr.slice(-4000)}`;
}
