import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import { isWebBase, originsOf } from '../source-base.ts';
import { arcgisConfig, type ArcgisConfig } from './config.ts';
import { decodeLayer } from './decode.ts';
import { LayerService } from './layer-service.ts';
import { layerFiles, readLayers } from './read.ts';
import { arcgisStreams } from './streams.ts';

/** Layers of an ArcGIS FeatureServer or MapServer, or features saved as GeoJSON or Esri JSON: cases, stations, boundaries. */
export const arcgis: Connector<ArcgisConfig> = {
  name: 'arcgis',
  version: '1.0.0',
  label: { vi: 'Lớp bản đồ ArcGIS, GeoJSON', en: 'Map layers of ArcGIS, GeoJSON' },
  description: {
    vi: 'Đối tượng của lớp FeatureServer, MapServer, hoặc tệp GeoJSON, Esri JSON: ca bệnh, điểm quan trắc, ranh giới.',
    en: 'Features of a FeatureServer or MapServer layer, or of GeoJSON and Esri JSON files: cases, stations, boundaries.',
  },
  config: arcgisConfig,
  secrets: { token: { vi: 'Mã truy cập (token) ArcGIS', en: 'ArcGIS token' } },
  capabilities: {
    cursor: 'none',
    deletes: 'absence',
    completeness: 'total',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: arcgisStreams,
  allowed: ({ base, networks }) => originsOf(base, networks),
  check,
  read: readLayers,
  decode: decodeLayer,
  checks: [],
};

async function check(context: Omit<ReadContext<ArcgisConfig>, 'openBatch'>): Promise<Localized> {
  const { layers, base } = context.config;
  const found: string[] = [];
  for (const layer of layers) {
    if (isWebBase(base)) {
      const service = new LayerService(context, layer);
      await service.describe();
      found.push(`${layer.id}: ${(await service.count()) ?? '?'}`);
    } else found.push(`${layer.id}: ${(await layerFiles(context, layer)).length} tệp / files`);
  }
  const list = found.join('; ');
  return { vi: `Đọc được các lớp (${list}).`, en: `The layers can be read (${list}).` };
}
