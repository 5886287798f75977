import type { IncomingHttpHeaders } from 'node:http';

/** What a handler sees of a request. */
export type SimulatedRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Set by the `repeat-page` fault: answer page 1 and claim that more follows. */
  readonly repeatPage: boolean;
};

/** An answer; a body made of parts is streamed. */
export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | Iterable<string>;
};

/** Answers the requests it knows, undefined for the others. */
export type Handler = (request: SimulatedRequest) => Reply | undefined;

/** A JSON answer. */
export function json(
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return jsonText(JSON.stringify(value), status, headers);
}

/** A JSON answer from text that is JSON already. */
export function jsonText(
  body: string | Iterable<string>,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers: { ...type, ...headers }, body };
}

/** A CSV answer. */
export function csv(body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'text/csv; charset=utf-8', ...headers },
    body,
  };
}

/** A plain 404. */
export function notFound(path: string): Reply {
  return {
    status: 404,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: `404 không tìm thấy / not found: ${path}\n`,
  };
}

/** Fields of a form or JSON body; empty when it is neither. */
export function bodyFields(request: SimulatedRequest): ReadonlyMap<string, string> {
  if (!(request.headers['content-type'] ?? '').includes('json')) {
    return new Map(new URLSearchParams(request.body));
  }
  const value = parsed(request.body);
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(Object.entries(value).map(([key, field]) => [key, String(field)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
