import { setTimeout as delay } from 'node:timers/promises';
import { silentLogger } from '../../core/logger.ts';
import type { FileAccess, FileLimits } from '../../net/file-transport.ts';

/** What a file transport is handed in tests; it does not wait between tries. */
export function fileAccess(
  allowed: FileAccess['allowed'],
  secrets: Readonly<Record<string, string>>,
  more: Partial<FileAccess> = {},
): FileAccess {
  return {
    source: 'test',
    allowed,
    secret: (name) => {
      const found = secrets[name];
      return found === undefined
        ? Promise.reject(new Error(`no secret ${name}`))
        : Promise.resolve(found);
    },
    signal: new AbortController().signal,
    sleep: (_ms, signal) => delay(1, undefined, { signal }),
    random: () => 0.5,
    log: silentLogger,
    now: () => new Date(),
    ...more,
  };
}

/** Small caps, so that tests of them are quick. */
export const testLimits: FileLimits = {
  connectTimeoutMs: 3_000,
  idleTimeoutMs: 300,
  totalTimeoutMs: 20_000,
  maxBytes: 2_000_000,
  maxEntries: 50,
  retryBudget: 3,
};
