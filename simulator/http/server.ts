import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { answerFaults, spoiled, type Fault, type FaultBoard } from './faults.ts';
import { json, notFound, type Handler, type Reply, type SimulatedRequest } from './reply.ts';

/** One line of the request log. */
export type LoggedRequest = {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
};

/** What the server needs. */
export type ServerParts = {
  /** The simulated systems; the first that answers wins. */
  readonly systems: readonly Handler[];
  /** Addresses that start with `/_`: neither logged nor spoiled. */
  readonly control: Handler;
  readonly faults: FaultBoard;
  /** Forgets the tokens of the system a path belongs to. */
  readonly expireTokens: (path: string) => void;
  readonly clock: () => number;
};

/** A server that is not listening yet, and its growing request log. */
export type SimulatedServer = {
  readonly server: Server;
  readonly requests: readonly LoggedRequest[];
};

const DEFAULT_DELAY_MS = 3_000;

/** Wires handlers, faults and log into an HTTP server. */
export function createSimulatedServer(parts: ServerParts): SimulatedServer {
  const requests: LoggedRequest[] = [];
  const server = createServer((incoming, response) => {
    handle(parts, requests, incoming, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  return { server, requests };
}

async function handle(
  parts: ServerParts,
  requests: LoggedRequest[],
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await read(incoming);
  if (request.path.startsWith('/_')) {
    send(response, control(parts, requests, request), request.method);
    return;
  }
  const fault = parts.faults.take(request.path);
  if (fault?.kind === 'slow') await pause(fault.delayMs ?? DEFAULT_DELAY_MS);
  if (fault?.kind === 'expire-token') parts.expireTokens(request.path);
  const reply = fault === undefined ? answer(parts, request) : faulty(parts, request, fault);
  const at = new Date(parts.clock()).toISOString();
  requests.push({ at, method: request.method, path: incoming.url ?? '', status: reply.status });
  if (fault?.kind === 'reset') cutShort(response, reply);
  else send(response, reply, request.method);
}

function control(parts: ServerParts, requests: LoggedRequest[], request: SimulatedRequest): Reply {
  if (request.path === '/_faults') return answerFaults(parts.faults, request);
  if (request.path === '/_requests') {
    if (request.method === 'DELETE') requests.length = 0;
    return json({ requests });
  }
  return parts.control(request) ?? notFound(request.path);
}

function answer(parts: ServerParts, request: SimulatedRequest): Reply {
  for (const system of parts.systems) {
    const reply = system(request);
    if (reply !== undefined) return reply;
  }
  return notFound(request.path);
}

function faulty(parts: ServerParts, request: SimulatedRequest, fault: Fault): Reply {
  const repeatPage = fault.kind === 'repeat-page';
  return spoiled(fault, () => answer(parts, { ...request, repeatPage }));
}

async function read(incoming: IncomingMessage): Promise<SimulatedRequest> {
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  return {
    method: incoming.method ?? 'GET',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers: incoming.headers,
    body: await text(incoming),
    repeatPage: false,
  };
}

function send(response: ServerResponse, reply: Reply, method: string): void {
  const headers = { ...reply.headers, 'x-simulated': 'true' };
  if (typeof reply.body !== 'string' && !(reply.body instanceof Uint8Array)) {
    response.writeHead(reply.status, headers);
    pipeline(Readable.from(reply.body), response, () => {
      // A client that goes away ends the stream; there is nothing to tell it.
    });
    return;
  }
  const bytes = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
  const sized = reply.status === 304 ? headers : { ...headers, 'content-length': bytes.length };
  response.writeHead(reply.status, sized);
  response.end(method === 'HEAD' ? undefined : bytes);
}

/** True length announced, half of it sent, connection destroyed. */
function cutShort(response: ServerResponse, reply: Reply): void {
  const body = reply.body;
  const isWhole = typeof body === 'string' || body instanceof Uint8Array;
  const bytes = Buffer.from(isWhole ? body : [...body].join(''));
  response.writeHead(reply.status, { ...reply.headers, 'content-length': bytes.length });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
    response.destroy();
  });
}
