import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import type { AllowedOrigin } from '../core/allowed-origin.ts';
import { addressAllowed, addressRefused } from './allow-list.ts';
import { embeddedIpv4 } from './ip-range.ts';

/** Looks a name up; the shape of `dns.lookup` with `all`. */
export type Lookup = (
  name: string,
  options: LookupOptions & { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** What connections are made with. */
export interface ConnectOptions {
  readonly allowed: readonly AllowedOrigin[];
  readonly timeoutMs: number;
  /** PEM of the source's own certificate authorities; the system's otherwise. */
  readonly ca?: string;
  readonly lookup?: Lookup;
}

/**
 * Connects only to addresses that were looked up once, all of them allowed: nothing is looked up again between the
 * check and the connection, and the connected socket's remote address is compared with the checked ones.
 */
export function guardedConnector(options: ConnectOptions): buildConnector.connector {
  const find = options.lookup ?? systemLookup;
  return (target, done) => {
    const name = target.hostname.replace(/^\[|\]$/g, '');
    const checked = new Set<string>([embeddedIpv4(name)]);
    const connect = buildConnector({
      timeout: options.timeoutMs,
      // said outright, so that neither the environment nor a command-line switch of Node weakens it (A05, A09)
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...authorities(options, name),
      lookup: checkedLookup(name, options.allowed, checked, find),
    });
    connect(target, (...[error, socket]) => {
      if (error) done(error, null);
      else if (reached(socket, checked)) done(null, socket);
      else done(refuse(socket), null);
    });
  };
}

/** The authorities of the listed origin with this name, else those of the whole client, else the system's. */
function authorities({ allowed, ca }: ConnectOptions, name: string): { readonly ca?: string } {
  const own = allowed.find((origin) => origin.host === name && origin.ca !== undefined)?.ca ?? ca;
  return own === undefined ? {} : { ca: own };
}

function checkedLookup(
  name: string,
  allowed: readonly AllowedOrigin[],
  checked: Set<string>,
  find: Lookup,
) {
  return (
    host: string,
    options: LookupOptions,
    done: (
      error: NodeJS.ErrnoException | null,
      address: string | LookupAddress[],
      family?: number,
    ) => void,
  ): void => {
    find(host, { ...options, all: true }, (error, found) => {
      const addresses = error ? [] : found;
      const fit = addresses.every(({ address }) => addressAllowed(name, address, allowed));
      for (const { address } of addresses) checked.add(embeddedIpv4(address));
      const [first] = addresses;
      if (error) done(error, []);
      else if (!fit) done(addressRefused(), []);
      else if (options.all === true || first === undefined) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}

function refuse(socket: Socket): Error {
  socket.destroy();
  return addressRefused();
}

function reached(socket: Socket, checked: ReadonlySet<string>): boolean {
  return socket.remoteAddress !== undefined && checked.has(embeddedIpv4(socket.remoteAddress));
}
