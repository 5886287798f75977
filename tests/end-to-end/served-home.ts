import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExitCode } from '../../cli/environment.ts';
import { runCli } from '../../cli/run-cli.ts';
import type { Json } from '../../core/json.ts';
import { phusa, startPhusa, type CommandSettings } from './command.ts';

/** What one command line did against the running server. */
export interface ServedOutcome {
  readonly exit: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON document on standard output; null without `--json`. */
  readonly json: Json;
  readonly ms: number;
}

/** A home made by `phusa init` and served by a `phusa start` process of its own. */
export interface ServedHome {
  readonly home: string;
  /** A directory for the test's own files. */
  readonly files: string;
  /** Runs a command line on the server's socket; never serves the home itself. */
  run(words: readonly string[], settings?: CommandSettings): Promise<ServedOutcome>;
  /** Ends the server; the home stays. */
  stop(): Promise<void>;
  /** Starts the server again. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** Makes and serves a home in a temporary directory. */
export async function openServedHome(options: { readonly solo: boolean }): Promise<ServedHome> {
  const root = await mkdtemp(path.join(tmpdir(), 'phusa-served-'));
  const home = path.join(root, 'home');
  const made = await phusa(home, ['init', ...(options.solo ? ['--solo'] : []), '--json']);
  if (made.exit !== 0) throw new Error(made.stderr);
  let server = await started(home);
  const stop = async () => {
    const exit = await server.stop();
    if (exit !== 0) throw new Error(`the server ended with ${exit}`);
  };
  return {
    home,
    files: root,
    run: (words, settings = {}) => runServed(home, words, settings),
    stop,
    start: async () => {
      server = await started(home);
    },
    remove: async () => {
      await server.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function started(home: string) {
  const server = startPhusa(home, ['start']);
  await server.said('Cổng thông tin');
  return server;
}

async function runServed(
  home: string,
  words: readonly string[],
  settings: CommandSettings,
): Promise<ServedOutcome> {
  const begun = performance.now();
  let stdout = '';
  let stderr = '';
  const refused = () => Promise.reject(new Error('the running server was not used'));
  const exit = await runCli(words, {
    env: { PHUSA_HOME: home, ...settings },
    version: '0.0.0-test',
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    signal: new AbortController().signal,
    serveHome: refused,
    start: refused,
    init: refused,
    worker: refused,
    maintain: refused,
  });
  const json = words.includes('--json') ? (JSON.parse(stdout) as Json) : null;
  return { exit, stdout, stderr, json, ms: performance.now() - begun };
}
