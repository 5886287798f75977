import type { ColumnContract, ColumnType, StreamContract } from '../../core/stream-contract.ts';
import type { ArcgisConfig, ArcgisLayer } from './config.ts';

/** The name of a layer's stream. */
export function layerStream({ id }: Pick<ArcgisLayer, 'id'>): string {
  return `map_${id}`;
}

/** One stream for each layer; a layer is read whole, so that features it no longer has are deleted. */
export function arcgisStreams({ layers }: ArcgisConfig): readonly StreamContract[] {
  return layers.map(streamOf);
}

function streamOf(layer: ArcgisLayer): StreamContract {
  const declared = layer.columns.map(
    ({ name, type, label, classification, unit }): ColumnContract => ({
      name,
      type,
      label,
      classification,
      ...(unit === undefined ? {} : { unit }),
    }),
  );
  return {
    stream: layerStream(layer),
    layer: 'staging',
    label: layer.label,
    key: layer.key,
    ...(layer.subject === undefined ? {} : { subject: layer.subject }),
    deletes: 'absence',
    columns: [...declared, ...placeColumns(layer)],
  };
}

/** Where a feature is; of persons that is personal data too. */
function placeColumns({ subject }: ArcgisLayer): readonly ColumnContract[] {
  const classification = subject === 'person' ? 'personal' : 'public';
  const column = (name: string, type: ColumnType, vi: string, en: string): ColumnContract => ({
    name,
    type,
    label: { vi, en },
    classification,
    ...(type === 'varchar' ? {} : { unit: 'degree' }),
  });
  return [
    column('object_id', 'varchar', 'Số thứ tự trong lớp (không ổn định)', 'Object id (not stable)'),
    column('geometry', 'varchar', 'Hình học (GeoJSON, WGS 84)', 'Geometry (GeoJSON, WGS 84)'),
    column('geometry_type', 'varchar', 'Loại hình', 'Kind of geometry'),
    column('west', 'decimal(12,8)', 'Kinh độ nhỏ nhất', 'Least longitude'),
    column('south', 'decimal(12,8)', 'Vĩ độ nhỏ nhất', 'Least latitude'),
    column('east', 'decimal(12,8)', 'Kinh độ lớn nhất', 'Greatest longitude'),
    column('north', 'decimal(12,8)', 'Vĩ độ lớn nhất', 'Greatest latitude'),
  ];
}
