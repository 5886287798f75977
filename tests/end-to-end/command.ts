import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from '../../core/json.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a command did: exit code, and what it wrote. */
export interface CommandOutcome {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** Settings of one command, besides the home. */
export type CommandSettings = Readonly<Record<string, string>>;

/** Runs the real `phusa` command in a process of its own. */
export async function phusa(
  home: string,
  words: readonly string[],
  settings: CommandSettings = {},
): Promise<CommandOutcome> {
  const started = performance.now();
  const child = spawnPhusa(home, words, settings);
  const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)];
  const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exit, stdout: stdout(), stderr: stderr(), ms: performance.now() - started };
}

/** A `phusa` process that goes on. */
export interface RunningCommand {
  /** Resolves once standard output or error has this text. */
  said(text: string): Promise<string>;
  /** Asks it to end (SIGTERM) and waits until it has. */
  stop(): Promise<number | null>;
}

/** Starts the real `phusa` command and leaves it running. */
export function startPhusa(
  home: string,
  words: readonly string[],
  settings: CommandSettings = {},
): RunningCommand {
  const child = spawnPhusa(home, words, settings);
  const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)];
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const both = () => `${stdout()}\n${stderr()}`;
  return {
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (both().includes(text)) resolve(stdout());
        };
        child.stdout?.on('data', look);
        child.stderr?.on('data', look);
        void ended.then((code) => reject(new Error(`ended with ${code}: ${both()}`)));
        look();
      }),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** The one JSON document on standard output. */
export function document(outcome: Pick<CommandOutcome, 'stdout'>): Json {
  return JSON.parse(outcome.stdout) as Json;
}

function spawnPhusa(
  home: string,
  words: readonly string[],
  settings: CommandSettings,
): ChildProcess {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(PHUSA_|VITEST|NODE_OPTIONS)/.test(name),
  );
  return spawn(process.execPath, [path.join(root, 'bin/phusa.js'), ...words], {
    cwd: root,
    env: { ...Object.fromEntries(own), PHUSA_HOME: home, PHUSA_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function gather(stream: ChildProcess['stdout']): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
