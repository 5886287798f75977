import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { Effort, Facts } from './effort.ts';

/** Somebody who does a job; each phase in a process of its own. */
export interface Contender {
  readonly name: string;
  /** Does the whole job in an empty directory. Gives one effort a phase. */
  readonly run: (directory: string) => Promise<Readonly<Record<string, Effort>>>;
}

/** What a contender took in one phase, over all rounds. */
export interface Figure {
  readonly phase: string;
  readonly contender: string;
  /** Medians of the rounds. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rounds: readonly number[];
  /** The most of all rounds. */
  readonly peakBytes: number;
}

/** Lets the contenders run in turn inside each round. Throws when two results of one phase differ. */
export async function compete(
  contenders: readonly Contender[],
  rounds: number,
  temporary: string,
  say: (line: string) => void,
): Promise<readonly Figure[]> {
  const efforts = new Map<string, Effort[]>();
  const results = new Map<string, { readonly by: string; readonly facts: Facts }>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, run } of contenders) {
      const done = Object.entries(await inFreshDirectory(temporary, run));
      for (const [phase, effort] of done) {
        const place = JSON.stringify([phase, name]);
        efforts.set(place, [...(efforts.get(place) ?? []), effort]);
        requireEqual(phase, name, effort.facts, results);
        say(`round ${round}: ${phase} ${name} ${effortText(effort)} (${loadText()})`);
      }
    }
  }
  return [...efforts].map(([place, all]) => figureOf(place, all));
}

async function inFreshDirectory(
  temporary: string,
  run: Contender['run'],
): Promise<Readonly<Record<string, Effort>>> {
  const directory = await mkdtemp(join(temporary, 'run-'));
  try {
    return await run(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function requireEqual(
  phase: string,
  by: string,
  facts: Facts,
  results: Map<string, { readonly by: string; readonly facts: Facts }>,
): void {
  const first = results.get(phase);
  if (!first) results.set(phase, { by, facts });
  else if (!sameFacts(first.facts, facts))
    throw new Error(
      `${phase}: results differ: ${first.by} ${JSON.stringify(first.facts)}, ${by} ${JSON.stringify(facts)}`,
    );
}

function sameFacts(a: Facts, b: Facts): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}

function figureOf(place: string, efforts: readonly Effort[]): Figure {
  const [phase = '', contender = ''] = JSON.parse(place) as readonly string[];
  const seconds = efforts.map((effort) => effort.seconds);
  return {
    phase,
    contender,
    seconds: median(seconds),
    cpuSeconds: median(efforts.map((effort) => effort.cpuSeconds)),
    rounds: seconds,
    peakBytes: Math.max(...efforts.map((effort) => effort.peakBytes)),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

function effortText({ seconds, cpuSeconds }: Effort): string {
  return `${seconds.toFixed(2)} s, CPU ${cpuSeconds.toFixed(2)} s`;
}

function loadText(): string {
  return `load average ${(loadavg()[0] ?? NaN).toFixed(1)}`;
}
