import { Agent, request as send, type Dispatcher } from 'undici';
import { PhusaError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { checkUrl } from './allow-list.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { cappedBody, collect } from './capped-body.ts';
import { guardedConnector, type Lookup } from './guarded-connect.ts';
import type { HttpAnswer, HttpClient, HttpLimits, HttpRequest } from './http-client.ts';
import { holdEnd, type OriginHolds } from './origin-holds.ts';
import { publicUrl } from './public-request.ts';
import { isRedirect, redirectOf } from './redirect.ts';
import { backOffMs, isPassing, retryAfterMs } from './retry.ts';
import {
  cancelledError,
  headerRefused,
  ServerBusyError,
  statusError,
  suspendedError,
  timeoutError,
  tooLargeError,
  tooManyRedirects,
  tooManyRequestsError,
  transportError,
  wrongLengthError,
} from './transport-errors.ts';

/** What the client may do and see beside the network. */
export interface HttpEffects {
  readonly signal: AbortSignal;
  /** Waits; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Gives [0, 1): the jitter of back-off. */
  readonly random: () => number;
  readonly log: Logger;
  /** PEM of the source's own certificate authorities, instead of the system's. */
  readonly ca?: string;
  /** Name lookup, for tests; the system's otherwise. */
  readonly lookup?: Lookup;
  readonly now?: () => Date;
  /** Where origins that asked to be left alone are remembered beyond this run. */
  readonly holds?: OriginHolds;
}

/** One run's client: its connections, and what is left of its budgets. */
interface Run {
  readonly limits: HttpLimits;
  readonly effects: HttpEffects;
  readonly agent: Agent;
  readonly breaker: CircuitBreaker;
  requests: number;
  retriesLeft: number;
}

/**
 * Makes the client of one source for one run. Proxies of the environment are ignored, redirects are followed only where
 * a request declares them, every connection is checked by {@link guardedConnector}.
 */
export function createHttpClient(limits: HttpLimits, effects: HttpEffects): HttpClient {
  const { allowed, connectTimeoutMs } = limits;
  const connect = guardedConnector({
    allowed,
    timeoutMs: connectTimeoutMs,
    ...(effects.ca === undefined ? {} : { ca: effects.ca }),
    ...(effects.lookup === undefined ? {} : { lookup: effects.lookup }),
  });
  // The client keeps its own times, because undici's header timer starts anew with every byte.
  const agent = new Agent({ connect, headersTimeout: 0, bodyTimeout: 0, pipelining: 1 });
  const run: Run = {
    limits,
    effects,
    agent,
    breaker: new CircuitBreaker(),
    requests: 0,
    retriesLeft: limits.retryBudget,
  };
  return {
    send: (request) => ask(run, request),
    pause: async (ms) => {
      await effects.sleep(ms, effects.signal);
      effects.signal.throwIfAborted();
    },
  };
}

async function ask(run: Run, asked: HttpRequest): Promise<HttpAnswer> {
  const { href: url } = checkUrl(asked.url, run.limits.allowed);
  checkHeaders(asked.headers ?? {});
  const request: HttpRequest = { ...asked, url };
  await awaitHold(run, request);
  const first = await withRetries(run, request, () => follow(run, request));
  let waiting: Answered | undefined = first;
  const bytes = () =>
    withRetries(run, request, async () => {
      const answer = waiting ?? (await follow(run, request));
      waiting = undefined;
      if (answer.status !== first.status)
        throw new ServerBusyError(answer.status, shown(request), undefined);
      return collect(answer.body);
    });
  return { ...first, bytes, text: async () => new TextDecoder().decode(await bytes()) };
}

type Answered = Pick<HttpAnswer, 'status' | 'headers' | 'body'>;

/**
 * Waits until the end of a hold that the origin asked for, in this run or an earlier one (A23); a hold too long to wait
 * for ends the request at once, without asking.
 */
async function awaitHold(run: Run, request: HttpRequest): Promise<void> {
  const { effects, limits } = run;
  const { origin } = new URL(request.url);
  const until = effects.holds?.until(origin);
  if (until === undefined) return;
  const waitMs = until - nowOf(run);
  if (waitMs > limits.maxRetryAfterMs) throw new ServerBusyError(429, shown(request), waitMs);
  if (waitMs > 0) await waited(run, request, waitMs);
  effects.holds?.hold(origin, undefined);
}

function nowOf({ effects }: Run): number {
  return (effects.now?.() ?? new Date()).getTime();
}

/** Tries until it works or may not be tried again; remembers how the origin fared. */
async function withRetries<T>(
  run: Run,
  request: HttpRequest,
  attempt: () => Promise<T>,
): Promise<T> {
  const { origin } = new URL(request.url);
  if (run.breaker.isOpen(origin, nowOf(run))) throw suspendedError(shown(request));
  try {
    const result = await tried(run, request, attempt);
    run.breaker.succeeded(origin);
    return result;
  } catch (error) {
    if (error instanceof PhusaError && error.group === 'retriable') {
      run.breaker.failed(origin, nowOf(run));
    }
    throw error;
  }
}

async function tried<T>(run: Run, request: HttpRequest, attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (cause) {
      const error = run.effects.signal.aborted
        ? cancelledError(shown(request))
        : transportError(cause, shown(request));
      keepHold(run, request, error);
      if (!mayRetry(run, request, error, tried)) throw error;
      run.retriesLeft -= 1;
      await pause(run, request, error, tried);
    }
  }
}

function keepHold(run: Run, request: HttpRequest, error: PhusaError): void {
  const asked = error instanceof ServerBusyError ? error.retryAfterMs : undefined;
  if (asked === undefined || asked === 0) return;
  run.effects.holds?.hold(new URL(request.url).origin, holdEnd(nowOf(run), asked));
}

function mayRetry(run: Run, request: HttpRequest, error: PhusaError, tried: number): boolean {
  const asked = error instanceof ServerBusyError ? (error.retryAfterMs ?? 0) : 0;
  return (
    error.group === 'retriable' &&
    (request.method === 'GET' || request.idempotent === true) &&
    tried <= run.limits.retries &&
    run.retriesLeft > 0 &&
    asked <= run.limits.maxRetryAfterMs
  );
}

async function pause(
  run: Run,
  request: HttpRequest,
  error: PhusaError,
  tried: number,
): Promise<void> {
  const { effects } = run;
  const asked = error instanceof ServerBusyError ? error.retryAfterMs : undefined;
  const waitMs = (asked ?? 0) + backOffMs(tried, effects.random);
  effects.log.warn('http-retry', { url: shown(request), code: error.code, tried, waitMs });
  await waited(run, request, waitMs);
}

async function waited({ effects }: Run, request: HttpRequest, waitMs: number): Promise<void> {
  try {
    await effects.sleep(waitMs, effects.signal);
  } catch (cause) {
    throw effects.signal.aborted ? cancelledError(shown(request)) : cause;
  }
  if (effects.signal.aborted) throw cancelledError(shown(request));
}

/** Sends a request and goes where it is redirected to, as far as the source declares that. */
async function follow(run: Run, request: HttpRequest): Promise<Answered> {
  let here = request;
  for (let hops = 0; ; hops += 1) {
    const answer = await exchange(run, here);
    const next = redirectOf(here, answer, run.limits.allowed);
    if (next === undefined) return answer;
    await drained(answer.body);
    if (hops >= (request.redirects ?? 0)) throw tooManyRedirects(hops, shown(here));
    here = next;
  }
}

async function drained(body: AsyncIterable<Uint8Array>): Promise<void> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > 65_536) return;
  }
}

async function exchange(run: Run, request: HttpRequest): Promise<Answered> {
  if (isCancelled(run, request)) throw cancelledError(shown(request));
  if (run.requests >= run.limits.maxRequests) {
    throw tooManyRequestsError(run.limits.maxRequests, shown(request));
  }
  run.requests += 1;
  const deadline = startDeadline(run.limits, request);
  try {
    const answer = await send(request.url, {
      dispatcher: run.agent,
      method: request.method,
      headers: { 'accept-encoding': 'gzip', 'user-agent': 'phusa', ...request.headers },
      body: request.body ?? null,
      signal:
        request.parting === true
          ? deadline.signal
          : AbortSignal.any([run.effects.signal, deadline.signal]),
    });
    deadline.headersCame();
    const headers = plainHeaders(answer.headers);
    await refuseStatus(run, request, answer, headers);
    return { status: answer.statusCode, headers, body: bodyOf(run, request, answer, deadline) };
  } catch (cause) {
    deadline.end();
    throw cause;
  }
}

function isCancelled({ effects }: Run, { parting }: HttpRequest): boolean {
  return effects.signal.aborted && parting !== true;
}

async function refuseStatus(
  { effects }: Run,
  request: HttpRequest,
  answer: Dispatcher.ResponseData,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const { statusCode: status } = answer;
  if ((status >= 200 && status < 300) || request.accept?.includes(status)) return;
  if (isRedirect(status) && (request.redirects ?? 0) > 0) return;
  await answer.body.dump({ limit: 65_536 }).catch(() => undefined);
  if (!isPassing(status)) throw statusError(status, shown(request));
  const now = effects.now?.() ?? new Date();
  throw new ServerBusyError(status, shown(request), retryAfterMs(headers, now));
}

async function* bodyOf(
  { limits, effects }: Run,
  request: HttpRequest,
  answer: Dispatcher.ResponseData,
  deadline: Deadline,
): AsyncGenerator<Uint8Array> {
  const encoding = answer.headers['content-encoding'];
  const length = declaredLength(request, answer);
  const maxBytes = Math.min(limits.maxBytes, request.maxBytes ?? limits.maxBytes);
  try {
    yield* cappedBody(
      length.counted(answer.body),
      Array.isArray(encoding) ? encoding.join(',') : encoding,
      {
        maxBytes,
        idleMs: limits.idleTimeoutMs,
        onIdle: deadline.idle,
        tooLarge: () => tooLargeError(maxBytes, shown(request)),
      },
    );
  } catch (cause) {
    if (effects.signal.aborted) throw cancelledError(shown(request));
    if (deadline.signal.aborted) throw transportError(deadline.signal.reason, shown(request));
    throw length.trouble(cause) ?? transportError(cause, shown(request));
  } finally {
    deadline.end();
    answer.body.destroy();
  }
}

/** Watches whether a body is as long as it says; tells a broken connection from a body of another length. */
function declaredLength(request: HttpRequest, { headers }: Dispatcher.ResponseData) {
  const declared = Number(headers['content-length'] ?? Number.NaN);
  let came = 0;
  return {
    counted: async function* (body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of body) {
        came += chunk.byteLength;
        yield chunk;
      }
    },
    trouble: (cause: unknown): PhusaError | undefined => {
      const told = cause instanceof PhusaError || isReset(cause);
      if (told || Number.isNaN(declared) || came === declared) return undefined;
      return wrongLengthError(declared, came, shown(request));
    },
  };
}

function isReset(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNRESET';
}

/** The clocks of one exchange; any that runs out aborts it with its own error. */
interface Deadline {
  readonly signal: AbortSignal;
  readonly headersCame: () => void;
  readonly idle: () => void;
  readonly end: () => void;
}

function startDeadline(limits: HttpLimits, request: HttpRequest): Deadline {
  const abort = new AbortController();
  const expire = (what: 'headers' | 'idle' | 'total', ms: number) => () =>
    abort.abort(timeoutError(what, ms, shown(request)));
  const headersMs = limits.connectTimeoutMs + limits.headersTimeoutMs;
  const headers = setTimeout(expire('headers', headersMs), headersMs);
  const total = setTimeout(expire('total', limits.totalTimeoutMs), limits.totalTimeoutMs);
  total.unref();
  return {
    signal: abort.signal,
    headersCame: () => clearTimeout(headers),
    idle: expire('idle', limits.idleTimeoutMs),
    end: () => {
      clearTimeout(headers);
      clearTimeout(total);
    },
  };
}

/** Headers that belong to the transport; setting them is request smuggling (F31). */
const ours =
  /^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|keep-alive|expect|proxy-.*)$/i;

function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    const readable = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) && !/[\r\n\0]/.test(value);
    if (!readable || ours.test(name)) throw headerRefused(name.replaceAll(/[^\w-]/g, '?'));
  }
}

function plainHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

function shown(request: HttpRequest): string {
  return publicUrl(request.url, request.hidden);
}
