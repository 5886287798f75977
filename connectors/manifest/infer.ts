import { quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { isoInstant } from '../decode/iso-instant.ts';
import type { InferredColumn, InferredStream } from '../port.ts';
import { readableFiles } from './readable-files.ts';
import { folded } from './document/closest-name.ts';
import { formatFacts } from './format-facts.ts';
import { readFields } from './read-raw.ts';
import type { Manifest } from './schema/manifest-schema.ts';
import type { ManifestStream } from './schema/stream-schema.ts';

/** What the records of each stream of a batch really have: every field at their top, its type, and a column for it. */
export async function inferColumns(
  session: DecodeSession,
  manifest: Manifest,
): Promise<readonly InferredStream[]> {
  const streams = manifest.streams.filter(({ stream }) => session.streams.includes(stream));
  const inferred: InferredStream[] = [];
  for (const stream of streams) inferred.push(await inferStream(session, stream));
  return inferred;
}

async function inferStream(
  session: DecodeSession,
  stream: ManifestStream,
): Promise<InferredStream> {
  const files = await readableFiles(session, stream);
  if (files.length === 0) return { stream: stream.stream, columns: [] };
  const declared = stream.columns.map(({ name, from = name }, n) => ({ as: `x${n}`, from }));
  const { names } = await readFields(session, { stream, files }, 'inferred', declared);
  if (names.length === 0) return { stream: stream.stream, columns: [] };
  const columns = await inferFields(session, { stream, files }, 'inferred', names);
  return { stream: stream.stream, columns };
}

/** Reads fields at the top of records into a temporary table, `c<n>` each, and tells what they look like. */
export async function inferFields(
  session: DecodeSession,
  read: { readonly stream: ManifestStream; readonly files: readonly LandedFile[] },
  into: string,
  names: readonly string[],
): Promise<readonly InferredColumn[]> {
  const fields = names.map((name, n) => ({ as: `c${n}`, from: pathOf(read.stream, name) }));
  await readFields(session, read, into, fields);
  const columns: InferredColumn[] = [];
  for (const [n, name] of names.entries())
    columns.push(await inferColumn(session, read.stream, name, { table: into, as: `c${n}` }));
  return columns;
}

/** A name as a path: in JSON and XML it is one member, whatever its letters. */
export function pathOf({ decoding: { format } }: ManifestStream, name: string): string {
  if (formatFacts[format].fields === 'headers' || /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    return name;
  return `"${name.replaceAll('"', '\\"')}"`;
}

/** Where the texts of a field are. */
interface Texts {
  readonly table: string;
  readonly as: string;
}

async function inferColumn(
  session: DecodeSession,
  stream: ManifestStream,
  name: string,
  texts: Texts,
): Promise<InferredColumn> {
  const { filled, example, writing, person } = await lookAt(session, texts);
  const path = pathOf(stream, name);
  const declared = stream.columns.find(
    ({ name: own, from = own }) => from === path || from.startsWith(`${path}.`),
  )?.name;
  return {
    from: path,
    type: writing.type,
    filled,
    example,
    declared: declared ?? null,
    proposed: {
      name: snakeCase(name),
      from: path,
      ...writing,
      label: { vi: name, en: name },
      classification: person > filled / 2 ? 'personal' : 'internal',
    },
  };
}

/** What the texts of a field look like: how many there are, their type and how it is written, how many tell of persons. */
export async function lookAt(session: DecodeSession, { table, as }: Texts) {
  const column = `trim(${quoted(as)})`;
  const share = (test: string, label: string) => `count(*) filter (where ${test}) as ${label}`;
  const [found = {}] =
    await session.rows(`select count(nullif(${column}, '')) as filled, any_value(nullif(${column}, '')) as example,
      ${share(`regexp_full_match(${column}, '-?(0|[1-9][0-9]{0,17})')`, 'whole')},
      ${share(`regexp_full_match(${column}, '-?(0|[1-9][0-9]{0,17})([.][0-9]{1,9})?')`, 'number')},
      ${share(`lower(${column}) in ('true', 'false')`, 'bool')},
      ${share(`regexp_full_match(${column}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') and try_cast(${column} as date) is not null`, 'day')},
      ${share(`${isoInstant(column, 'Asia/Ho_Chi_Minh')} is not null`, 'instant')},
      ${share(`regexp_full_match(${column}, '[+-]?[0-9]{1,3}([.][0-9]{3})+(,[0-9]+)?|[+-]?[0-9]+,[0-9]+|0')`, 'vietnamese')},
      ${share(`regexp_full_match(${column}, '${vietnameseTime}') and try_cast(split_part(${column}, '/', 2) as integer) <= 12`, 'written')},
      ${share(`regexp_full_match(${column}, '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}')`, 'written_day')},
      ${share(`length(${column}) = 16`, 'minutes')},
      ${share(`regexp_full_match(${column}, '([+]84|0)[0-9]{9}|[0-9]{12}|[0-9]{2}[A-Z][A-Z0-9]?[- ]?[0-9]{4,5}|[^@ ]+@[^@ ]+[.][^@ ]+')`, 'person')}
    from ${quoted(table)} where _malformed is null`);
  const filled = Number(found['filled'] ?? 0);
  const all = (label: string) => filled > 0 && Number(found[label] ?? 0) === filled;
  const person = Number(found['person'] ?? 0);
  return { filled, example: found['example'] ?? null, writing: writingOf(all), person } as const;
}

/** `22/11/2026`, with or without a time. */
const vietnameseTime = '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?';

/** The type, and how officials write it where the texts show it: `20.000` is twenty thousand, days come first. */
function writingOf(all: (label: string) => boolean) {
  if (all('vietnamese') && !all('whole')) return { type: 'decimal(28,9)', numbers: 'vi' } as const;
  if (!all('written')) return { type: typeOf(all) } as const;
  if (all('written_day')) return { type: 'date', formats: ['%d/%m/%Y'] } as const;
  const time = all('minutes') ? '%H:%M' : '%H:%M:%S';
  return { type: 'timestamptz', formats: [`%d/%m/%Y ${time}`] } as const;
}

function typeOf(all: (label: string) => boolean) {
  if (all('bool')) return 'boolean';
  if (all('whole')) return 'bigint';
  if (all('number')) return 'decimal(28,9)';
  if (all('day')) return 'date';
  return all('instant') ? 'timestamptz' : 'varchar';
}

/** A name as a column's: `maPhanAnh` and `Mã phản ánh` become `ma_phan_anh`. */
function snakeCase(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .map(folded)
    .filter((word) => word !== '');
  const joined = words.join('_').replaceAll(/[^a-z0-9_]/g, '');
  return /^[a-z]/.test(joined) ? joined : `c_${joined}`;
}
