import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from './decode-trouble.ts';

/** What a file of features says beside them. */
export interface GeoFound {
  readonly dialect: 'geojson' | 'esri';
  /** EPSG number of the coordinates: 4326 for GeoJSON; what an Esri answer says, 0 where it gives a text only. */
  readonly crs: number;
  /** Coordinates are metres of Web Mercator. */
  readonly isMercator: boolean;
  readonly features: number;
}

/** Web Mercator's numbers, old and new. */
const mercator = [3857, 102100, 102113];
const halfTurn = '20037508.342789244';
const earthRadius = '6378137.0';

/**
 * Reads a GeoJSON file (a collection or one feature, RFC 7946) or an answer of an ArcGIS layer into a temporary table:
 * `_file`, `_row`, `id`, `properties` (JSON text), `geometry` (JSON text as received), `geometry_type`, `positions` (how
 * many points), `west`, `south`, `east`, `north` in degrees (decimal; NULL in an unknown projection), and `_malformed`
 * (`record-not-object`, `geometry-invalid`: outside the earth, or no numbers). A feature without geometry is allowed.
 *
 * Throws data `file-not-json`, `records-missing`, `source-error` (an error answered with HTTP 200).
 */
export async function readGeoFeatures(
  session: DecodeSession,
  file: LandedFile,
  into: string,
): Promise<GeoFound> {
  const document = quoted(`${into} document`);
  await readDocument(session, file, document);
  const found = await describe(session, file, document);
  const coordinates = `coalesce(geometry -> 'coordinates', geometry -> 'rings', geometry -> 'paths', geometry -> 'points')`;
  const point = `'[' || (geometry ->> 'x') || ',' || (geometry ->> 'y') || ']'`;
  await session.run(`create or replace temp table ${quoted(into)} as
    with given as (select unnest(range(1, len(features) + 1)) as _row, unnest(features) as feature from ${document}),
      parts as (select _row, feature, coalesce(feature -> 'properties', feature -> 'attributes') as properties, feature -> 'geometry' as geometry from given),
      texts as (select *, coalesce(${coordinates}::varchar, ${point}) as text from parts),
      numbers as (select *, ${numbersOf('1')} as xs, ${numbersOf('2')} as ys from texts)
    select ${file.n}::integer as _file, _row::bigint as _row, coalesce(feature ->> 'id', properties ->> 'OBJECTID') as id,
      properties::varchar as properties, nullif(geometry::varchar, 'null') as geometry,
      coalesce(geometry ->> 'type', case when (geometry -> 'rings') is not null then 'Polygon' when (geometry -> 'paths') is not null then 'LineString'
        when (geometry -> 'points') is not null then 'MultiPoint' when (geometry -> 'x') is not null then 'Point' end) as geometry_type,
      len(xs)::integer as positions,
      ${degrees('x', 'list_min(xs)', found.crs)} as west, ${degrees('y', 'list_min(ys)', found.crs)} as south,
      ${degrees('x', 'list_max(xs)', found.crs)} as east, ${degrees('y', 'list_max(ys)', found.crs)} as north,
      case when json_type(feature) <> 'OBJECT' then 'record-not-object'
        when coalesce(json_type(geometry), 'NULL') = 'NULL' then null
        when len(xs) = 0 or list_contains(xs, null) or list_contains(ys, null)
          or ${outside(found.crs)} then 'geometry-invalid' end as _malformed
    from numbers order by _row;
    drop table ${document}`);
  return found;
}

/** SQL for the first or second number of every position in a text of coordinates, at any depth. */
function numbersOf(group: '1' | '2'): string {
  const number = '(-?[0-9]+(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?)';
  const all = `regexp_extract_all(text, ${literal(`\\[\\s*${number}\\s*,\\s*${number}`)}, ${group})`;
  return `list_transform(${all}, lambda n: try_cast(n as double))`;
}

function degrees(axis: 'x' | 'y', number: string, crs: number): string {
  if (crs === 4326) return `${number}::decimal(12,8)`;
  if (!mercator.includes(crs)) return 'null::decimal(12,8)';
  return axis === 'x'
    ? `(${number} / ${halfTurn} * 180)::decimal(12,8)`
    : `degrees(2 * atan(exp(${number} / ${earthRadius})) - pi() / 2)::decimal(12,8)`;
}

function outside(crs: number): string {
  const [x, y] = crs === 4326 ? ['180', '90'] : [halfTurn, halfTurn];
  if (crs !== 4326 && !mercator.includes(crs)) return 'false';
  return `list_min(xs) < -${x} or list_max(xs) > ${x} or list_min(ys) < -${y} or list_max(ys) > ${y}`;
}

async function readDocument(session: DecodeSession, file: LandedFile, into: string): Promise<void> {
  try {
    await session.run(`create or replace temp table ${into} as
      select document, case when json_type(document -> 'features') = 'ARRAY' then json_extract(document, '$.features[*]')
        when (document ->> 'type') = 'Feature' then [document] end as features
      from (select ltrim(content, chr(65279))::json as document from read_text(${literal(file.path)}))`);
  } catch (cause) {
    const detail = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : '';
    throw fileTrouble('file-not-json', file, detail, cause);
  }
}

async function describe(
  session: DecodeSession,
  file: LandedFile,
  document: string,
): Promise<GeoFound> {
  const [row] =
    await session.rows(`select document -> 'error' ->> 'message' as error, len(features) as features,
      document ->> 'type' as type, coalesce(document -> 'spatialReference' ->> 'latestWkid', document -> 'spatialReference' ->> 'wkid',
        document -> 'spatialReference' ->> 'wkt', document -> 'features' -> 0 -> 'geometry' -> 'spatialReference' ->> 'wkid') as crs
    from ${document}`);
  const error = row?.['error'] ?? null;
  if (error !== null) throw fileTrouble('source-error', file, error);
  const features = row?.['features'] ?? null;
  if (features === null) throw fileTrouble('records-missing', file, 'features');
  const dialect = /^Feature/.test(row?.['type'] ?? '') ? 'geojson' : 'esri';
  const number = Number(row?.['crs'] ?? 4326);
  const crs = dialect === 'geojson' ? 4326 : Number.isInteger(number) ? number : 0;
  return { dialect, crs, isMercator: mercator.includes(crs), features: Number(features) };
}
