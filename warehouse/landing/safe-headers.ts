import { isObject } from '../../core/json-member.ts';
import type { JsonObject } from '../../core/json.ts';
import type { LandedPiece } from './batch-writer.ts';

/** Headers that carry a credential or a session, in either direction; they never reach the disk (L20). */
const secretHeaders = new Set([
  'authorization',
  'proxy-authorization',
  'proxy-authenticate',
  'www-authenticate',
  'authentication-info',
  'cookie',
  'set-cookie',
  'set-cookie2',
  'x-api-key',
  'api-key',
  'apikey',
  'x-auth-token',
  'x-access-token',
  'x-csrf-token',
  'x-amz-security-token',
]);

/** Names of header and body members that carry a secret, whatever prefix a system gives them. */
const secretName = /(^|[-_])(token|secret|password|passwd|signature|session|sessionid)$/i;

/** The response as it may be kept: without cookies and tokens. */
export function safeResponse(
  response: NonNullable<LandedPiece['response']>,
): NonNullable<LandedPiece['response']> {
  return { status: response.status, headers: withoutSecrets(response.headers) };
}

/** The request as it may be kept: `headers` without cookies and tokens, `url` without a user's password. */
export function safeRequest(request: JsonObject): JsonObject {
  const { headers, url } = request;
  return {
    ...request,
    ...(isObject(headers) ? { headers: withoutSecrets(headers) } : {}),
    ...(typeof url === 'string' ? { url: withoutUser(url) } : {}),
  };
}

function withoutSecrets<Value>(headers: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isSecret(name)));
}

function isSecret(name: string): boolean {
  return secretHeaders.has(name.toLowerCase()) || secretName.test(name);
}

function withoutUser(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, '$1');
}
