import type { AllowedOrigin } from '../../core/allowed-origin.ts';
import type { DatabaseConfig } from './config.ts';

/** Where the database may be reached: its host, and the inner networks that were written down. */
export function databaseOrigins(
  config: Pick<DatabaseConfig, 'server' | 'host' | 'port' | 'networks'>,
): readonly AllowedOrigin[] {
  const { server: scheme, host, port, networks } = config;
  return [host.toLowerCase(), ...networks].map((one) => ({
    scheme,
    host: one,
    ...(port === undefined ? {} : { port }),
  }));
}
