import { BlockList, isIP, isIPv6 } from 'node:net';

/** What an address means to us: the open internet, an inner network, or never to be contacted. */
export type AddressClass = 'public' | 'private' | 'forbidden';

/** Cloud metadata services and addresses that are no destination at all: refused even if a listed range holds them. */
const forbidden = ranges([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  'fd00:ec2::254/128',
  'fe80::/10',
  'ff00::/8',
]);

/** Special-purpose ranges (IANA registries of RFC 6890): reachable only when the source's list names them. */
const inner = ranges([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
]);

/** Classifies a literal address; an IPv4 address hidden in IPv6 (mapped, NAT64) is judged as that IPv4 address. */
export function classifyAddress(address: string): AddressClass {
  const plain = embeddedIpv4(address);
  if (holds(forbidden, plain)) return 'forbidden';
  return holds(inner, plain) ? 'private' : 'public';
}

/** Whether `address` is `range` itself or lies in it; `range` is a literal or CIDR. False when it is neither. */
export function inRange(address: string, range: string): boolean {
  const list = rangeOf(range);
  return list !== undefined && holds(list, embeddedIpv4(address));
}

/** Whether a text is a literal address or a CIDR range. */
export function isRange(text: string): boolean {
  return rangeOf(text) !== undefined;
}

/** The IPv4 address inside `::ffff:a.b.c.d`, `::a.b.c.d` or `64:ff9b::a.b.c.d`; any other address unchanged. */
export function embeddedIpv4(address: string): string {
  if (!isIPv6(address)) return address;
  const host = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const found = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (!found) return host;
  const words = [parseInt(found[1] ?? '', 16), parseInt(found[2] ?? '', 16)];
  return words.flatMap((word) => [word >> 8, word & 255]).join('.');
}

function ranges(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) addRange(list, text);
  return list;
}

function rangeOf(text: string): BlockList | undefined {
  const list = new BlockList();
  return addRange(list, text) ? list : undefined;
}

function addRange(list: BlockList, text: string): boolean {
  const [address = '', bits] = text.split('/');
  const family = isIP(address);
  if (family === 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return false;
  const most = family === 6 ? 128 : 32;
  const prefix = bits === undefined ? most : Number(bits);
  if (prefix > most) return false;
  list.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4');
  return true;
}

function holds(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
