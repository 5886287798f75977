import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** How a child process is run. */
export interface ChildOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A crash point (`name` or `name:k`), see core/crash-point.ts. */
  readonly crashAt?: string;
  /** Kills the child, by its pid, so many milliseconds after its start, or after its first output. */
  readonly killAfterMs?: number;
  readonly killFrom?: 'start' | 'output';
  readonly cwd?: string;
  /** Module hooks to load after the TypeScript loader. */
  readonly loaders?: readonly string[];
}

/** How a child ended. `code` is null when a signal ended it. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly pid: number | undefined;
  readonly ms: number;
}

const ownSettings = new Set(['NODE_OPTIONS', 'CRASH_AT', 'VITEST']);
const loader = join(import.meta.dirname, 'typescript-loader.js');

/** Runs a script (`.ts` or `.js`) in a node of its own, maybe kills it, and reports how it ended. */
export function runChild(script: string, options: ChildOptions = {}): Promise<ChildExit> {
  const started = performance.now();
  const imports = [loader, ...(options.loaders ?? [])].flatMap((hook) => ['--import', hook]);
  const child = spawn(process.execPath, [...imports, script, ...(options.args ?? [])], {
    cwd: options.cwd,
    env: childEnvironment(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  let timer: NodeJS.Timeout | undefined;
  const arm = (): void => {
    if (options.killAfterMs !== undefined && timer === undefined)
      timer = setTimeout(() => child.kill('SIGKILL'), options.killAfterMs);
  };
  if (options.killFrom === 'output') child.stdout.once('data', arm);
  else arm();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');
      const ms = performance.now() - started;
      resolve({ code, signal, stdout: text(out), stderr: text(err), pid: child.pid, ms });
    });
  });
}

/** The test runner's own settings stay with the test runner. */
function childEnvironment({ env, crashAt }: ChildOptions): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !ownSettings.has(name));
  return {
    ...Object.fromEntries(kept),
    ...env,
    ...(crashAt === undefined ? {} : { CRASH_AT: crashAt }),
  };
}
