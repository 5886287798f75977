/** Statuses of a server that is overloaded or ill for the moment. */
const passing = new Set([408, 429, 500, 502, 503, 504]);

/** Whether a status may be different at the next try. */
export function isPassing(status: number): boolean {
  return passing.has(status);
}

/** First wait, doubled at each further try; half of it is random so that clients do not come back together. */
const firstWaitMs = 250;
const longestWaitMs = 30_000;

/** Milliseconds before try number `attempt` (from 1); `random` gives [0, 1). */
export function backOffMs(attempt: number, random: () => number): number {
  const full = Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs);
  return Math.round(full / 2 + (full / 2) * random());
}

/**
 * Milliseconds a `Retry-After` asks for: seconds, or a date measured against the server's own `Date` header, so that
 * a skewed clock on either side does not matter. Undefined when absent, negative or not understood (RFC 9110 §10.2.3).
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string>>,
  now: Date,
): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined) return undefined;
  if (/^\d{1,12}$/.test(value)) return Number(value) * 1000;
  const until = httpDate(value);
  if (until === undefined) return undefined;
  const from = httpDate(headers['date'] ?? '') ?? now.getTime();
  return Math.max(0, until - from);
}

function httpDate(text: string): number | undefined {
  if (!/^[A-Za-z]{3,9},? .*\d{4}|^[A-Z][a-z]{2} [A-Z][a-z]{2} /.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
