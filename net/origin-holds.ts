import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

/** Until when origins asked to be left alone (`Retry-After`); outlives the run and the process. */
export interface OriginHolds {
  /** Milliseconds since 1970; undefined when the origin may be asked. */
  until(origin: string): number | undefined;
  /** Undefined lifts a hold. */
  hold(origin: string, until: number | undefined): void;
}

/** The longest hold that is kept, whatever a server asks for: a day. */
const longestHoldMs = 86_400_000;

/** The end of a hold that a server asked for, bounded. */
export function holdEnd(now: number, retryAfterMs: number): number {
  return now + Math.min(retryAfterMs, longestHoldMs);
}

/**
 * Holds kept in a small file, replaced as a whole. A file that cannot be read counts as empty: the worst that follows
 * is one request too early.
 */
export function fileHolds(path: string): OriginHolds {
  const holds = read(path);
  return {
    until: (origin) => holds.get(origin),
    hold: (origin, until) => {
      if (holds.get(origin) === until) return;
      if (until === undefined) holds.delete(origin);
      else holds.set(origin, until);
      write(path, holds);
    },
  };
}

function read(path: string): Map<string, number> {
  try {
    const kept: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const entries = typeof kept === 'object' && kept !== null ? Object.entries(kept) : [];
    return new Map(
      entries.flatMap(([origin, until]): [string, number][] =>
        typeof until === 'number' ? [[origin, until]] : [],
      ),
    );
  } catch {
    return new Map();
  }
}

function write(path: string, holds: ReadonlyMap<string, number>): void {
  const next = `${path}.next`;
  const file = openSync(next, 'w', 0o600);
  try {
    writeSync(file, JSON.stringify(Object.fromEntries(holds)));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
}
