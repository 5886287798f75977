import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

const effortShape = z.object({
  seconds: z.number().nonnegative(),
  /** Processor time of all threads: says more than the clock where the machine is shared. */
  cpuSeconds: z.number().nonnegative(),
  /** Peak resident memory of the contender's whole process. */
  peakBytes: z.number().nonnegative(),
  /** What was made; equal work has equal facts. */
  facts: z.record(z.string(), z.string()),
});

/** What one piece of work took and what it made. */
export type Effort = z.infer<typeof effortShape>;

/** Facts of a result as texts. */
export type Facts = Effort['facts'];

const mostOutput = 64 << 20;

/** Runs work in this process, timed; memory is the most the process had by the end of the work. */
export async function timed(work: () => Promise<Facts>): Promise<Effort> {
  const start = performance.now();
  const before = process.cpuUsage();
  const facts = await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = (user + system) / 1e6;
  return { seconds, cpuSeconds, peakBytes: process.resourceUsage().maxRSS * 1024, facts };
}

/** Runs a command whose last line on standard output is its effort as JSON. Throws what the command says of a failure. */
export async function effortOf(
  command: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Effort> {
  const { stdout } = await promisify(execFile)(command, words, {
    maxBuffer: mostOutput,
    env: { ...process.env, ...environment },
  });
  return effortShape.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}
