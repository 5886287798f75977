import { isIP } from 'node:net';
import type { AllowedOrigin, RemoteScheme } from '../core/allowed-origin.ts';
import { PhusaError } from '../core/errors.ts';
import { classifyAddress, inRange, isRange } from './ip-range.ts';

/** The port of each protocol where none is given. */
export const defaultPorts = {
  http: 80,
  https: 443,
  sftp: 22,
  postgres: 5432,
  mysql: 3306,
  mssql: 1433,
} as const satisfies Record<RemoteScheme, number>;

/** Names of metadata services, refused whatever they resolve to. */
const metadataNames = new Set(['metadata.google.internal', 'metadata', 'instance-data']);

/** What a connection is made to. */
export interface Endpoint {
  readonly scheme: RemoteScheme;
  /** Name or literal address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/**
 * Parses a URL (without a trailing dot of the host) and checks it against the source's list: scheme, host (name, literal or CIDR), port, path prefix.
 * Throws fatal `address-refused`, always with the same words, so that refusals tell nothing about the network.
 */
export function checkUrl(raw: string, allowed: readonly AllowedOrigin[]): URL {
  const url = parseStrict(raw);
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  if (url.protocol !== `${scheme}:`) throw addressRefused();
  const port = url.port === '' ? defaultPorts[scheme] : Number(url.port);
  checkEndpoint({ scheme, host: hostOf(url), port, path: url.pathname }, allowed);
  return url;
}

/** Checks an endpoint of any protocol against the source's list. Throws fatal `address-refused`. */
export function checkEndpoint(endpoint: Endpoint, allowed: readonly AllowedOrigin[]): void {
  const { host } = endpoint;
  if (metadataNames.has(host)) throw addressRefused();
  if (isIP(host) !== 0 && !addressAllowed(host, host, allowed)) throw addressRefused();
  if (!allowed.some((origin) => matches(endpoint, origin))) throw addressRefused();
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

function matches({ scheme, host, port, path }: Endpoint, origin: AllowedOrigin): boolean {
  return (
    scheme === origin.scheme &&
    sameHost(host, origin.host) &&
    port === (origin.port ?? defaultPorts[scheme]) &&
    underPrefix(path, origin.pathPrefix ?? '/')
  );
}

function sameHost(host: string, listed: string): boolean {
  if (isIP(host) !== 0) return inRange(host, listed);
  return !isRange(listed) && host === listed.toLowerCase().replace(/\.$/, '');
}

function underPrefix(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}
