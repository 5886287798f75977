import type { AllowedOrigin } from '../core/allowed-origin.ts';

/**
 * The one client for everything outbound. Checks the allow-list on the parsed URL, the looked-up and the connected
 * address; redirects only where declared; caps on time, bytes and decompression; retries with back-off inside one budget.
 */
export interface HttpClient {
  /** Sends one request and gives its answer with the body as a capped stream. Throws PhusaError. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Waits between requests (rate budgets, polling); rejects when the run is cancelled. */
  pause(ms: number): Promise<void>;
}

/** One request. Secrets may stand in headers and body only; receipts get `publicRequest`. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A POST that may be sent twice without harm (e.g. asking for a token); GET always may. */
  readonly idempotent?: boolean;
  /** Sent also when the run has been cancelled: it tells the source to stop working for us. */
  readonly parting?: boolean;
  /** Statuses that are answers, not errors (e.g. 404 for "no data", 401 to re-authenticate). */
  readonly accept?: readonly number[];
  /** Names of query parameters whose values are shown nowhere, beside those that look like secrets. */
  readonly hidden?: readonly string[];
  /** A smaller cap on the answer's bytes than the source's own. */
  readonly maxBytes?: number;
  /** Redirects that are followed; each hop is checked like a first request. None unless declared. */
  readonly redirects?: number;
}

/** The answer; `body` yields decompressed bytes and throws when a cap, the declared length or the encoding is broken. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole body, within `maxBytes`; a body that broke off is asked for again within the retry budget. */
  bytes(): Promise<Uint8Array>;
  text(): Promise<string>;
}

/** What a source's client is made with. */
export interface HttpLimits {
  readonly allowed: readonly AllowedOrigin[];
  readonly connectTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly maxBytes: number;
  readonly maxRequests: number;
  /** Retries of one request, and of the whole run. */
  readonly retries: number;
  readonly retryBudget: number;
  /** Longest Retry-After that is waited for. */
  readonly maxRetryAfterMs: number;
}
