import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { apiDocs } from './api-docs.ts';
import { addAuthentication } from './authentication.ts';
import { listenLocal, type LocalSocket } from './local-socket.ts';
import { openApi } from './openapi.ts';
import { addOperationRoutes, reportProblem } from './operation-routes.ts';
import { operationTable } from './operation-table.ts';
import { addPublicRoutes } from './public-routes.ts';
import { addPushRoutes } from './push-routes.ts';
import { notFound } from './refusal.ts';
import { RunningCalls } from './running-calls.ts';
import { addSecurityHeaders } from './security-headers.ts';
import type { Services } from '../services/port.ts';
import { addSessionRoutes } from './session-routes.ts';

/** What a server is made of. */
export interface ServerOptions {
  readonly services: Services;
  readonly log: Logger;
  readonly clock: Clock;
  /** The built portal (`dist/portal`); undefined where only the API is asked. */
  readonly portalDir: string | undefined;
  /** Origin people use, when it is not the listening address. */
  readonly publicUrl: string | undefined;
  /** Version in the API's description. */
  readonly version: string;
}

/** The HTTP API with the portal, on the home's socket and, if asked, on TCP. */
export interface PhusaServer {
  readonly app: FastifyInstance;
  /** Every route, `METHOD /path`. */
  readonly routes: readonly string[];
  /** Listens on the home's socket: every caller is the local operator unless a bearer token says otherwise. */
  listenLocal(home: string): Promise<string>;
  /** Listens on TCP, where a session or a token is required. Returns the address, e.g. `http://127.0.0.1:8080`. */
  listen(host: string, port: number): Promise<string>;
  /** Cancels and awaits running calls, then closes both. */
  close(): Promise<void>;
}

/** Largest request body: configurations and extract requests are small. */
const bodyLimit = 1024 * 1024;

/** Makes the server; nothing listens yet. */
export async function createServer(options: ServerOptions): Promise<PhusaServer> {
  const localSockets = new WeakSet<Socket>();
  const running = new RunningCalls();
  const app = Fastify({
    bodyLimit,
    routerOptions: { maxParamLength: 600 },
    requestTimeout: 30_000,
    forceCloseConnections: true,
    logger: false,
    schemaController: { compilersFactory: { buildValidator: noSchema, buildSerializer: noSchema } },
  });
  app.removeContentTypeParser('text/plain');
  const routes: string[] = [];
  app.addHook('onRoute', ({ method, url }) => void routes.push(`${String(method)} ${url}`));
  await app.register(fastifyCookie);
  const https = options.publicUrl?.startsWith('https:') ?? false;
  addProblems(app, options.log);
  addSecurityHeaders(app, https);
  addAuthentication(app, {
    people: options.services.people,
    localSockets,
    publicUrl: options.publicUrl,
  });
  addSessionRoutes(app, options.services.people, https);
  addOperationRoutes(app, operationTable, { ...options, running });
  addDescription(app, options.version);
  addPushRoutes(app, options.services.inbox);
  addPublicRoutes(app, options.services.home);
  await addPortal(app, options.portalDir);
  await app.ready();
  return { app, routes, ...listeners(app, localSockets, running) };
}

function listeners(
  app: FastifyInstance,
  localSockets: WeakSet<Socket>,
  running: RunningCalls,
): Pick<PhusaServer, 'listenLocal' | 'listen' | 'close'> {
  const local = createHttpServer((request, response) => app.routing(request, response));
  local.on('connection', (socket: Socket) => localSockets.add(socket));
  let place: LocalSocket | undefined;
  return {
    listenLocal: async (home) => {
      place = await listenLocal(local, home);
      return place.path;
    },
    listen: (host, port) => app.listen({ host, port }),
    close: async () => {
      await place?.remove();
      await running.end();
      if (local.listening) await closeGently(local);
      await app.close();
    },
  };
}

/** Answers under way get a moment to be written out; then every connection is cut. */
async function closeGently(server: HttpServer): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), 500);
  await closed;
  clearTimeout(cut);
}

/** Requests are checked by zod: Fastify's own schema compilers are not even loaded. */
function noSchema(): never {
  throw new TypeError('no route carries a JSON schema');
}

async function addPortal(app: FastifyInstance, portalDir: string | undefined): Promise<void> {
  if (portalDir === undefined) return;
  const { addPortalRoutes } = await import('./portal-routes.ts');
  addPortalRoutes(app, portalDir);
}

function addProblems(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler(async (error, request, reply) => {
    const problem = reportProblem(request, error, log);
    return reply.code(problem.status).type('application/problem+json; charset=utf-8').send(problem);
  });
  app.setNotFoundHandler((request) => {
    throw notFound(request.url.split('?')[0] ?? '');
  });
}

function addDescription(app: FastifyInstance, version: string): void {
  let description: ReturnType<typeof openApi> | undefined;
  let page: string | undefined;
  app.get('/api/openapi.json', (_request, reply) =>
    reply.send((description ??= openApi(operationTable, version))),
  );
  app.get('/api/docs', (_request, reply) =>
    reply.type('text/html; charset=utf-8').send((page ??= apiDocs(operationTable, version))),
  );
}
