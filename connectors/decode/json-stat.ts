import { z } from 'zod';
import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { cellCount, type Cube, type CubeDimension, type CubeMember } from './cube.ts';
import { fileTrouble } from './decode-trouble.ts';
import type { CubeOptions } from './px-file.ts';

const texts = z.record(z.string(), z.unknown());
const names = z.array(z.string());
const units = z.record(
  z.string(),
  z.looseObject({
    base: z.string().optional().catch(undefined),
    label: z.string().optional().catch(undefined),
    decimals: z.int().optional().catch(undefined),
  }),
);

/** A dimension, as versions 1 and 2 have it. */
const dimensionShape = z.looseObject({
  label: z.string().catch(''),
  category: z.looseObject({
    index: z.union([names, z.record(z.string(), z.int())]).optional(),
    label: texts.optional(),
    unit: units.optional().catch(undefined),
    child: z.record(z.string(), names).optional().catch(undefined),
  }),
});
type DimensionShape = z.infer<typeof dimensionShape>;

const roleShape = z
  .looseObject({ time: names.catch([]), metric: names.catch([]), geo: names.catch([]) })
  .catch({ time: [], metric: [], geo: [] });

/** Everything of a dataset but its values. */
const datasetShape = z.looseObject({
  label: z.string().catch(''),
  source: z.string().nullable().catch(''),
  updated: z.string().catch(''),
  id: names.optional(),
  size: z.array(z.int().nonnegative()).optional(),
  role: z.unknown().optional(),
  dimension: z.record(z.string(), z.unknown()),
});

/** Where the dataset of a file is: alone (2.0), in a bundle (1.x), or in a collection that holds it. */
const places = ['$', '$.dataset', '$.*', '$.link.item[0]'];

/**
 * Reads a JSON-stat table, version 1 or 2: its cells into a temporary table `(n, given, value, status)`. Values may be a
 * list or a sparse object, statuses a list, an object or one text; digits are kept as written. Bytes NUL at the end,
 * which one exporter writes, are left out. A collection must hold one dataset.
 *
 * Throws data `file-not-json`, `file-not-json-stat`, `cells-miscounted`, `cube-too-big`.
 */
export async function readJsonStat(
  session: DecodeSession,
  file: LandedFile,
  { cells }: Pick<CubeOptions, 'cells'>,
): Promise<Cube> {
  const table = `${cells} json`;
  await readDocument(session, file, table);
  const dataset = await metadataOf(session, file, table);
  const cube = cubeOf(file, dataset);
  await writeCells(session, file, table, cells, cellCount(cube.dimensions, file));
  return cube;
}

async function readDocument(
  session: DecodeSession,
  file: LandedFile,
  table: string,
): Promise<void> {
  const text = `rtrim(content, chr(0) || ' ' || chr(10) || chr(13) || chr(9))`;
  try {
    await session.run(`create or replace temp table ${quoted(table)} as
      select coalesce(${places.map((place) => datasetAt(place)).join(', ')}) as dataset
      from (select ltrim(${text}, chr(65279))::json as document from read_text(${literal(file.path)}))`);
  } catch (cause) {
    const detail = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : '';
    throw fileTrouble('file-not-json', file, detail, cause);
  }
}

/** SQL for the object at a place, if it is a dataset. */
function datasetAt(place: string): string {
  const found = place.includes('*')
    ? `json_extract(document, ${literal(place)})[1]`
    : `json_extract(document, ${literal(place)})`;
  return `case when json_exists(${found}, '$.dimension') and json_exists(${found}, '$.value') then ${found} end`;
}

async function metadataOf(session: DecodeSession, file: LandedFile, table: string) {
  const members = ['label', 'source', 'updated', 'id', 'size', 'role', 'dimension'];
  const pick = members.map(
    (name) => `${literal(name)}: json_extract(dataset, ${literal(`$.${name}`)})`,
  );
  const [row] =
    await session.rows(`select to_json({${pick.join(', ')}})::varchar as text from ${quoted(table)}
    where dataset is not null`);
  const text = row?.['text'];
  if (text === undefined || text === null) throw fileTrouble('file-not-json-stat', file, '');
  const given: unknown = JSON.parse(text, (_key, value: unknown) => value ?? undefined);
  const read = datasetShape.safeParse(given);
  if (!read.success)
    throw fileTrouble('file-not-json-stat', file, read.error.issues[0]?.path.join('.') ?? '');
  return read.data;
}

function cubeOf(file: LandedFile, dataset: z.infer<typeof datasetShape>): Cube {
  const { dimension } = dataset;
  const id = dataset.id ?? names.safeParse(dimension['id']).data;
  const size = dataset.size ?? z.array(z.int()).safeParse(dimension['size']).data;
  if (id === undefined || size?.length !== id.length)
    throw fileTrouble('file-not-json-stat', file, 'id, size');
  const role = roleShape.parse(dataset.role ?? dimension['role'] ?? {});
  const dimensions = id.map((code, k) => {
    const read = dimensionShape.safeParse(dimension[code]);
    if (!read.success) throw fileTrouble('file-not-json-stat', file, `dimension.${code}`);
    return dimensionOf(file, code, size[k] ?? 0, read.data, role);
  });
  return {
    label: clean(dataset.label),
    source: dataset.source ?? '',
    updated: dataset.updated,
    unit: '',
    decimals: undefined,
    dimensions,
  };
}

function dimensionOf(
  file: LandedFile,
  code: string,
  size: number,
  { label, category }: DimensionShape,
  role: z.infer<typeof roleShape>,
): CubeDimension {
  const codes = codesOf(category);
  if (codes.length !== size)
    throw fileTrouble('cells-miscounted', file, `${code}: ${codes.length} / ${size}`);
  const parents = new Set(
    Object.entries(category.child ?? {}).flatMap(([one, own]) => (own.length > 0 ? [one] : [])),
  );
  const members = codes.map((one): CubeMember => {
    const given = category.label?.[one];
    const { base, label: unitLabel, decimals } = category.unit?.[one] ?? {};
    const unit = base ?? unitLabel;
    return {
      code: one,
      label: clean(typeof given === 'string' ? given : one),
      ...(unit === undefined ? {} : { unit }),
      ...(decimals === undefined ? {} : { decimals }),
      ...(parents.has(one) ? { isTotal: true as const } : {}),
    };
  });
  const kind = (['time', 'metric', 'geo'] as const).find((name) => role[name].includes(code));
  return { code, label: clean(label === '' ? code : label), role: kind, members };
}

/** Codes in the order of the cells; a dimension of one member may leave the index out. */
function codesOf({ index, label }: DimensionShape['category']): readonly string[] {
  if (Array.isArray(index)) return index;
  if (index === undefined) return Object.keys(label ?? {});
  return Object.entries(index)
    .sort(([, a], [, b]) => a - b)
    .map(([code]) => code);
}

async function writeCells(
  session: DecodeSession,
  file: LandedFile,
  table: string,
  into: string,
  expected: number,
): Promise<void> {
  const list = (
    member: string,
  ) => `select unnest(range(json_array_length(d.${member})::bigint)) as n,
    unnest(json_extract(d.${member}, '$[*]')) as item from d where json_type(d.${member}) = 'ARRAY'`;
  const sparse = (
    member: string,
  ) => `select try_cast(k as bigint) as n, json_extract(d.${member}, '$."' || k || '"') as item
    from d, unnest(json_keys(d.${member})) u(k) where json_type(d.${member}) = 'OBJECT'`;
  await session.run(`create or replace temp table ${quoted(into)} as
    with d as (select json_extract(dataset, '$.value') as value, json_extract(dataset, '$.status') as status from ${quoted(table)}),
      given as (${list('value')} union all ${sparse('value')}),
      signs as (${list('status')} union all ${sparse('status')}
        union all select null::bigint, status from d where json_type(status) = 'VARCHAR'),
      cells as (select coalesce(g.n, s.n) as n, g.item as item, s.item ->> '$' as sign
        from given g full join (select * from signs where n is not null) s on s.n = g.n)
    select n, coalesce(item ->> '$', '') as given,
      case when json_type(item) in ('DOUBLE', 'BIGINT', 'UBIGINT', 'HUGEINT', 'DECIMAL') then item ->> '$' end as value,
      coalesce(sign, (select item ->> '$' from signs where n is null),
        case when json_type(item) = 'VARCHAR' then item ->> '$' end) as status
    from cells; drop table ${quoted(table)}`);
  const [bad] =
    await session.rows(`select count(*) as cells, coalesce(max(n), -1) as last, count(*) filter (where n is null) as lost
    from ${quoted(into)}`);
  const last = Number(bad?.['last']);
  const listed = Number(bad?.['cells']);
  if (last >= expected || bad?.['lost'] !== '0' || (listed === 0 && expected > 0))
    throw fileTrouble('cells-miscounted', file, `${last + 1} / ${expected}`);
}

function clean(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/g, ' ').trim();
}
