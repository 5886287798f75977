import path from 'node:path';
import cron from 'node-cron';
import type { ExitCode, StartOptions } from '../cli/environment.ts';
import { progressDisplay, type ProgressDisplay } from '../cli/progress-display.ts';
import { systemClock } from '../core/clock.ts';
import {
  readConfiguration,
  type Configuration,
  type EnvironmentVariables,
} from '../core/configuration.ts';
import type { Logger } from '../core/logger.ts';
import { createServer, type PhusaServer } from '../server/create-server.ts';
import { demoCity, startCity, type RunningCity } from './demo-city.ts';
import { demoSize, type DemoSize } from './demo-size.ts';
import { isHome, makeHome } from './home-directory.ts';
import { createLog } from './log.ts';
import { openHome, type Home } from './open-home.ts';
import { packageRoot, packageVersion } from './package-root.ts';
import { runDemo } from './run-demo.ts';

/**
 * `phusa start`: serves the home until cancelled, ticking its schedules every minute. With `demo` it first makes a solo
 * home with a simulated city if there is none, reads every source, builds, and issues the last complete period's reports;
 * with `once` it ends there.
 */
export async function startHome(
  options: StartOptions,
  environment: EnvironmentVariables,
  cancelled: AbortSignal,
): Promise<ExitCode> {
  const configuration = readConfiguration(environment);
  const directory = path.resolve(configuration.home);
  const log = createLog('warn');
  const size = options.demo ? demoSize(environment) : undefined;
  if (options.demo && !isHome(directory)) await makeHome(directory, new Date());
  const display = progressDisplay(process.stderr, configuration.locale, systemClock);
  const home = await openHome(configuration, { log, progress: display.progress });
  try {
    const city = size && (await openCity(home, size));
    try {
      return await startOpened({ home, city, configuration, log, display }, options, cancelled);
    } finally {
      await city?.stop();
    }
  } finally {
    await home.close();
  }
}

/** A home that is open, with the city where there is one. */
interface Started {
  readonly home: Home;
  readonly city: RunningCity | undefined;
  readonly configuration: Configuration;
  readonly log: Logger;
  readonly display: ProgressDisplay;
}

async function startOpened(
  { home, city, configuration, log, display }: Started,
  options: StartOptions,
  cancelled: AbortSignal,
): Promise<ExitCode> {
  const server = await serve(home, configuration, log);
  try {
    const talk = { ...options, display, language: configuration.locale, signal: cancelled };
    const exit = city ? await runDemo(home, city, talk) : 0;
    if (!options.once) await serveUntil(home, server, configuration, log, cancelled);
    return exit;
  } finally {
    await server.close();
  }
}

async function openCity(home: Home, size: DemoSize): Promise<RunningCity> {
  return await startCity(home.directory, await demoCity(home.directory, new Date(), size));
}

async function serve(home: Home, configuration: Configuration, log: Logger): Promise<PhusaServer> {
  const server = await createServer({
    services: home.services,
    log,
    clock: systemClock,
    portalDir: path.join(packageRoot(), 'dist/portal'),
    publicUrl: configuration.publicUrl,
    version: packageVersion(),
  });
  await server.listenLocal(home.directory);
  return server;
}

async function serveUntil(
  home: Home,
  server: PhusaServer,
  configuration: Configuration,
  log: Logger,
  cancelled: AbortSignal,
): Promise<void> {
  const address = await server.listen(configuration.listen, configuration.port);
  process.stderr.write(
    `${configuration.locale === 'vi' ? 'Cổng thông tin' : 'Portal'}: ${address}\n`,
  );
  let busy: Promise<void> = Promise.resolve();
  const task = cron.schedule(
    '* * * * *',
    () => {
      busy = home
        .tick()
        .catch((error: unknown) => log.error('tick-failed', { message: String(error) }));
      return busy;
    },
    { noOverlap: true },
  );
  await untilAborted(cancelled);
  await task.stop();
  await busy;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}
