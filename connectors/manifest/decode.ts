import { literal, quoted } from '../../core/sql-text.ts';
import { objectMember } from '../../core/json-member.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { noteDrift } from '../decode/note-drift.ts';
import { typeTable } from '../decode/typed-select.ts';
import { fill, settingsOf } from './build-request.ts';
import { typedColumn } from './column-text.ts';
import { changedFields, setAsideChanged, takeRenamed } from './drift.ts';
import { manifestTrouble } from './manifest-trouble.ts';
import { isMade } from './made-column.ts';
import { factorOf, readUnits, refuseUnits } from './printed-units.ts';
import { fieldsOf, readFields } from './read-raw.ts';
import { readableFiles } from './readable-files.ts';
import { resolveUnits } from './resolve-units.ts';
import { retypedColumns } from './retyped-columns.ts';
import { conditionSql, ruleStatements } from './row-rules.ts';
import type { ManifestColumn } from './schema/column-schema.ts';
import type { Manifest } from './schema/manifest-schema.ts';
import type { ManifestStream } from './schema/stream-schema.ts';
import type { Scope, TemplateValue } from './template.ts';

/** Decodes the landed bytes of one batch by the stream's declaration; rows are worked on by the engine only. */
export async function decodeManifest(session: DecodeSession, manifest: Manifest): Promise<void> {
  for (const stream of manifest.streams) {
    if (session.streams.includes(stream.stream)) await decodeStream(session, manifest, stream);
  }
}

async function decodeStream(
  session: DecodeSession,
  manifest: Manifest,
  stream: ManifestStream,
): Promise<void> {
  const raw = `raw_${stream.stream}`;
  const read = { stream, files: await readableFiles(session, stream), raw };
  const found = await readFields(session, read, raw, fieldsOf(stream));
  const changes = await changedFields(session, read, found);
  await takeRenamed(session, read, changes);
  await readUnits(session, stream, raw);
  const type = (without: readonly string[]) => typeStream(session, manifest, stream, without);
  await type([]);
  const retyped = await retypedColumns(session, read);
  const voided = retyped.filter(({ rule }) => rule === 'accept');
  if (voided.length > 0) await type(voided.map(({ column }) => column ?? ''));
  await refuseUnits(session, stream, raw);
  await resolveUnits(session, stream, quoted(raw));
  await applyRules(session, stream, quoted(raw));
  await setAsideChanged(session, read, changes);
  const drift = [...changes.map((change) => change.drift), ...retyped];
  await noteDrift(session, stream.stream, drift, found.names);
  await refuseRowCount(session, stream);
}

/** Types the raw table of a stream; columns `without` values are NULL whatever their texts say. */
async function typeStream(
  session: DecodeSession,
  manifest: Manifest,
  stream: ManifestStream,
  without: readonly string[],
): Promise<void> {
  await typeTable(session, `decoded_${stream.stream}`, {
    from: quoted(`raw_${stream.stream}`),
    columns: stream.columns.map((column, n) =>
      typedColumn(
        asWritten(stream, column),
        without.includes(column.name) ? 'null::varchar' : valueSql(session, manifest, stream, n),
        manifest.dictionaries,
        factorOf(column, n),
      ),
    ),
    raw: '_raw',
    ...publishedAt(stream),
  });
}

/** Date cells of a workbook come in one spelling, whatever the texts beside them look like. */
function asWritten({ decoding }: ManifestStream, column: ManifestColumn): ManifestColumn {
  if (decoding.format !== 'xlsx' || column.formats === undefined) return column;
  return { ...column, formats: ['iso', ...column.formats] };
}

/** SQL for a column's text: its field, or the declared value with the slice of each file filled in. */
function valueSql(
  session: DecodeSession,
  manifest: Manifest,
  stream: ManifestStream,
  n: number,
): string {
  const { value: template, receipt, digest } = stream.columns[n] ?? {};
  if (digest !== undefined) return digestSql(stream, digest);
  if (receipt !== undefined) return fileNameSql(session);
  if (template === undefined) return quoted(`c${n}`);
  const numbers = new Map<string, number[]>();
  for (const file of session.files) {
    const scope = { config: settingsOf(manifest) ?? {}, slice: sliceOf(file) };
    const text = fill(template, { scope, write: String }) ?? '';
    numbers.set(text, [...(numbers.get(text) ?? []), file.n]);
  }
  const cases = [...numbers].map(
    ([text, files]) => `when _file in (${files.join(', ')}) then ${literal(text)}`,
  );
  return cases.length === 0 ? 'null::varchar' : `case ${cases.join(' ')} end`;
}

/** A fingerprint of the texts of some columns, as they came. */
function digestSql({ columns }: ManifestStream, names: readonly string[]): string {
  const texts = columns.flatMap((column, n) =>
    names.includes(column.name) && !isMade(column) ? [`coalesce(${quoted(`c${n}`)}, '')`] : [],
  );
  return `substr(sha256(concat_ws(chr(31), ${texts.join(', ')})), 1, 32)`;
}

function fileNameSql(session: DecodeSession): string {
  const cases = session.files.map(({ n, name }) => `when ${n} then ${literal(name)}`);
  return cases.length === 0 ? 'null::varchar' : `case _file ${cases.join(' ')} end`;
}

function sliceOf({ request }: LandedFile): NonNullable<Scope[string]> {
  const slice = objectMember(request ?? {}, 'slice');
  return Object.fromEntries(
    Object.entries(slice).map(([name, value]): [string, TemplateValue] => [
      name,
      typeof value === 'string' || typeof value === 'number' ? value : undefined,
    ]),
  );
}

function publishedAt({ publishedAt: name, columns }: ManifestStream): {
  readonly publishedAt?: string;
} {
  const column = columns.find((one) => one.name === name);
  if (column === undefined) return {};
  const sql = quoted(column.name);
  return {
    publishedAt:
      column.type === 'timestamptz' ? sql : `${sql}::timestamp at time zone 'Asia/Ho_Chi_Minh'`,
  };
}

/** Rows that are filtered, tell of a deletion, or break a declared rule. */
async function applyRules(
  session: DecodeSession,
  stream: ManifestStream,
  raw: string,
): Promise<void> {
  const table = quoted(`decoded_${stream.stream}`);
  const inRaw = (test: string) => `exists (select 1 from ${raw} r where r._file = ${table}._file
    and r._row = ${table}._row and r._malformed is null and ${test})`;
  for (const [n, condition] of stream.filter.entries()) {
    await session.run(`update ${table} set _status = 'filtered', _reason = 'filtered', _field = ${literal(condition.field)},
      _value = null, _raw = null where ${inRaw(`not ${conditionSql(condition, `r.${quoted(`f${n}`)}`)}`)}`);
  }
  const { tombstone, key } = stream;
  if (tombstone !== undefined && stream.deletes === 'tombstone') {
    const known = key.map((name) => `${quoted(name)} is not null`).join(' and ');
    await session.run(`update ${table} set _status = 'deleted', _reason = null, _field = null, _value = null, _raw = null
      where _status is distinct from 'filtered' and ${known} and ${inRaw(conditionSql(tombstone, 'r.t'))}`);
  }
  for (const statement of ruleStatements(stream, raw)) await session.run(statement);
}

async function refuseRowCount(
  session: DecodeSession,
  { stream, rows }: ManifestStream,
): Promise<void> {
  if (rows === undefined) return;
  const [found] = await session.rows(`select count(*) as n from ${quoted(`decoded_${stream}`)}`);
  const count = Number(found?.['n'] ?? 0);
  const { min = 0, max = Number.POSITIVE_INFINITY } = rows;
  if (count < min || count > max)
    throw manifestTrouble('rows-outside', `${stream}: ${count} (${min}–${rows.max ?? '∞'})`);
}
