import { runCli } from './cli/run-cli.ts';
import { packageVersion } from './home/package-root.ts';

/**
 * The `phusa` command. Everything heavy is loaded only when this process has to serve a home itself: help, and commands
 * against a running server, start at once.
 */
const cancelled = new AbortController();
process.on('SIGINT', () => cancelled.abort());
process.on('SIGTERM', () => cancelled.abort());

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  version: packageVersion(),
  stdout: process.stdout,
  stderr: process.stderr,
  signal: cancelled.signal,
  serveHome: async (home) => {
    const { serveHome } = await import('./home/serve-home.ts');
    return await serveHome(home, process.env);
  },
  start: async (options) => {
    const { startHome } = await import('./home/start-home.ts');
    return await startHome(options, process.env, cancelled.signal);
  },
  worker: async (options) => {
    const { runWorker } = await import('./home/run-worker.ts');
    return await runWorker(options, process.env, cancelled.signal);
  },
  maintain: async (task, progress) => {
    const { maintainHome } = await import('./home/maintain-home.ts');
    return await maintainHome(task, process.env, progress);
  },
  init: async (options) => {
    const { initHome } = await import('./home/init-home.ts');
    return await initHome(options, process.env);
  },
});
