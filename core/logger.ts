import type { JsonObject } from './json.ts';

/** Structured log: an event name and its facts; no secrets, no personal values. pino satisfies it through main.ts. */
export interface Logger {
  debug(event: string, facts?: JsonObject): void;
  info(event: string, facts?: JsonObject): void;
  warn(event: string, facts?: JsonObject): void;
  error(event: string, facts?: JsonObject): void;
}

/** Drops everything: for tests. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
