import { allRows } from '../control/every-row.ts';
import type { ControlStore, StateRow } from '../control/port.ts';
import { objectMember, textMember } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import { addCounts, noRows, readCounts } from '../core/load-counts.ts';
import { literal } from '../core/sql-text.ts';
import type { StreamContract } from '../core/stream-contract.ts';
import type { Warehouse } from '../warehouse/port.ts';

/** What the league table works with. */
export interface LeagueDependencies {
  readonly store: ControlStore;
  readonly warehouse: Warehouse;
  /** The streams of a source. */
  streams(source: StateRow): readonly StreamContract[];
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
 * How well each source of each agency supplied in a period, the best first: `onTime`, the share of runs that the source
 * answered whole; `complete`, the share of batches that could be published; `valid`, the share of rows that were not
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
  const late = runs.filter(({ status }) => !['ok', 'empty'].includes(status));
  const held = batches.filter(({ status }) => status !== 'published');
  const fresh = batches.filter(({ data }) => data['equalTo'] === undefined);
  const counts = fresh.map(countsOf).reduce(addCounts, noRows);
  const onTime = share(runs.length - late.length, runs.length);
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
    runs: runs.length,
    lateRuns: late
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

/** States in which it is known what became of a first reading. */
const settled = ['published', 'held', 'failed', 'replayed'];

function isInside({ from, to }: LeaguePeriod, at: string): boolean {
  const time = Date.parse(at);
  return (
    time >= Date.parse(`${from}T00:00:00${zone}`) && time <= Date.parse(`${to}T23:59:59.999${zone}`)
  );
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
