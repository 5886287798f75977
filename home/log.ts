import pino from 'pino';
import type { JsonObject } from '../core/json.ts';
import type { Logger } from '../core/logger.ts';

/** Structured log on standard error: one JSON line each. */
export function createLog(level: 'debug' | 'info' | 'warn' | 'error'): Logger {
  const log = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(2),
  );
  return {
    debug: (event: string, facts: JsonObject = {}) => log.debug(facts, event),
    info: (event: string, facts: JsonObject = {}) => log.info(facts, event),
    warn: (event: string, facts: JsonObject = {}) => log.warn(facts, event),
    error: (event: string, facts: JsonObject = {}) => log.error(facts, event),
  };
}
