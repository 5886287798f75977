import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** One request as it came over the wire. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the server does with one request: writes what it likes to the socket. */
export type Fault = (socket: Socket, request: SeenRequest) => void | Promise<void>;

/** An in-process server that misbehaves on purpose, and remembers what it was asked. */
export interface FaultServer {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

/**
 * Starts a raw TCP server on loopback. `script` gives, for each path (without query), the faults in order; the last
 * one is repeated for ever. A path that is not in the script answers 404.
 */
export async function startFaultServer(
  script: Readonly<Record<string, Fault | readonly Fault[]>>,
): Promise<FaultServer> {
  const requests: SeenRequest[] = [];
  const played = new Map<string, number>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    onRequests(socket, (request) => {
      requests.push(request);
      const path = request.path.split('?')[0] ?? '';
      const turn = played.get(path) ?? 0;
      played.set(path, turn + 1);
      void pick(script[path], turn)(socket, request);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
}

/** A proper answer. */
export function answer(
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): Fault {
  const bytes = Buffer.from(body);
  return (socket) => {
    socket.write(head(status, { 'content-length': String(bytes.length), ...headers }));
    socket.write(bytes);
  };
}

/** A proper JSON answer. */
export function json(value: unknown, status = 200): Fault {
  return answer(JSON.stringify(value), { 'content-type': 'application/json' }, status);
}

/** An answer without a body. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Fault {
  return answer('', headers, code);
}

/** Reset before a single header was sent. */
export const resetBeforeHeaders: Fault = (socket) => void socket.resetAndDestroy();

/** Reset after `at` bytes of the body, whose whole length was declared. */
export function resetMidBody(body: string, at: number): Fault {
  return async (socket) => {
    socket.write(head(200, { 'content-length': String(Buffer.byteLength(body)) }));
    socket.write(Buffer.from(body).subarray(0, at));
    await delay(20);
    socket.resetAndDestroy();
  };
}

/** Ends a body of undeclared length early by closing the connection. */
export function closeEarly(part: string): Fault {
  return (socket) => void socket.end(head(200, { connection: 'close' }) + part);
}

/** Declares `declared` bytes, sends the body, closes. */
export function wrongLength(body: string, declared: number): Fault {
  return (socket) => void socket.end(head(200, { 'content-length': String(declared) }) + body);
}

/** A chunked body written as given, then closed. */
export function rawChunks(raw: string, headers: Readonly<Record<string, string>> = {}): Fault {
  return (socket) =>
    void socket.end(head(200, { 'transfer-encoding': 'chunked', ...headers }) + raw);
}

/** A gzip body cut off at `at` bytes, with the length of the cut. */
export function truncatedGzip(body: string, at: number): Fault {
  return answer(gzipSync(body).subarray(0, at), { 'content-encoding': 'gzip' });
}

/** A gzip body that grows to `bytes` zero bytes. */
export function gzipBomb(bytes: number): Fault {
  return answer(gzipSync(Buffer.alloc(bytes)), { 'content-encoding': 'gzip' });
}

/** One byte of headers at a time. */
export function slowHeaders(everyMs: number): Fault {
  return async (socket) => {
    for (const byte of head(200, { 'content-length': '2' })) {
      if (socket.destroyed) return;
      socket.write(byte);
      await delay(everyMs);
    }
    socket.write('{}');
  };
}

/** A body that drips `piece` for ever. */
export function drip(piece: string, everyMs: number): Fault {
  return async (socket) => {
    socket.write(head(200, { 'content-type': 'text/plain', connection: 'close' }));
    while (!socket.destroyed) {
      if (!socket.write(piece))
        await new Promise((done) => socket.once('drain', done).once('close', done));
      await delay(everyMs);
    }
  };
}

/** Takes the request and says nothing. */
export const silence: Fault = () => undefined;

/** Plays one fault after another on the same request. */
export function inTurn(...faults: readonly Fault[]): Fault {
  return async (socket, request) => {
    for (const fault of faults) await fault(socket, request);
  };
}

/** Closes the connection. */
export const hangUp: Fault = (socket) => void socket.end();

function pick(faults: Fault | readonly Fault[] | undefined, turn: number): Fault {
  if (faults === undefined) return status(404);
  if (typeof faults === 'function') return faults;
  return faults[Math.min(turn, faults.length - 1)] ?? status(404);
}

function head(code: number, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${code} Scripted\r\n${lines.join('')}\r\n`;
}

function onRequests(socket: Socket, take: (request: SeenRequest) => void): void {
  let buffer = '';
  socket.on('data', (chunk) => {
    buffer += chunk.toString('latin1');
    for (let found = parse(buffer); found !== undefined; found = parse(buffer)) {
      buffer = buffer.slice(found.length);
      take(found.request);
    }
  });
}

function parse(text: string): { request: SeenRequest; length: number } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.split(':')[0]?.toLowerCase() ?? '',
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const length = end + 4 + Number(headers['content-length'] ?? 0);
  if (text.length < length) return undefined;
  const [method = '', path = ''] = first.split(' ');
  return { request: { method, path, headers, body: text.slice(end + 4, length) }, length };
}
