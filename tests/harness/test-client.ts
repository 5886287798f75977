import { setTimeout as delay } from 'node:timers/promises';
import type { AllowedOrigin } from '../../core/allowed-origin.ts';
import { silentLogger } from '../../core/logger.ts';
import type { HttpClient, HttpLimits } from '../../net/http-client.ts';
import { createHttpClient, type HttpEffects } from '../../net/undici-client.ts';

/** The loopback origin of a test server's URL. */
export function originOf(url: string, pathPrefix?: string): AllowedOrigin {
  const { hostname, port } = new URL(url);
  return {
    scheme: url.startsWith('https') ? 'https' : 'http',
    host: hostname,
    port: Number(port),
    ...(pathPrefix === undefined ? {} : { pathPrefix }),
  };
}

/** A client with short times; what it waited between tries is kept, not waited. */
export function testClient(
  allowed: readonly AllowedOrigin[],
  limits: Partial<HttpLimits> = {},
  effects: Partial<HttpEffects> = {},
): HttpClient & { readonly waits: readonly number[] } {
  const waits: number[] = [];
  const client = createHttpClient(
    {
      allowed,
      connectTimeoutMs: 400,
      headersTimeoutMs: 400,
      idleTimeoutMs: 400,
      totalTimeoutMs: 2_000,
      maxBytes: 1_000_000,
      maxRequests: 100,
      retries: 3,
      retryBudget: 10,
      maxRetryAfterMs: 60_000,
      ...limits,
    },
    {
      signal: new AbortController().signal,
      sleep: async (ms, signal) => {
        waits.push(ms);
        await delay(1, undefined, { signal });
      },
      random: () => 0.5,
      log: silentLogger,
      ...effects,
    },
  );
  return { ...client, waits };
}
