import type { JsonObject } from './json.ts';

/**
 * How the rows of a batch were classified, per stream. Always:
 * received = new + changed + unchanged + duplicate + filtered + quarantined; `deleted` is counted beside it.
 */
export interface LoadCounts {
  readonly received: number;
  readonly new: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly duplicate: number;
  readonly filtered: number;
  readonly quarantined: number;
  readonly deleted: number;
}

/** How a stream, batch or run ended; derived from counts and proofs, never set. `held` publishes nothing. */
export type LoadStatus = 'ok' | 'empty' | 'partial' | 'held' | 'failed' | 'cancelled';

/** Nothing received. */
export const noRows: LoadCounts = {
  received: 0,
  new: 0,
  changed: 0,
  unchanged: 0,
  duplicate: 0,
  filtered: 0,
  quarantined: 0,
  deleted: 0,
};

/** Sums counts, e.g. of the batches of a run. */
export function addCounts(a: LoadCounts, b: LoadCounts): LoadCounts {
  return {
    received: a.received + b.received,
    new: a.new + b.new,
    changed: a.changed + b.changed,
    unchanged: a.unchanged + b.unchanged,
    duplicate: a.duplicate + b.duplicate,
    filtered: a.filtered + b.filtered,
    quarantined: a.quarantined + b.quarantined,
    deleted: a.deleted + b.deleted,
  };
}

/** Counts as a state row keeps them; what it does not name is 0. */
export function readCounts(kept: JsonObject): LoadCounts {
  const count = (name: keyof LoadCounts): number => {
    const value = kept[name];
    return typeof value === 'number' ? value : 0;
  };
  return {
    received: count('received'),
    new: count('new'),
    changed: count('changed'),
    unchanged: count('unchanged'),
    duplicate: count('duplicate'),
    filtered: count('filtered'),
    quarantined: count('quarantined'),
    deleted: count('deleted'),
  };
}

/** Whether every received row is accounted for. */
export function balances(c: LoadCounts): boolean {
  return c.received === c.new + c.changed + c.unchanged + c.duplicate + c.filtered + c.quarantined;
}
