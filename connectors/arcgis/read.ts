import { posix } from 'node:path';
import { z } from 'zod';
import { failureOf } from '../../core/errors.ts';
import type { FileEntry } from '../../net/file-transport.ts';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import type { Completeness, ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import { isWebBase } from '../source-base.ts';
import { arcgisTrouble } from './arcgis-trouble.ts';
import type { ArcgisConfig, ArcgisLayer } from './config.ts';
import type { LayerDescription } from './layer-description.ts';
import { layerPages, type OpenLayer, type Paging } from './layer-pages.ts';
import { LayerService } from './layer-service.ts';
import { layerStream } from './streams.ts';

const positionShape = z.object({ layer: z.string() });

/** A layer whose features are all landed. */
interface Landed {
  readonly batch: string;
  readonly completeness: Completeness;
}

/** Reads every layer on every run, in the order declared: one layer is one batch and the whole of its stream. */
export async function* readLayers(
  context: ReadContext<ArcgisConfig>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const web = isWebBase(context.config.base);
  for (const layer of layersAfter(context.config.layers, request)) {
    context.signal.throwIfAborted();
    const landed = await (web ? landLayer(context, layer) : landFiles(context, layer));
    yield {
      batch: landed.batch,
      key: layer.id,
      streams: [layerStream(layer)],
      cursor: { layer: layer.id },
      position: { layer: layer.id },
      completeness: { ...landed.completeness, covers: [layerStream(layer)] },
    };
  }
}

/**
 * Lands a layer, counted before and after. Where nobody said how to page, a way that the server turns out to ignore is
 * given up for the next one, with a batch of its own.
 */
async function landLayer(context: ReadContext<ArcgisConfig>, layer: ArcgisLayer): Promise<Landed> {
  const service = new LayerService(context, layer);
  const description = await service.describe();
  const count = await service.count();
  const { pageSize: wanted } = context.config;
  const pageSize = Math.min(wanted, description.most ?? wanted);
  const open = { service, description, name: layer.path, pageSize, count };
  const ways = pagings(layer, description);
  for (const [at, way] of ways.entries()) {
    try {
      return await landPages(context, layer, open, way, description.piece);
    } catch (error) {
      const { code } = failureOf(error);
      if (!['page-repeats', 'paging-impossible'].includes(code) || at === ways.length - 1)
        throw error;
      context.log.warn('paging-ignored', { layer: layer.path, paging: way, code });
    }
  }
  throw arcgisTrouble('paging-impossible', layer.path);
}

async function landPages(
  context: ReadContext<ArcgisConfig>,
  layer: ArcgisLayer,
  open: OpenLayer,
  way: Paging,
  metadata: LandedPiece,
): Promise<Landed> {
  const batch = await context.openBatch(layer.id);
  await batch.land(metadata);
  for await (const page of layerPages(open, way)) {
    context.signal.throwIfAborted();
    await batch.land(page.piece);
  }
  const { count } = open;
  const after = await open.service.count();
  if (after !== count)
    throw arcgisTrouble('total-unstable', `${layer.path}: ${count ?? '?'} → ${after ?? '?'}`);
  const completeness: Completeness =
    count === undefined
      ? { proof: 'end-marker' }
      : { proof: 'total', declared: { [layerStream(layer)]: count } };
  return { batch: batch.id, completeness };
}

function pagings({ paging }: ArcgisLayer, { takesOffset }: LayerDescription): readonly Paging[] {
  if (paging !== 'auto') return [paging];
  return takesOffset ? ['offset', 'ids', 'box'] : ['ids', 'box', 'offset'];
}

async function landFiles(context: ReadContext<ArcgisConfig>, layer: ArcgisLayer): Promise<Landed> {
  const batch = await context.openBatch(layer.id);
  for (const { name, path, bytes } of await layerFiles(context, layer)) {
    context.signal.throwIfAborted();
    const request = { file: name, listedBytes: bytes };
    await batch.land({ name, bytes: context.files.open(path), request });
  }
  return { batch: batch.id, completeness: { proof: 'digest' } };
}

/** The files of a layer: `*` in the last part of its path stands for any text. Throws data `file-not-found`. */
export async function layerFiles(
  { config, files }: Pick<ReadContext<ArcgisConfig>, 'config' | 'files'>,
  { path }: ArcgisLayer,
): Promise<readonly FileEntry[]> {
  const pattern = posix
    .basename(path)
    .replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*');
  const directory = posix.join(config.base, posix.dirname(path));
  const found = await files.list(directory, new RegExp(`^${pattern}$`));
  if (found.length === 0) throw arcgisTrouble('file-not-found', path);
  return found;
}

function layersAfter(
  layers: readonly ArcgisLayer[],
  { position, streams }: ReadRequest,
): readonly ArcgisLayer[] {
  const done = positionShape.safeParse(position);
  const at = done.success ? layers.findIndex(({ id }) => id === done.data.layer) : -1;
  return layers.slice(at + 1).filter((layer) => streams?.includes(layerStream(layer)) ?? true);
}
