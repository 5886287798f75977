import type { DuckDBConnection } from '@duckdb/node-api';
import { noRows, type LoadCounts } from '../../core/load-counts.ts';
import { takesTombstones, type StreamContract } from '../../core/stream-contract.ts';
import { columnNames, currentKey, historyKey } from './contract-tables.ts';
import { decodedTable } from './decoded-shape.ts';
import { bulk, miscounted } from './growing.ts';
import type { KnownRows } from './known-rows.ts';
import { readCount, readRows } from './result-table.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import { columnList, equalOn, sameIn, tableName } from './sql-text.ts';

/**
 * Classification of one stream's decoded rows, in SQL. Windows run over keys and row ids only, and only over keys that
 * occur more than once. It leaves two temporary tables over the row ids of `decoded_<stream>`:
 *
 * - `aside_<stream>(rid, class, reason)`: every row that does not become a current row, and why;
 * - `matched_<stream>(rid, class)`: what came of the rows whose key is already current; `replacing` among them.
 *
 * All other rows are new. Nothing here depends on row ids of published tables: a checkpoint may move those. It runs
 * outside transactions (see `growing.ts`).
 */
export interface Classified {
  readonly counts: LoadCounts;
  /** Current rows that leave because the batch covers their partition and no longer holds them. */
  readonly absent: number;
  /** Superseded versions that go to history with an empty recorded interval. */
  readonly older: number;
  /** Table that holds the current rows of the batch's keys: all current rows, or only these. */
  readonly compared: string;
  /** Whether the rows set aside are marked in `decoded_<stream>` too. */
  readonly marked: boolean;
}

/** Column of `decoded_<stream>` that is true of the rows set aside, where they are marked. */
export const asideMark = '_set_aside';

/** Name of the table of rows that do not become current. */
export function asideTable(stream: string): string {
  return quoted(`aside_${stream}`);
}

/** Name of the table of rows whose key is already current. */
export function matchedTable(stream: string): string {
  return quoted(`matched_${stream}`);
}

/** Classifies one stream; its parent, if any, must have been classified before. */
export async function classify(
  connection: DuckDBConnection,
  contract: StreamContract,
  parent: StreamContract | undefined,
  covered: boolean,
  { compared, ...known }: KnownRows,
  later: readonly string[] = [],
): Promise<Classified> {
  const names = { ...namesOf(contract), compared };
  const found = await firstLook(connection, names);
  let { aside } = found;
  await setAside(connection, names, aside);
  if (found.received === 0 && !covered)
    return withKnown({ counts: noRows, absent: 0, older: 0, compared, marked: false }, known);
  if (parent !== undefined) aside += await holdChildren(connection, names, parent);
  const repeats = found.repeats ? await settleRepeats(connection, names, aside > 0) : 0;
  const matched = await compareWithCurrent(connection, names, aside + repeats > 0, later);
  const replacing = matched.get('replacing') ?? 0;
  aside += repeats + sum(matched.values()) - replacing;
  if (takesTombstones(contract)) aside += await settleTombstones(connection, names);
  if (repeats + (matched.get('older') ?? 0) > 0) await recogniseOlder(connection, names);
  const absent = covered
    ? await readCount(connection, `select count(*) ${absentRows(contract, later)}`)
    : 0;
  const marked = found.received >= bulk && aside > 0;
  if (marked) await markAside(connection, names);
  const made = { received: found.received, aside, replacing, absent };
  return withKnown({ ...(await countsOf(connection, names, made)), compared, marked }, known);
}

/** Rows that were not made are received all the same. */
function withKnown(
  { counts, ...others }: Classified,
  { unchanged, duplicate }: Omit<KnownRows, 'compared'>,
): Classified {
  return {
    ...others,
    counts: {
      ...counts,
      received: counts.received + unchanged + duplicate,
      unchanged: counts.unchanged + unchanged,
      duplicate: counts.duplicate + duplicate,
    },
  };
}

/**
 * Current rows of the covered partitions whose key the batch does not hold; as a FROM and WHERE over `t`. Rows set aside
 * as quarantined keep theirs; an unreadable key proves nothing absent, and a batch nothing of what came after it.
 */
export function absentRows(contract: StreamContract, later: readonly string[] = []): string {
  const { decoded, aside, current, key } = namesOf(contract);
  const partition = contract.partition ?? [];
  const inside =
    partition.length === 0
      ? ''
      : `semi join (select ${columnList(partition)}, max(_published_at) as _published_at
          from ${decoded} group by all) p
         on ${equalOn(partition, 'p', 't')}${contract.parent === undefined ? '' : notNewer}`;
  const present = `select ${columnList(key, 'd')} from ${decoded} d
    anti join (select rid from ${aside} where class = 'filtered') f on f.rid = d.rowid`;
  return `from ${current} t ${inside} anti join (${present}) h on ${equalOn(key, 'h', 't')}
    where not exists (select 1 from ${aside} u where u.reason = 'key-missing') and not ${cameLater(later)}`;
}

/** Parts of a thing carry its time of publishing: an earlier version of it that comes later proves none of them absent. */
const notNewer = ` and coalesce(t._published_at <= p._published_at, true)`;

/** Whether the current row `t` came with one of these batches. */
function cameLater(later: readonly string[]): string {
  return later.length === 0 ? 'false' : `(t._batch in (${later.map(literal).join(', ')}))`;
}

interface Names {
  readonly decoded: string;
  readonly aside: string;
  readonly matched: string;
  readonly current: string;
  readonly compared: string;
  readonly history: string;
  readonly key: readonly string[];
  readonly values: readonly string[];
}

function namesOf(contract: StreamContract): Omit<Names, 'compared'> {
  return {
    decoded: decodedTable(contract.stream),
    aside: asideTable(contract.stream),
    matched: matchedTable(contract.stream),
    current: tableName(currentKey(contract)),
    history: tableName(historyKey(currentKey(contract))),
    key: contract.key,
    values: columnNames(contract).filter((name) => !contract.key.includes(name)),
  };
}

const classes = `enum('filtered', 'quarantined', 'duplicate', 'older', 'unchanged', 'deleted')`;

/**
 * How many rows there are, how many to set aside, and whether a key repeats among the others. `repeated` holds the
 * hashes of those keys, and perhaps that of two others; numbers are grouped in half the time that texts take.
 */
async function firstLook(
  connection: DuckDBConnection,
  names: Names,
): Promise<{ readonly received: number; readonly aside: number; readonly repeats: boolean }> {
  const [row] = await readRows(
    connection,
    `select count(*), count(*) filter (where ${isAside(names)}) from ${names.decoded}`,
  );
  const received = Number(row?.[0]);
  if (received < 2) return { received, aside: Number(row?.[1]), repeats: false };
  const repeated = await readCount(
    connection,
    `create or replace temp table repeated as
      select hash(${columnList(names.key)}) as hash from ${names.decoded}
      where not coalesce(${isAside(names)}, false) group by all having count(*) > 1`,
  );
  return { received, aside: Number(row?.[1]), repeats: repeated > 0 };
}

/** Rows decode itself sorted out, and rows without a key. */
function isAside({ key }: Names): string {
  const keyless = key.map((column) => `${quoted(column)} is null`).join(' or ');
  return `(_status in ('filtered', 'quarantined') or ${keyless})`;
}

async function setAside(connection: DuckDBConnection, names: Names, rows: number): Promise<void> {
  const table = `create or replace temp table ${names.aside}`;
  if (rows === 0) {
    await connection.run(`${table}(rid bigint, class ${classes}, reason varchar)`);
    return;
  }
  const set = await readCount(
    connection,
    `${table} as
    select rowid as rid,
      (case when _status = 'filtered' then 'filtered' else 'quarantined' end)::${classes} as class,
      case when _status in ('filtered', 'quarantined') then _reason else 'key-missing' end as reason
    from ${names.decoded} where ${isAside(names)}`,
  );
  if (set !== rows) throw miscounted(names.aside, rows, set);
}

/** Rows whose parent was quarantined in this batch wait with it. */
async function holdChildren(
  connection: DuckDBConnection,
  names: Names,
  parent: StreamContract,
): Promise<number> {
  const { rowsChanged } = await connection.run(`insert into ${names.aside}
    select d.rowid, 'quarantined', 'parent-quarantined' from ${names.decoded} d
    anti join ${names.aside} a on a.rid = d.rowid
    semi join (
      select ${columnList(parent.key, 'p')} from ${decodedTable(parent.stream)} p
      join ${asideTable(parent.stream)} q on q.rid = p.rowid and q.class = 'quarantined'
    ) held on ${equalOn(parent.key, 'held', 'd')}`);
  return rowsChanged;
}

/** Of several versions of a key the newest wins; equal ones are duplicates, older different ones history. */
async function settleRepeats(
  connection: DuckDBConnection,
  names: Names,
  someAside: boolean,
): Promise<number> {
  const key = columnList(names.key);
  const live = liveRows(names, someAside);
  const version = names.values.length === 0 ? "'-'" : columnList(names.values, 'd');
  const newest = 'order by published desc nulls last, _file desc, _row desc';
  const { rowsChanged } = await connection.run(`insert into ${names.aside}
    with version as (
      select d.rowid as rid, ${columnList(names.key, 'd')}, d._published_at as published, d._file, d._row,
        d._status is not distinct from 'deleted' as gone,
        case when gone then 0 else hash(${version}) end as one,
        case when gone then 0 else hash('phusa', ${version}) end as two
      ${live} semi join repeated r on r.hash = hash(${columnList(names.key, 'd')})),
    placed as (
      select rid, gone, row_number() over (partition by ${key} ${newest}) as place,
        row_number() over (partition by ${key}, gone, one, two ${newest}) as copy
      from version)
    select rid, case when copy > 1 then 'duplicate' when gone then 'unchanged' else 'older' end, null
    from placed where place > 1`);
  return rowsChanged;
}

/** What remains is compared with the current rows; only the batch's keys are looked up. Gives counts by class. */
async function compareWithCurrent(
  connection: DuckDBConnection,
  names: Names,
  someAside: boolean,
  later: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { aside, matched, compared } = names;
  const older = 'coalesce(d._published_at < t._published_at, false)';
  const late =
    later.length === 0
      ? older
      : `if(${cameLater(later)}, not coalesce(d._published_at > t._published_at, false), ${older})`;
  const known = await readCount(
    connection,
    `create or replace temp table ${matched} as
    select d.rowid as rid, d._status is not distinct from 'deleted' as gone,
      ${sameIn(names.values, 'd', 't')} as same, ${late} as late,
      case when gone then if(late, 'unchanged', 'deleted') when same then 'unchanged'
        when late then 'older' else 'replacing' end as class
    ${liveRows(names, someAside)} join ${compared} t on ${equalOn(names.key, 't', 'd')}`,
  );
  if (known === 0) return new Map();
  const rows = await readRows(connection, `select class, count(*) from ${matched} group by class`);
  const counts = new Map(rows.map(([name, count]) => [String(name), Number(count)]));
  if ([...counts.keys()].some((name) => name !== 'replacing')) {
    await connection.run(`insert into ${aside}
      select rid, class, null from ${matched} where class <> 'replacing'`);
  }
  return counts;
}

/** A tombstone whose key is not there changes nothing. */
async function settleTombstones(connection: DuckDBConnection, names: Names): Promise<number> {
  const { rowsChanged } = await connection.run(`insert into ${names.aside}
    select d.rowid, 'unchanged', null ${liveRows(names, true)} where d._status = 'deleted'`);
  return rowsChanged;
}

/** An older version that is already kept, as current or in history, changes nothing. */
async function recogniseOlder(connection: DuckDBConnection, names: Names): Promise<void> {
  const { decoded, aside, compared, history } = names;
  const older = `select rid from ${aside} where class = 'older'`;
  const known = (table: string) => `select d.rowid from ${decoded} d
    semi join (${older}) o on o.rid = d.rowid
    join ${table} k on ${equalOn(names.key, 'k', 'd')}
    where ${sameIn([...names.values, '_published_at'], 'k', 'd')}`;
  await connection.run(`update ${aside} set class = 'unchanged'
    where class = 'older' and rid in (${known(compared)} union all ${known(history)})`);
}

/** Marks the rows set aside: a filter lets the engine publish the others with all its threads, a join does not. */
async function markAside(connection: DuckDBConnection, { decoded, aside }: Names): Promise<void> {
  await connection.run(`alter table ${decoded} add column if not exists ${asideMark} boolean;
    update ${decoded} set ${asideMark} = null where ${asideMark};
    update ${decoded} set ${asideMark} = true where rowid in (select rid from ${aside})`);
}

/**
 * Counts the classes. `new` is what remains; publishing holds the tables to it row by row (`growing.ts`), so that a row
 * set aside twice or not at all stops the load.
 */
async function countsOf(
  connection: DuckDBConnection,
  names: Names,
  found: {
    readonly received: number;
    readonly aside: number;
    readonly replacing: number;
    readonly absent: number;
  },
): Promise<Pick<Classified, 'counts' | 'absent' | 'older'>> {
  const { received } = found;
  const classes =
    found.aside === 0 ? new Map<string, number>() : await asideCounts(connection, names);
  const of = (name: string): number => classes.get(name) ?? 0;
  const counts = {
    received,
    new: received - sum(classes.values()) - found.replacing,
    changed: found.replacing + of('older') + of('deleted'),
    unchanged: of('unchanged'),
    duplicate: of('duplicate'),
    filtered: of('filtered'),
    quarantined: of('quarantined'),
    deleted: of('deleted') + found.absent,
  };
  return { counts, absent: found.absent, older: of('older') };
}

async function asideCounts(
  connection: DuckDBConnection,
  { aside }: Names,
): Promise<ReadonlyMap<string, number>> {
  const rows = await readRows(
    connection,
    `select class::varchar, count(*) from ${aside} group by class`,
  );
  return new Map(rows.map(([name, count]) => [String(name), Number(count)]));
}

/** Decoded rows, as `d`, that are not set aside (so far). */
function liveRows({ decoded, aside }: Names, someAside: boolean): string {
  return `from ${decoded} d ${someAside ? `anti join ${aside} a on a.rid = d.rowid` : ''}`;
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((a, b) => a + b, 0);
}
