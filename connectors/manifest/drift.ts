import type { ColumnDrift } from '../../core/column-drift.ts';
import { driftCode } from '../../core/column-drift.ts';
import { optionalText } from '../../core/json-member.ts';
import type { JsonObject } from '../../core/json.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import { usualDrift, type DriftKind, type DriftRule } from '../../core/stream-contract.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { parsePath } from '../decode/document-path.ts';
import type { RecordsFound } from '../decode/record-decoder.ts';
import { closestName, folded } from './document/closest-name.ts';
import { formatFacts } from './format-facts.ts';
import { inferFields, pathOf } from './infer.ts';
import { isMade } from './made-column.ts';
import { fieldsOf, readFields } from './read-raw.ts';
import type { ManifestStream } from './schema/stream-schema.ts';

/** A stream's files, and the table of texts they were read into. */
export interface ReadStream {
  readonly stream: ManifestStream;
  readonly files: readonly LandedFile[];
  readonly raw: string;
}

/** A change of a field, and the records that it is about: all of some files, or those that a new field has a value in. */
export interface ChangedField {
  readonly drift: ColumnDrift;
  readonly among: { readonly files: readonly number[] } | { readonly field: string };
}

/** The table that new fields are read into. */
const freshTable = 'fresh fields';

/** What becomes of a kind of change in a stream. */
export function ruleOf(
  { guides }: Pick<DecodeSession, 'guides'>,
  { stream, drift = {} }: Pick<ManifestStream, 'stream' | 'drift'>,
  kind: DriftKind,
): DriftRule {
  return guides?.[stream]?.rules[kind] ?? drift[kind] ?? usualDrift[kind];
}

/**
 * Compares the fields that records have with those that are declared. A declared one that is nowhere in a file was renamed,
 * where a field that nobody declared has its name but for accents, case and signs (B29); else it is gone (B28). What nobody
 * declared and nobody saw before is new (B27).
 */
export async function changedFields(
  session: DecodeSession,
  read: ReadStream,
  found: RecordsFound,
): Promise<readonly ChangedField[]> {
  const declared = declaredFields(read.stream);
  const strange = found.names.filter((name) => !declared.has(name));
  const lost = await lostFields(session, read, found, strange);
  const taken = new Set(lost.flatMap(({ drift }) => (drift.was === null ? [] : [drift.field])));
  const fresh = strange.filter((name) => !taken.has(name) && isNew(session, read.stream, name));
  return [...lost, ...(await newFields(session, read, fresh))];
}

async function lostFields(
  session: DecodeSession,
  { stream, files, raw }: ReadStream,
  { missing }: RecordsFound,
  strange: readonly string[],
): Promise<readonly ChangedField[]> {
  const changes: ChangedField[] = [];
  for (const column of stream.columns) {
    const { name, from = name, unitFrom } = column;
    if (isMade(column) || column.optional) continue;
    const wanted = [from, ...(unitFrom === undefined ? [] : [unitFrom])];
    const lost = missing.find((one) => wanted.includes(one.from));
    if (lost === undefined) continue;
    const without = missing.filter((one) => one.from === lost.from).map(({ file }) => file);
    const among = files.filter((file) => without.includes(file.name)).map((file) => file.n);
    const now = strange.find((one) => spoken(one) === spoken(lastName(lost.from)));
    const near = now ?? closestName(lastName(lost.from), strange);
    const kind = now === undefined ? 'removed' : 'renamed';
    const rows = await countRows(session, raw, `_file in (${[...among, -1].join(', ')})`);
    if (rows.some === 0) continue;
    changes.push({
      among: { files: among },
      drift: {
        ...{ stream: stream.stream, kind, rule: ruleOf(session, stream, kind) },
        ...{ field: now ?? lost.from, column: name, was: now === undefined ? null : lost.from },
        ...{ rows: rows.some, of: rows.all },
        proposed:
          near === undefined
            ? { optional: true }
            : { [lost.from === unitFrom ? 'unitFrom' : 'from']: pathOf(stream, near) },
      },
    });
  }
  return changes;
}

/** A name as it is said: without accents, case and signs, `i` and `y` alike (`Tỉ lệ`, `ty_le`). */
function spoken(name: string): string {
  return folded(name).replaceAll('y', 'i');
}

/** A path of one step as a name; any other as it stands. */
function lastName(path: string): string {
  const [first, ...others] = parsePath(path) ?? [];
  return first?.kind === 'member' && others.length === 0 ? first.name : path;
}

async function countRows(session: DecodeSession, raw: string, among: string) {
  const [count] =
    await session.rows(`select count(*) as every, count(*) filter (where ${among}) as some
    from ${quoted(raw)} where _malformed is null`);
  return { all: Number(count?.['every'] ?? 0), some: Number(count?.['some'] ?? 0) };
}

/** Whether a name that nobody declared is one that nobody saw before; where the rule is strict, that nobody allowed. */
function isNew(session: DecodeSession, stream: ManifestStream, name: string): boolean {
  const guide = session.guides?.[stream.stream];
  if (guide?.ignored.includes(name) === true || stream.ignored.includes(name)) return false;
  if (ruleOf(session, stream, 'new') !== 'accept') return true;
  return guide?.seen !== undefined && !guide.seen.includes(name);
}

async function newFields(
  session: DecodeSession,
  read: ReadStream,
  names: readonly string[],
): Promise<readonly ChangedField[]> {
  if (names.length === 0) return [];
  const { stream } = read;
  const columns = await inferFields(session, read, freshTable, names);
  const { all } = await countRows(session, read.raw, 'true');
  return columns.map(({ filled, proposed }, n) => ({
    among: { field: `c${n}` },
    drift: {
      ...{ stream: stream.stream, kind: 'new', rule: ruleOf(session, stream, 'new') },
      ...{ field: names[n] ?? '', column: null, was: null, rows: filled, of: all },
      proposed: withName(proposed, stream),
    },
  }));
}

/** A proposed column under a name that the stream does not have yet. */
function withName(proposed: JsonObject, { columns }: ManifestStream): JsonObject {
  const name = optionalText(proposed, 'name') ?? '';
  const isTaken = columns.some((column) => column.name === name);
  return isTaken ? { ...proposed, name: `${name}_2` } : proposed;
}

/** Reads renamed fields under their new name, where the rule takes them for what they are. */
export async function takeRenamed(
  session: DecodeSession,
  read: ReadStream,
  changes: readonly ChangedField[],
): Promise<void> {
  const { stream, raw } = read;
  const names = new Map(
    changes.flatMap(({ drift: { kind, rule, was, field } }) =>
      kind === 'renamed' && rule === 'accept' && was !== null ? [[was, field] as const] : [],
    ),
  );
  if (names.size === 0) return;
  const fields = fieldsOf(stream).flatMap((field) => {
    const now = names.get(field.from);
    return now === undefined ? [] : [{ ...field, from: pathOf(stream, now) }];
  });
  const renamed = `${raw} renamed`;
  await readFields(session, read, renamed, fields);
  const sets = fields.map(({ as }) => `${quoted(as)} = coalesce(r.${quoted(as)}, n.${quoted(as)})`);
  await session.run(`update ${quoted(raw)} r set ${sets.join(', ')} from ${quoted(renamed)} n
    where n._file = r._file and n._row = r._row; drop table ${quoted(renamed)}`);
}

/** Sends the rows that a change is about to quarantine, where its rule does not take them in. */
export async function setAsideChanged(
  session: DecodeSession,
  { stream, raw }: ReadStream,
  changes: readonly ChangedField[],
): Promise<void> {
  const decoded = quoted(`decoded_${stream.stream}`);
  for (const { drift, among } of changes) {
    if (drift.rule === 'accept') continue;
    const { kind, field, column } = drift;
    const value = 'files' in among ? literal(field) : `n.${quoted(among.field)}`;
    const [from, test] =
      'files' in among
        ? [`${quoted(raw)} r`, `r._file in (${[...among.files, -1].join(', ')})`]
        : [
            `${quoted(raw)} r join ${quoted(freshTable)} n on n._file = r._file and n._row = r._row`,
            `nullif(trim(n.${quoted(among.field)}), '') is not null`,
          ];
    await session.run(`update ${decoded} set _status = 'quarantined', _reason = ${literal(driftCode(kind))},
        _field = ${literal(column ?? field)}, _value = ${value}, _raw = r._raw
      from ${from} where r._file = ${decoded}._file and r._row = ${decoded}._row and r._malformed is null
        and (${decoded}._status is null or ${decoded}._status = 'quarantined') and ${test}`);
  }
}

/** Members at the top of a record that some column, filter or tombstone uses. */
function declaredFields({
  columns,
  filter,
  tombstone,
  decoding,
}: ManifestStream): ReadonlySet<string> {
  const tabular = formatFacts[decoding.format].fields === 'headers';
  const paths = [
    ...columns.flatMap(({ name, from = name, unitFrom = from }) => [from, unitFrom]),
    ...filter.map(({ field }) => field),
    ...(tombstone === undefined ? [] : [tombstone.field]),
  ];
  return new Set(
    paths.flatMap((path) => {
      if (tabular) return [path];
      const [first] = parsePath(path) ?? [];
      return first?.kind === 'member' ? [first.name] : [];
    }),
  );
}
