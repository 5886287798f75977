import { isIP } from 'node:net';
import type { AllowedOrigin } from '../core/allowed-origin.ts';
import { PhusaError } from '../core/errors.ts';
import { classifyAddress, inRange, isRange } from './ip-range.ts';

/** Names of metadata services, refused whatever they resolve to. */
const metadataNames = new Set(['metadata.google.internal', 'metadata', 'instance-data']);

/**
 * Parses a URL (without a trailing dot of the host) and checks it against the source's list: scheme, host (name, literal or CIDR), port, path prefix.
 * Throws fatal `address-refused`, always with the same words, so that refusals tell nothing about the network.
 */
export function checkUrl(raw: string, allowed: readonly AllowedOrigin[]): URL {
  const url = parseStrict(raw);
  const host = hostOf(url);
  if (metadataNames.has(host)) throw addressRefused();
  if (isIP(host) !== 0 && !addressAllowed(host, host, allowed)) throw addressRefused();
  if (!allowed.some((origin) => matches(url, host, origin))) throw addressRefused();
  return url;
}

/**
 * Whether a name or literal of the list may be reached at this address: public ones may; inner ones only when the
 * list holds a literal or CIDR with them, or the name is `localhost`; metadata addresses never.
 */
export function addressAllowed(
  name: string,
  address: string,
  allowed: readonly AllowedOrigin[],
): boolean {
  const kind = classifyAddress(address);
  if (kind !== 'private') return kind === 'public';
  if (name === 'localhost' && (inRange(address, '127.0.0.0/8') || inRange(address, '::1'))) {
    return true;
  }
  return allowed.some((origin) => inRange(address, origin.host));
}

/** The host without the brackets of an IPv6 literal. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** The one refusal; it names neither the host nor the reason. */
export function addressRefused(): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'address-refused',
    message: {
      vi: 'Địa chỉ không nằm trong danh sách được phép của nguồn.',
      en: 'The address is not on the list of addresses allowed for this source.',
    },
    remedy: {
      vi: 'Kiểm tra cấu hình nguồn; địa chỉ mới hoặc mạng nội bộ phải được phê duyệt.',
      en: 'Check the configuration of the source; a new address or inner network has to be approved.',
    },
  });
}

function parseStrict(raw: string): URL {
  // Control characters, spaces and backslashes are silently repaired by URL parsers: refuse what they would hide.
  if (hasHidingCharacters(raw) || !URL.canParse(raw)) throw addressRefused();
  const url = new URL(raw);
  url.hostname = url.hostname.replace(/\.$/, '');
  const smuggles = url.username !== '' || url.password !== '' || raw.includes('#');
  if (smuggles || /%(2f|5c|00)/i.test(url.pathname)) throw addressRefused();
  return url;
}

function hasHidingCharacters(raw: string): boolean {
  return Array.from(raw).some((char) => char <= ' ' || char === '\\' || char === '\u007f');
}

function matches(url: URL, host: string, origin: AllowedOrigin): boolean {
  if (origin.scheme === 'file' || url.protocol !== `${origin.scheme}:`) return false;
  return (
    sameHost(host, origin.host) &&
    portOf(url) === (origin.port ?? defaultPort(origin.scheme)) &&
    underPrefix(url.pathname, origin.pathPrefix ?? '/')
  );
}

function sameHost(host: string, listed: string): boolean {
  if (isIP(host) !== 0) return inRange(host, listed);
  return !isRange(listed) && host === listed.toLowerCase().replace(/\.$/, '');
}

function portOf(url: URL): number {
  return url.port === ''
    ? defaultPort(url.protocol === 'https:' ? 'https' : 'http')
    : Number(url.port);
}

function defaultPort(scheme: 'http' | 'https'): number {
  return scheme === 'https' ? 443 : 80;
}

function underPrefix(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}
