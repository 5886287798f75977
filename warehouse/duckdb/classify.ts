import type { DuckDBConnection } from '@duckdb/node-api';
import type { LoadCounts } from '../../core/load-counts.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import { columnNames, currentKey, historyKey } from './contract-tables.ts';
import { decodedTable } from './decoded-shape.ts';
import { readCount, readRows } from './result-table.ts';
import { columnList, equalOn, quoted, sameIn, tableName } from './sql-text.ts';

/**
 * Classification of one stream's decoded rows, in SQL. Windows run over keys and row ids only, and only over keys that
 * occur more than once. It leaves two temporary tables over the row ids of `decoded_<stream>`:
 *
 * - `aside_<stream>(rid, class, reason)`: every row that does not become a current row, and why;
 * - `replacing_<stream>(rid)`: rows that take the place of an older current row.
 *
 * All other rows are new. Nothing here depends on row ids of published tables: a checkpoint may move those.
 */
export interface Classified {
  readonly counts: LoadCounts;
  /** Current rows that leave because the batch covers their partition and no longer holds them. */
  readonly absent: number;
  /** Superseded versions that go to history with an empty recorded interval. */
  readonly older: number;
}

/** Name of the table of rows that do not become current. */
export function asideTable(stream: string): string {
  return quoted(`aside_${stream}`);
}

/** Name of the table of rows that replace a current one. */
export function replacingTable(stream: string): string {
  return quoted(`replacing_${stream}`);
}

/** Classifies one stream; its parent, if any, must have been classified before. */
export async function classify(
  connection: DuckDBConnection,
  contract: StreamContract,
  parent: StreamContract | undefined,
  covered: boolean,
): Promise<Classified> {
  const names = namesOf(contract);
  await setAside(connection, names);
  if (parent !== undefined) await holdChildren(connection, names, parent);
  await settleRepeats(connection, names);
  const occupied =
    (await readRows(connection, `select 1 from ${names.current} limit 1`)).length > 0;
  await compareWithCurrent(connection, names, occupied);
  await recogniseOlder(connection, names);
  const absent = covered && occupied ? await readCount(connection, absentCount(contract)) : 0;
  return countsOf(connection, names, absent);
}

/** Current rows of the covered partitions whose key the batch does not hold; as a FROM and WHERE over `t`. */
export function absentRows(contract: StreamContract): string {
  const { decoded, aside, current } = namesOf(contract);
  const partition = contract.partition ?? [];
  const inside =
    partition.length === 0
      ? 'true'
      : `exists (select 1 from ${decoded} p where ${sameIn(partition, 'p', 't')})`;
  const present = `from ${decoded} d left join ${aside} a on a.rid = d.rowid
    where a.class is distinct from 'filtered' and ${equalOn(contract.key, 'd', 't')}`;
  const unreadable = `from ${aside} u where u.reason = 'key-missing'`;
  return `from ${current} t where ${inside} and not exists (select 1 ${present})
    and not exists (select 1 ${unreadable})`;
}

interface Names {
  readonly decoded: string;
  readonly aside: string;
  readonly replacing: string;
  readonly current: string;
  readonly history: string;
  readonly key: readonly string[];
  readonly values: readonly string[];
}

function namesOf(contract: StreamContract): Names {
  return {
    decoded: decodedTable(contract.stream),
    aside: asideTable(contract.stream),
    replacing: replacingTable(contract.stream),
    current: tableName(currentKey(contract)),
    history: tableName(historyKey(currentKey(contract))),
    key: contract.key,
    values: columnNames(contract).filter((name) => !contract.key.includes(name)),
  };
}

const classes = `enum('filtered', 'quarantined', 'duplicate', 'older', 'unchanged', 'deleted')`;

/** Rows decode itself sorted out, and rows without a key. */
async function setAside(connection: DuckDBConnection, names: Names): Promise<void> {
  const keyless = names.key.map((column) => `${quoted(column)} is null`).join(' or ');
  await connection.run(`create or replace temp table ${names.aside} as
    select rowid as rid,
      (case when _status = 'filtered' then 'filtered' else 'quarantined' end)::${classes} as class,
      case when _status in ('filtered', 'quarantined') then _reason else 'key-missing' end as reason
    from ${names.decoded} where _status in ('filtered', 'quarantined') or ${keyless}`);
}

/** Rows whose parent was quarantined in this batch wait with it. */
async function holdChildren(
  connection: DuckDBConnection,
  names: Names,
  parent: StreamContract,
): Promise<void> {
  await connection.run(`insert into ${names.aside}
    select d.rowid, 'quarantined', 'parent-quarantined' from ${names.decoded} d
    anti join ${names.aside} a on a.rid = d.rowid
    where exists (
      select 1 from ${decodedTable(parent.stream)} p
      join ${asideTable(parent.stream)} q on q.rid = p.rowid and q.class = 'quarantined'
      where ${equalOn(parent.key, 'p', 'd')})`);
}

/** Of several versions of a key the newest wins; equal ones are duplicates, older different ones history. */
async function settleRepeats(connection: DuckDBConnection, names: Names): Promise<void> {
  const key = columnList(names.key);
  await connection.run(`create or replace temp table repeated as
    select ${key} from ${names.decoded} d anti join ${names.aside} a on a.rid = d.rowid
    group by ${key} having count(*) > 1`);
  if ((await readRows(connection, 'select 1 from repeated limit 1')).length === 0) return;
  const version = names.values.length === 0 ? "'-'" : columnList(names.values, 'd');
  await connection.run(`insert into ${names.aside}
    with version as (
      select d.rowid as rid, ${columnList(names.key, 'd')}, d._published_at as published, d._file, d._row,
        d._status is not distinct from 'deleted' as gone,
        case when gone then 0 else hash(${version}) end as one,
        case when gone then 0 else hash('phusa', ${version}) end as two
      from ${names.decoded} d semi join repeated r on ${equalOn(names.key, 'r', 'd')}
      anti join ${names.aside} a on a.rid = d.rowid),
    placed as (
      select rid, gone,
        row_number() over (partition by ${key} order by published desc nulls last, _file desc, _row desc) as place,
        row_number() over (partition by ${key}, gone, one, two
          order by published desc nulls last, _file desc, _row desc) as copy
      from version)
    select rid, case when copy > 1 then 'duplicate' when gone then 'unchanged' else 'older' end, null
    from placed where place > 1`);
}

/** What remains is compared with the current rows; only the batch's keys are looked up. */
async function compareWithCurrent(
  connection: DuckDBConnection,
  names: Names,
  occupied: boolean,
): Promise<void> {
  const { decoded, aside, replacing, current } = names;
  await connection.run(`create or replace temp table matched as
    select d.rowid as rid, d._status is not distinct from 'deleted' as gone,
      ${sameIn(names.values, 'd', 't')} as same, coalesce(d._published_at < t._published_at, false) as late
    from ${decoded} d anti join ${aside} a on a.rid = d.rowid
    join ${current} t on ${equalOn(names.key, 't', 'd')} ${occupied ? '' : 'where false'}`);
  await connection.run(`create or replace temp table ${replacing} as
    select rid from matched where not (gone or same or late);
    insert into ${aside} select rid,
      case when gone and not late then 'deleted' when gone or same then 'unchanged' else 'older' end, null
    from matched where gone or same or late;
    insert into ${aside} select d.rowid, 'unchanged', null from ${decoded} d
    anti join ${aside} a on a.rid = d.rowid where d._status = 'deleted'`);
}

/** An older version that is already kept, as current or in history, changes nothing. */
async function recogniseOlder(connection: DuckDBConnection, names: Names): Promise<void> {
  const { decoded, aside, current, history } = names;
  const older = `select rid from ${aside} where class = 'older'`;
  if ((await readRows(connection, `${older} limit 1`)).length === 0) return;
  const known = (table: string) => `select d.rowid from ${decoded} d
    semi join (${older}) o on o.rid = d.rowid
    join ${table} k on ${equalOn(names.key, 'k', 'd')}
    where ${sameIn([...names.values, '_published_at'], 'k', 'd')}`;
  await connection.run(`update ${aside} set class = 'unchanged'
    where class = 'older' and rid in (${known(current)} union all ${known(history)})`);
}

function absentCount(contract: StreamContract): string {
  return `select count(*) ${absentRows(contract)}`;
}

/** Counts each class for itself, so that a row counted twice or not at all shows as an imbalance. */
async function countsOf(
  connection: DuckDBConnection,
  names: Names,
  absent: number,
): Promise<Classified> {
  const { decoded, aside, replacing } = names;
  const of = (name: string) => `count(*) filter (class = '${name}')`;
  const [row] = await readRows(
    connection,
    `select (select count(*) from ${decoded}), (select count(*) from ${replacing}),
      (select count(*) from ${decoded} d anti join ${aside} a on a.rid = d.rowid
        anti join ${replacing} r on r.rid = d.rowid),
      ${['unchanged', 'duplicate', 'filtered', 'quarantined', 'older', 'deleted'].map(of).join(', ')}
     from ${aside}`,
  );
  const [
    received = 0,
    replaced = 0,
    fresh = 0,
    unchanged = 0,
    duplicate = 0,
    filtered = 0,
    bad = 0,
  ] = (row ?? []).map(Number);
  const [older = 0, deleted = 0] = (row ?? []).slice(7).map(Number);
  const changed = replaced + older + deleted;
  return {
    absent,
    older,
    counts: {
      received,
      new: fresh,
      changed,
      unchanged,
      duplicate,
      filtered,
      quarantined: bad,
      deleted: deleted + absent,
    },
  };
}
