import type { AllowedOrigin } from '../core/allowed-origin.ts';
import { addressRefused, checkUrl } from './allow-list.ts';
import type { HttpRequest } from './http-client.ts';
import { statusError } from './transport-errors.ts';
import { publicUrl } from './public-request.ts';

const moves = new Set([301, 302, 303, 307, 308]);

/** Whether a status sends the asker elsewhere. */
export function isRedirect(status: number): boolean {
  return moves.has(status);
}

/** Headers that may go along to another origin: they say what is wanted, never who asks. */
const harmless = new Set(['accept', 'accept-language', 'content-type', 'range', 'if-none-match']);

/**
 * The request that a redirect leads to; undefined when the answer is none. The new address passes the same list as a
 * first one (F25); a step down from https to http is refused (A38); to another origin no header goes along that could
 * be a credential, and no body (A39). 303 and, as everywhere, 301 and 302 after a POST become GET.
 */
export function redirectOf(
  request: HttpRequest,
  answer: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  allowed: readonly AllowedOrigin[],
): HttpRequest | undefined {
  if (!isRedirect(answer.status) || request.accept?.includes(answer.status)) return undefined;
  const location = answer.headers['location'];
  if (location === undefined || !URL.canParse(location, request.url))
    throw statusError(answer.status, publicUrl(request.url, request.hidden));
  const from = new URL(request.url);
  const to = checkUrl(new URL(location, from).href, allowed);
  if (from.protocol === 'https:' && to.protocol !== 'https:') throw addressRefused();
  const asks = request.method === 'POST' && answer.status < 307;
  const sameOrigin = from.origin === to.origin;
  const { body, headers = {}, ...rest } = request;
  return {
    ...rest,
    url: to.href,
    method: asks ? 'GET' : request.method,
    headers: sameOrigin ? headers : onlyHarmless(headers),
    ...(asks || !sameOrigin || body === undefined ? {} : { body }),
  };
}

function onlyHarmless(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => harmless.has(name.toLowerCase())),
  );
}
