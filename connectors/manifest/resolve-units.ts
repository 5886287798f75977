import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import { makeAreaTable } from '../decode/area-table.ts';
import { areaWords } from '../decode/area-words.ts';
import { headerWords } from '../decode/header-words.ts';
import { makeLookup } from '../decode/lookup-table.ts';
import type { ManifestColumn } from './schema/column-schema.ts';
import type { ManifestStream } from './schema/stream-schema.ts';

/** A column whose text names a unit, and how. */
interface Naming {
  readonly column: ManifestColumn;
  readonly kind: 'area' | 'agency';
  readonly by: 'code' | 'name' | 'either';
  readonly on: string | undefined;
  readonly unresolved: 'quarantine' | 'null';
  /** Condition on a unit `u`. */
  readonly among: string;
  /** Digits of a code, which spreadsheets cut the zeros from. */
  readonly digits: number;
}

const digitsOf = { province: 2, district: 3, commune: 5 } as const;

/**
 * Turns codes and names of administrative units and agencies into codes, as they were in force on the row's day. A text
 * that no unit fits, or more than one, sends the row to quarantine or becomes null, as declared. Areas come with the
 * release; agencies are those that the home knows.
 */
export async function resolveUnits(
  session: DecodeSession,
  stream: ManifestStream,
  raw: string,
): Promise<void> {
  const namings = stream.columns.flatMap(namingOf);
  if (namings.some(({ kind }) => kind === 'area')) await makeAreaTable(session, 'area_units');
  if (namings.some(({ kind }) => kind === 'agency')) await makeAgencyTable(session);
  for (const naming of namings) await resolveColumn(session, stream, naming, raw);
}

function namingOf(column: ManifestColumn): readonly Naming[] {
  const { area, agency } = column;
  if (area !== undefined) {
    const { level, provinces } = area;
    const province = provinces === undefined ? '' : ` and u.province in ${inList(provinces)}`;
    const among = `u.level = ${literal(level)}${province}`;
    const digits = digitsOf[level];
    return [{ column, kind: 'area', ...rule(area), among, digits }];
  }
  if (agency === undefined) return [];
  return [{ column, kind: 'agency', ...rule(agency), among: 'true', digits: 0 }];
}

function rule({
  by,
  on,
  unresolved,
}: Pick<Naming, 'by' | 'unresolved'> & { readonly on?: string }) {
  return { by, on, unresolved };
}

function inList(texts: readonly string[]): string {
  return `(${texts.map(literal).join(', ')})`;
}

/** What the home knows of agencies; none where it has no list of them. */
async function makeAgencyTable(session: DecodeSession): Promise<void> {
  const known = await session.rows(`select table_name from information_schema.tables
    where table_schema = 'dim' and table_name = 'agency'`);
  await session.run(
    known.length === 0
      ? `create or replace temp table agency_units(code varchar, valid_from varchar, valid_to varchar, kind varchar, name varchar)`
      : `create or replace temp table agencies as
          select agency_code as code, valid_from::varchar as valid_from,
            coalesce(valid_to::varchar, '9999-12-31') as valid_to, agency_name from dim.agency`,
  );
  if (known.length === 0) return;
  await makeLookup(session, {
    into: 'agency_names',
    from: 'agencies',
    column: 'agency_name',
    columns: ['name'],
    read: (text) => [headerWords(text)],
  });
  await session.run(`create or replace temp table agency_units as
    select a.code, a.valid_from, a.valid_to, null::varchar as kind, n.name
    from agencies a join agency_names n on n.given = a.agency_name`);
}

async function resolveColumn(
  session: DecodeSession,
  stream: ManifestStream,
  naming: Naming,
  raw: string,
): Promise<void> {
  const table = quoted(`decoded_${stream.stream}`);
  const name = quoted(naming.column.name);
  const own = `${table}.${name}`;
  const given = `given_${naming.column.name}`;
  await makeLookup(session, {
    into: given,
    from: table,
    column: name,
    columns: ['code', 'kind', 'name'],
    read: (text) => meaningOf(naming, text),
  });
  const day = dayOf(session, stream, naming);
  await session.run(`create or replace temp table resolved as
    with asked as (select distinct ${own} as given, ${day} as day from ${table} where ${own} is not null),
    found as (
      select a.given, a.day, u.code from asked a join ${quoted(given)} g on g.given = a.given
        join ${naming.kind}_units u on u.code = g.code where ${inForce(naming)}
      union all
      select a.given, a.day, u.code from asked a join ${quoted(given)} g on g.given = a.given
        join ${naming.kind}_units u on u.name = g.name
        where (g.kind is null or g.kind = u.kind) and ${inForce(naming)})
    select a.given, a.day, count(distinct f.code) as n, any_value(f.code) as code
    from asked a left join found f on f.given = a.given and f.day = a.day group by all`);
  const here = `x.given = ${own} and x.day = ${day}`;
  if (naming.unresolved === 'quarantine') {
    const [unknown, ambiguous] = [`${naming.kind}-unknown`, `${naming.kind}-ambiguous`];
    await session.run(`update ${table} set _status = 'quarantined',
        _reason = if(x.n = 0, ${literal(unknown)}, ${literal(ambiguous)}),
        _field = ${literal(naming.column.name)}, _value = x.given, _raw = r._raw
      from ${raw} r, resolved x where r._file = ${table}._file and r._row = ${table}._row
        and ${table}._status is null and x.n <> 1 and ${here}`);
  }
  await session.run(
    `update ${table} set ${name} = if(x.n = 1, x.code, null) from resolved x where ${here}`,
  );
}

function inForce({ among }: Naming): string {
  return `a.day between u.valid_from and u.valid_to and ${among}`;
}

function meaningOf({ kind, by, digits }: Naming, text: string): readonly (string | null)[] {
  const isCode = kind === 'area' ? /^\d+$/.test(text) : true;
  const code = by !== 'name' && isCode ? text.padStart(digits, '0') : null;
  if (by === 'code' || (kind === 'area' && code !== null)) return [code, null, null];
  const words = kind === 'area' ? areaWords(text) : { kind: undefined, name: headerWords(text) };
  return [code, words.kind ?? null, words.name];
}

/** SQL for the day on which a row's unit has to be in force: a column of the row, else the day the bytes came. */
function dayOf(
  session: DecodeSession,
  { stream, columns }: ManifestStream,
  { on }: Naming,
): string {
  const table = quoted(`decoded_${stream}`);
  const type = columns.find(({ name }) => name === on)?.type;
  const received = session.files.map(
    ({ n, receivedAt }) => `when ${n} then ${literal(localDay(receivedAt))}`,
  );
  const came =
    received.length === 0 ? `'9999-12-31'` : `case ${table}._file ${received.join(' ')} end`;
  if (on === undefined || type === undefined) return came;
  const own = `${table}.${quoted(on)}`;
  const local = type === 'timestamptz' ? `(${own} at time zone 'Asia/Ho_Chi_Minh')` : own;
  return `coalesce(strftime(${local}::timestamp, '%Y-%m-%d'), ${came})`;
}

function localDay(instant: string): string {
  return new Date(Date.parse(instant) + 7 * 3_600_000).toISOString().slice(0, 10);
}
