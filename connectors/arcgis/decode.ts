import { readFile } from 'node:fs/promises';
import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { openCellRows } from '../decode/cell-rows.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import { geoGeometry } from '../decode/esri-geometry.ts';
import { readGeoFeatures, type GeoFound } from '../decode/geo-features.ts';
import { typeTable } from '../decode/typed-select.ts';
import { attributeColumns } from './attribute-columns.ts';
import type { ArcgisConfig, ArcgisLayer } from './config.ts';
import { layerDescription, type LayerDescription } from './layer-description.ts';
import { layerStream } from './streams.ts';

/** Features whose geometry is turned at a time. */
const slice = 2000;

/** Decodes one layer: the features of all its pages or files, each once. */
export async function decodeLayer(session: DecodeSession, config: ArcgisConfig): Promise<void> {
  const layer = config.layers.find((one) => session.streams.includes(layerStream(one)));
  if (layer === undefined) throw fileTrouble('file-empty', { name: '' }, '');
  const described = session.files.find(({ name }) => name === 'metadata.json');
  const description = await descriptionOf(described);
  const pages = session.files.filter((file) => file !== described);
  await session.run(`create or replace temp table given (_file integer, _row bigint, id varchar,
    properties json, geometry varchar, geometry_type varchar, west decimal(12,8), south decimal(12,8),
    east decimal(12,8), north decimal(12,8), _malformed varchar)`);
  for (const page of pages) await addPage(session, layer, page);
  const keys = await session.rows(
    'select distinct unnest(json_keys(properties)) as key from given where properties is not null',
  );
  const names = keys.map(({ key }) => key ?? '');
  const [first = { name: layer.path }] = pages;
  await keepOnce(session, description, names);
  await typeTable(session, `decoded_${layerStream(layer)}`, {
    from: 'feature',
    columns: attributeColumns({ config, layer, description, names, file: first }),
    raw: `to_json({'attributes': properties, 'geometry_type': geometry_type})::varchar`,
  });
}

async function descriptionOf(file: LandedFile | undefined): Promise<LayerDescription | undefined> {
  if (file === undefined) return undefined;
  const text = (await readFile(file.path, 'utf8')).replace(/^\ufeff/, '');
  return layerDescription(JSON.parse(text));
}

async function addPage(
  session: DecodeSession,
  layer: ArcgisLayer,
  file: LandedFile,
): Promise<void> {
  refuseCut(file);
  const found = await readGeoFeatures(session, file, 'page');
  const geometry = await turnedGeometry(session, layer, file, found);
  await session.run(`insert into given by name
    select p._file, p._row, p.id, p.properties, ${geometry} as geometry, p.geometry_type, p.west, p.south, p.east, p.north, p._malformed
    from page p left join turned t on t.n = p._row;
    drop table page; drop table turned`);
}

/** SQL for the geometry as GeoJSON in WGS 84: as it came, or turned from Esri JSON. */
async function turnedGeometry(
  session: DecodeSession,
  { geometry, path }: ArcgisLayer,
  file: LandedFile,
  { dialect, isMercator, crs, features }: GeoFound,
): Promise<string> {
  const rows = await openCellRows(session, 'turned', ['n'], ['shape']);
  const isTurned = geometry && dialect === 'esri';
  for (let from = 0; isTurned && from < features; from += slice) {
    const given = await session.rows(
      `select _row, geometry from page where geometry is not null and _row > ${from} and _row <= ${from + slice}`,
    );
    if (given.length > 0 && crs !== 4326 && !isMercator)
      throw fileTrouble('projection-unknown', file, `${path}: ${crs}`);
    for (const { _row: row, geometry: text } of given) {
      const shape = geoGeometry(JSON.parse(text ?? 'null'), isMercator);
      rows.add([Number(row)], [shape === undefined ? null : JSON.stringify(shape)]);
    }
    await rows.flush();
  }
  await rows.close();
  if (!geometry) return 'null::varchar';
  return dialect === 'esri' ? 't.shape' : 'p.geometry';
}

/**
 * Features that pages share (borders of boxes, rows that moved while pages were turned) are one: by their object id,
 * else by everything they say.
 */
async function keepOnce(
  session: DecodeSession,
  description: LayerDescription | undefined,
  names: readonly string[],
): Promise<void> {
  const field = description?.objectIdField?.toLowerCase();
  const spellings = names.filter((name) => name.toLowerCase() === field);
  const values = spellings.map((name) => `properties ->> ${literal(name)}`);
  const id = `coalesce(${[...values, 'id'].join(', ')})`;
  const same =
    field === undefined
      ? 'properties::varchar, geometry'
      : `${id}, if(${id} is null, properties::varchar, '')`;
  const once =
    description === undefined
      ? ''
      : `qualify row_number() over (partition by ${same} order by _file, _row) = 1`;
  await session.run(`create or replace temp table feature as
    select *, ${id} as ${quoted('object id')} from given ${once}`);
}

/** The listing's size of a file is kept with its receipt: fewer bytes are a cut file. */
function refuseCut(file: LandedFile): void {
  const listed = file.request?.['listedBytes'];
  if (typeof listed === 'number' && listed !== file.bytes)
    throw fileTrouble('file-cut', file, `${file.bytes} / ${listed} byte`);
}
