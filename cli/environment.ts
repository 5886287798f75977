import type { EnvironmentVariables } from '../core/configuration.ts';
import type { JsonObject } from '../core/json.ts';
import type { Progress } from '../core/progress.ts';

/** Exit codes of interfaces.md: done, failed, wrong usage or configuration, done in part, not found or permitted. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** Where text goes: a terminal, a file, a test. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What `phusa start` was asked. */
export interface StartOptions {
  readonly demo: boolean;
  readonly once: boolean;
  readonly json: boolean;
}

/** What `phusa worker` was asked. */
export interface WorkerOptions {
  /** Task queues to serve. */
  readonly queues: readonly string[];
}

/** Work on a home as a whole, while nobody serves it. */
export type MaintenanceTask =
  | { readonly kind: 'backup'; readonly file: string }
  | { readonly kind: 'restore'; readonly file: string }
  | { readonly kind: 'rebuild'; readonly verify: boolean };

/** Everything the command line touches, handed in by main.ts. */
export interface CliEnvironment {
  readonly env: EnvironmentVariables;
  readonly version: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Fires on Ctrl-C: the running call is cancelled. */
  readonly signal: AbortSignal;
  /**
   * Serves the home's socket for this command's life, when no server runs. Throws PhusaError `home-in-use` while
   * another process owns the home.
   */
  readonly serveHome: (home: string) => Promise<{ close(): Promise<void> }>;
  /** `phusa start`: returns when the server has ended. */
  readonly start: (options: StartOptions) => Promise<ExitCode>;
  /** `phusa worker`: returns when it was asked to end. */
  readonly worker: (options: WorkerOptions) => Promise<ExitCode>;
  /** `phusa backup`, `restore`, `rebuild`: work on a home that no server runs on. */
  readonly maintain: (task: MaintenanceTask, progress: Progress) => Promise<JsonObject>;
  /** `phusa init`: makes the home and says what it made. */
  readonly init: (options: { readonly solo: boolean }) => Promise<JsonObject>;
}
