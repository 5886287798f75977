import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { createServer, type PhusaServer } from '../../server/create-server.ts';
import { createFakeServices, type FakeServices } from '../portal/fake-services.ts';

/** A server on TCP and on a socket, with what it logged. */
export interface TestServer {
  readonly server: PhusaServer;
  readonly services: FakeServices;
  readonly url: string;
  readonly home: string;
  readonly logged: string[];
  close(): Promise<void>;
}

/** Starts a server with fake services; `publicUrl` as people would reach it. */
export async function startTestServer(
  options: { readonly publicUrl?: string; readonly portalDir?: string } = {},
): Promise<TestServer> {
  const home = await mkdtemp(join(tmpdir(), 'phusa-server-'));
  const path = join(home, 'tệp.pdf');
  await writeFile(path, 'nội dung');
  await writeFile(join(home, 'index.html'), '<!doctype html><title>Phù Sa</title>');
  const services = createFakeServices({ name: 'tệp.pdf', mediaType: 'application/pdf', path });
  const logged: string[] = [];
  const server = await createServer({
    services,
    log: recordingLogger(logged),
    clock: systemClock,
    portalDir: options.portalDir ?? home,
    publicUrl: options.publicUrl,
    version: '0.1.0',
  });
  await server.listenLocal(home);
  const url = await server.listen('127.0.0.1', 0);
  return {
    server,
    services,
    url,
    home,
    logged,
    close: async () => {
      await server.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function recordingLogger(logged: string[]): Logger {
  const write = (event: string, facts?: object): void =>
    void logged.push(`${event} ${JSON.stringify(facts ?? {})}`);
  return { debug: write, info: write, warn: write, error: write };
}
