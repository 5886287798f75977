import type { Socket } from 'node:net';
import type { AllowedOrigin } from '../core/allowed-origin.ts';
import { checkEndpoint, type Endpoint } from './allow-list.ts';
import { guardedConnector, type Lookup } from './guarded-connect.ts';

/** What a connection that is not HTTP is dialled with. */
export interface DialOptions {
  readonly allowed: readonly AllowedOrigin[];
  readonly timeoutMs: number;
  readonly lookup?: Lookup;
}

/**
 * A connected socket for SFTP and databases, under the same guard as HTTP: the endpoint is on the source's list, the
 * name is looked up once, every address is allowed, and the connected address is one of them. Throws fatal
 * `address-refused`, or what the system says.
 */
export async function dial(endpoint: Endpoint, options: DialOptions): Promise<Socket> {
  checkEndpoint(endpoint, options.allowed);
  const connect = guardedConnector(options);
  const { host, port } = endpoint;
  return new Promise((resolve, reject) => {
    connect({ hostname: host, host, protocol: 'tcp:', port: String(port) }, (...[error, socket]) =>
      error ? reject(error) : resolve(socket),
    );
  });
}
