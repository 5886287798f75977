/* eslint-disable @typescript-eslint/require-await -- fakes answer at once where services wait */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import type { CliEnvironment, ExitCode, StartOptions } from '../../cli/environment.ts';
import { runCli } from '../../cli/run-cli.ts';
import { createServer, type PhusaServer } from '../../server/create-server.ts';
import { createFakeServices, type FakeServices } from '../portal/fake-services.ts';

/** What one command line did. */
interface Outcome {
  readonly exit: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** A home with fake services, and a command line on it. */
export interface TestHome {
  readonly home: string;
  readonly services: FakeServices;
  readonly started: StartOptions[];
  /** How often a command had to serve the home itself. */
  served: number;
  server(): Promise<PhusaServer>;
  run(words: readonly string[], extra?: Partial<CliEnvironment>): Promise<Outcome>;
  remove(): Promise<void>;
}

/** Makes a home in a temporary directory. */
export async function makeTestHome(): Promise<TestHome> {
  const home = await mkdtemp(join(tmpdir(), 'phusa-cli-'));
  const path = join(home, 'báo cáo.pdf');
  await writeFile(path, 'nội dung');
  const services = createFakeServices({ name: 'báo cáo.pdf', mediaType: 'application/pdf', path });
  const serve = async (): Promise<PhusaServer> => {
    const server = await createServer({
      services,
      log: silentLogger,
      clock: systemClock,
      portalDir: home,
      publicUrl: undefined,
      version: '0.1.0',
    });
    await server.listenLocal(home);
    return server;
  };
  const made: TestHome = {
    home,
    services,
    started: [],
    served: 0,
    server: serve,
    run: async (words, extra = {}) => {
      let stdout = '';
      let stderr = '';
      const exit = await runCli(words, {
        env: { PHUSA_HOME: home },
        version: '0.1.0',
        stdout: { write: (text) => (stdout += text) },
        stderr: { write: (text) => (stderr += text) },
        signal: new AbortController().signal,
        serveHome: () => {
          made.served += 1;
          return serve();
        },
        start: async (options) => {
          made.started.push(options);
          return 0;
        },
        init: async ({ solo }) => ({ home, solo }),
        worker: () => Promise.resolve(0),
        maintain: async (task) => ({ home, ...task, equal: task.kind !== 'rebuild' }),
        ...extra,
      });
      return { exit, stdout, stderr };
    },
    remove: () => rm(home, { recursive: true, force: true }),
  };
  return made;
}
