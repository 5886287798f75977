import { systemClock } from '../core/clock.ts';
import { readConfiguration, type EnvironmentVariables } from '../core/configuration.ts';
import { createServer } from '../server/create-server.ts';
import { createLog } from './log.ts';
import { openHome } from './open-home.ts';
import { packageVersion } from './package-root.ts';

/** Serves a home's socket for the life of one command. */
export async function serveHome(
  home: string,
  environment: EnvironmentVariables,
): Promise<{ close(): Promise<void> }> {
  const configuration = { ...readConfiguration(environment), home };
  const log = createLog('warn');
  const opened = await openHome(configuration, { log, progress: () => undefined });
  const server = await createServer({
    services: opened.services,
    log,
    clock: systemClock,
    portalDir: undefined,
    publicUrl: configuration.publicUrl,
    version: packageVersion(),
  });
  await server.listenLocal(opened.directory);
  return {
    close: async () => {
      await server.close();
      await opened.close();
    },
  };
}
