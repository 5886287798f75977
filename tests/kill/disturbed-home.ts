import { cpSync } from 'node:fs';
import type { CrashPoint } from '../../core/crash-point.ts';
import { said, runPhase, finishPhase } from './child-job.ts';
import type { Reference } from './reference-home.ts';
import { phaseOrder, type Phase } from './phases.ts';

/** One kill that is to be tried: at a crash point's k-th passing, or after a while. */
export type Kill =
  | { readonly phase: Phase; readonly point: CrashPoint; readonly passing: number }
  | { readonly phase: Phase; readonly from: 'start' | 'output'; readonly afterMs: number };

/** A kill that hit. */
export interface Hit {
  readonly phase: Phase;
  /** Name of the crash point, or `random`. */
  readonly point: CrashPoint | 'random';
}

/**
 * Runs the main job in a copy of the prepared home, killing each phase as planned, as often as planned, before it is let
 * to its end. Throws where a phase ends otherwise than well or by a kill. Returns the kills that hit: a phase that ended
 * before its kill came counts as none.
 */
export async function disturb(
  reference: Reference,
  home: string,
  kills: readonly Kill[],
  log: (line: string) => void,
): Promise<readonly Hit[]> {
  cpSync(reference.prepared, home, { recursive: true });
  const hits: Hit[] = [];
  for (const phase of phaseOrder.filter((one) => one !== 'setup')) {
    for (const kill of kills.filter((one) => one.phase === phase)) {
      const hit = await tryKill(home, reference.url, kill, log);
      if (hit) hits.push(hit);
    }
    await finishPhase(home, phase, reference.url);
  }
  return hits;
}

async function tryKill(
  home: string,
  url: string,
  kill: Kill,
  log: (line: string) => void,
): Promise<Hit | undefined> {
  const exit = await runPhase(home, kill.phase, url, optionsOf(kill));
  if (exit.signal === 'SIGKILL') {
    const point = 'point' in kill ? kill.point : 'random';
    const named = /crash point \S+/.exec(exit.stderr)?.[0] ?? `after ${exit.ms.toFixed(0)} ms`;
    log(`${kill.phase}: killed, ${named}`);
    if (point !== 'random' && !exit.stderr.includes(`crash point ${point}`))
      throw new Error(`killed, and not at ${point}: ${said(exit)}`);
    return { phase: kill.phase, point };
  }
  if (exit.code !== 0) throw new Error(`${kill.phase} of ${home} ended ${said(exit)}`);
  log(`${kill.phase}: ended before ${JSON.stringify(kill)}`);
  return undefined;
}

function optionsOf(kill: Kill): Parameters<typeof runPhase>[3] {
  return 'point' in kill
    ? { crashAt: `${kill.point}:${kill.passing}` }
    : { killAfterMs: kill.afterMs, killFrom: kill.from };
}
