import { allRows } from '../control/every-row.ts';
import type { ControlStore, StateRow } from '../control/port.ts';
import { objectMember, optionalText, textMember } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import { addCounts, noRows, readCounts } from '../core/load-counts.ts';
import { literal } from '../core/sql-text.ts';
import type { StreamContract } from '../core/stream-contract.ts';
import type { Warehouse } from '../warehouse/port.ts';
import { freshnessSlots, type Slot } from './freshness.ts';

/** What the league table works with. */
export interface LeagueDependencies {
  readonly store: ControlStore;
  readonly warehouse: Warehouse;
  /** The streams of a source. */
  streams(source: StateRow): readonly StreamContract[];
  readonly now: () => Date;
}

/** Days of a period, both included. */
export interface LeaguePeriod {
  readonly from: string;
  readonly to: string;
}

/** Batches and runs that a score names at most, the newest first. */
const mostNamed = 50;

/** Time of Vietnam, in which periods begin and end. */
const zone = '+07:00';

/**
 * How well each source of each agency supplied in a period, the best first: `onTime`, the share of the slots of its
 * declared freshness in which it brought something (without one, the share of runs that it answered whole); `complete`, the share of batches that could be published; `valid`, the share of rows that were not
 * rejected; `delayHours`, the median time between the source's own time of a row and our recording of it, where the
 * source tells one. Each share comes with its numbers and with the runs, batches and rows behind what is missing. A source
 * that nobody read in the period is left out.
 */
export async function supplierLeague(
  deps: LeagueDependencies,
  period: LeaguePeriod,
  seen: (source: StateRow) => boolean,
): Promise<readonly JsonObject[]> {
  const sources = (await allRows(deps.store, 'source', { order: 'oldest' })).filter(seen);
  const rows: JsonObject[] = [];
  for (const source of sources) {
    const row = await leagueRow(deps, period, source);
    if (row !== undefined) rows.push(row);
  }
  return rows.sort((one, other) => Number(other['score']) - Number(one['score']));
}

async function leagueRow(
  deps: LeagueDependencies,
  period: LeaguePeriod,
  source: StateRow,
): Promise<JsonObject | undefined> {
  const where = { where: { source: source.id } };
  const inside = ({ createdAt }: StateRow) => isInside(period, createdAt);
  const runs = (await allRows(deps.store, 'run', where)).filter(inside);
  const batches = (await allRows(deps.store, 'batch', where)).filter(
    (row) => inside(row) && row.data['replays'] === undefined && settled.includes(row.status),
  );
  if (runs.length === 0 && batches.length === 0) return undefined;
  const broken = runs.filter(({ status }) => !['ok', 'empty'].includes(status));
  const held = batches.filter(({ status }) => status !== 'published');
  const fresh = batches.filter(({ data }) => data['equalTo'] === undefined);
  const counts = fresh.map(countsOf).reduce(addCounts, noRows);
  const punctual = punctuality(deps, period, source, fresh);
  const onTime = punctual?.share ?? share(runs.length - broken.length, runs.length);
  const complete = share(batches.length - held.length, batches.length);
  const valid = share(counts.received - counts.quarantined, counts.received);
  return {
    agency: textMember(source.data, 'owner'),
    source: source.id,
    score: Math.round((onTime * complete * valid) ** (1 / 3) * 1000) / 10,
    onTime: percent(onTime),
    complete: percent(complete),
    valid: percent(valid),
    delayHours: await delayHours(deps, period, source),
    freshness: punctual === undefined ? null : punctual.freshness,
    expected: punctual?.expected ?? null,
    lateSlots: punctual?.late ?? [],
    runs: runs.length,
    lateRuns: broken
      .slice(0, mostNamed)
      .map(({ id, status, createdAt }) => ({ id, status, at: createdAt })),
    batches: batches.length,
    heldBatches: held.slice(0, mostNamed).map(named),
    received: counts.received,
    rejected: counts.quarantined,
    rejectedIn: fresh
      .filter((row) => countsOf(row).quarantined > 0)
      .slice(0, mostNamed)
      .map(named),
  };
}

/** How often a source that declares its freshness brought something when it was due. */
interface Punctuality {
  readonly freshness: string;
  /** Slots that have ended since the source was registered. */
  readonly expected: number;
  readonly share: number;
  /** Slots in which nothing came, the newest first. */
  readonly late: readonly JsonObject[];
}

/**
 * A slot counts as kept when a batch with rows that the source had not given before came in it, whatever became of them:
 * whether they were good is told by the other shares. Undefined where no freshness is declared.
 */
function punctuality(
  { now }: LeagueDependencies,
  period: LeaguePeriod,
  source: StateRow,
  batches: readonly StateRow[],
): Punctuality | undefined {
  const freshness = optionalText(source.data, 'freshness');
  if (freshness === undefined) return undefined;
  const { from, to } = spanOf(period);
  const known = Date.parse(source.createdAt);
  const arrivals = batches
    .filter((row) => countsOf(row).received > 0)
    .map(({ createdAt }) => Date.parse(createdAt));
  const slots = freshnessSlots(freshness, { from, to: Math.min(to, now().getTime()) }).filter(
    (slot) => slot.from >= known,
  );
  const late = slots.filter((slot) => !arrivals.some((at) => at >= slot.from && at < slot.to));
  const told = late.map((slot) => ({
    from: new Date(slot.from).toISOString(),
    to: new Date(slot.to).toISOString(),
  }));
  return {
    freshness,
    expected: slots.length,
    share: share(slots.length - late.length, slots.length),
    late: told.reverse().slice(0, mostNamed),
  };
}

/** A period's days as instants, the end excluded. */
function spanOf({ from, to }: LeaguePeriod): Slot {
  const end = Date.parse(`${to}T00:00:00${zone}`) + 86_400_000;
  return { from: Date.parse(`${from}T00:00:00${zone}`), to: end };
}

/** States in which it is known what became of a first reading. */
const settled = ['published', 'held', 'failed', 'replayed'];

function isInside(period: LeaguePeriod, at: string): boolean {
  const { from, to } = spanOf(period);
  return Date.parse(at) >= from && Date.parse(at) < to;
}

function countsOf({ data }: StateRow) {
  const counts = objectMember(data, 'counts');
  return Object.keys(counts)
    .map((stream) => readCounts(objectMember(counts, stream)))
    .reduce(addCounts, noRows);
}

function named(row: StateRow): JsonObject {
  const { quarantined, received } = countsOf(row);
  return {
    id: row.id,
    key: textMember(row.data, 'key'),
    status: row.status,
    received,
    rejected: quarantined,
  };
}

/** A share; nothing asked is nothing missed. */
function share(good: number, all: number): number {
  return all === 0 ? 1 : good / all;
}

function percent(value: number): number {
  return Math.round(value * 1000) / 10;
}

async function delayHours(
  deps: LeagueDependencies,
  { from, to }: LeaguePeriod,
  source: StateRow,
): Promise<number | null> {
  const parts = deps.streams(source).map(
    ({ layer, stream }) => `select _recorded_from, _published_at, _batch from ${layer}.${stream}
      where _published_at is not null and _recorded_from >= timestamptz '${from} 00:00:00${zone}'
        and _recorded_from <= timestamptz '${to} 23:59:59.999${zone}'`,
  );
  if (parts.length === 0) return null;
  const { rows } = await deps.warehouse.select(
    `select round(median(date_diff('second', _published_at, _recorded_from)) / 3600, 1)::varchar
     from (${parts.join(' union all ')}) r
     where _batch in (select batch from ledger.batch where source = ${literal(source.id)})`,
  );
  const value = rows[0]?.[0];
  return typeof value === 'string' ? Number(value) : null;
}
