import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, Runtime } from '@temporalio/worker';

/** The `temporal` program on PATH or where `go install` puts it; undefined where there is none. */
export function temporalProgram(): string | undefined {
  const inPath = spawnSync('sh', ['-c', 'command -v temporal'], { encoding: 'utf8' }).stdout.trim();
  const goPath = process.env['GOPATH'] ?? join(homedir(), 'go');
  const built = join(goPath, 'bin/temporal');
  return inPath !== '' ? inPath : existsSync(built) ? built : undefined;
}

/** Says loudly where tests cannot have a Temporal server; under CI that is a failure. */
export function temporalMissing(): boolean {
  if (temporalProgram() !== undefined) return false;
  const text =
    'SKIPPED: no Temporal server. Get it: go install github.com/temporalio/cli/cmd/temporal@v1.5.1';
  if (process.env['CI'] !== undefined && process.env['CI'] !== '') throw new Error(text);
  process.stderr.write(`\n*** ${text}\n\n`);
  return true;
}

/** A real server that tests started. */
export interface TestTemporal {
  readonly address: string;
  readonly process: ChildProcess;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a development server on a free port of loopback; with `file`, what it knows survives it. */
export async function startTemporal(
  options: { readonly file?: string; readonly port?: number } = {},
): Promise<TestTemporal> {
  quietRuntime();
  const port = options.port ?? (await freePort());
  const words = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)];
  const file = options.file === undefined ? [] : ['--db-filename', options.file];
  const program = temporalProgram();
  if (program === undefined) throw new Error('no temporal program');
  const child = spawn(program, [...words, ...file, '--log-level', 'never'], { stdio: 'ignore' });
  const address = `127.0.0.1:${port}`;
  await answering(address, child);
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  const end = (signal: NodeJS.Signals) => async (): Promise<void> => {
    child.kill(signal);
    await gone;
  };
  return { address, process: child, kill: end('SIGKILL'), close: end('SIGTERM') };
}

async function answering(address: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`temporal ended with ${child.exitCode}`);
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      await connection.close();
      return;
    } catch {
      await delay(100);
    }
  }
  throw new Error('temporal does not answer');
}

/** A port of loopback that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

let quiet = false;
function quietRuntime(): void {
  if (quiet) return;
  quiet = true;
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
}

const here = (file: string) =>
  fileURLToPath(new URL(`../../workflows/temporal/${file}`, import.meta.url));
let bundled: Promise<string> | undefined;

/** The workflows bundled from their sources; `module` names others with the same exports. */
export async function workflowCode(module = here('workflows.ts')): Promise<string> {
  const make = async () =>
    (
      await bundleWorkflowCode({
        workflowsPath: module,
        workflowInterceptorModules: [here('correlation-in-workflow.ts')],
        logger: new DefaultLogger('ERROR', () => undefined),
      })
    ).code;
  if (module !== here('workflows.ts')) return await make();
  bundled ??= make();
  return await bundled;
}
