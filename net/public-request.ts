import type { JsonObject } from '../core/json.ts';
import type { HttpRequest } from './http-client.ts';

/** Headers that never carry a secret and are worth keeping as evidence. */
const kept = new Set(['accept', 'content-type', 'if-modified-since', 'if-none-match', 'range']);

/** Names of query parameters whose values are hidden. */
const secretName = /(token|secret|password|passwd|apikey|api_key|key|signature|sig|auth)/i;

/** The request as receipts keep it: no body, only harmless headers, secret-looking query values hidden. */
export function publicRequest(request: HttpRequest): JsonObject {
  const headers = Object.entries(request.headers ?? {}).filter(([name]) =>
    kept.has(name.toLowerCase()),
  );
  return {
    method: request.method,
    url: publicUrl(request.url, request.hidden),
    ...(headers.length > 0 ? { headers: Object.fromEntries(headers) } : {}),
  };
}

/** The URL without user names, passwords, and query values that look like secrets or are named as hidden. */
export function publicUrl(raw: string, hidden: readonly string[] = []): string {
  if (!URL.canParse(raw)) return '(unreadable URL)';
  const url = new URL(raw);
  url.username = '';
  url.password = '';
  for (const name of [...url.searchParams.keys()]) {
    if (secretName.test(name) || hidden.includes(name)) url.searchParams.set(name, '***');
  }
  return url.href;
}
