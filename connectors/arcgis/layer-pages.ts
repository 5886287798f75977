import { createHash } from 'node:crypto';
import { arcgisTrouble } from './arcgis-trouble.ts';
import type { LayerDescription, LayerExtent } from './layer-description.ts';
import type { FeaturePage, LayerQuery, LayerService } from './layer-service.ts';

/** How a layer is cut into pages. */
export type Paging = 'offset' | 'ids' | 'box';

/** A layer that is about to be read. */
export interface OpenLayer {
  readonly service: LayerService;
  readonly description: LayerDescription;
  readonly name: string;
  readonly pageSize: number;
  /** Features it says to have; undefined where it does not say. */
  readonly count: number | undefined;
}

/** A server without a declared limit is taken to cut at this many, the default of its kind. */
const usualLimit = 1000;
/** Boxes are quartered so often at most: a side is then a 16-millionth of the layer's. */
const deepest = 24;
/** Ranges of object ids that are asked for at most where only the least and greatest are known. */
const mostRanges = 100_000;

/**
 * All pages of a layer, in one of three ways. Every page that was not empty is given once; a server that ignores the
 * way of paging is found out by a page that comes again.
 *
 * Throws data `page-repeats`, `page-missing`, `total-unstable`, `paging-impossible`.
 */
export function layerPages(layer: OpenLayer, paging: Paging): AsyncGenerator<FeaturePage> {
  const asker = new PageAsker(layer);
  if (paging === 'offset') return byOffset(layer, asker);
  return paging === 'ids' ? byIds(layer, asker) : byBox(layer, asker);
}

/** Asks for pages, numbers them, and refuses one that came before. */
class PageAsker {
  readonly #layer: OpenLayer;
  readonly #seen = new Set<string>();
  #asked = 0;

  constructor(layer: OpenLayer) {
    this.#layer = layer;
  }

  /** A page that may be equal to another. */
  any(query: LayerQuery): Promise<FeaturePage> {
    this.#asked += 1;
    return this.#layer.service.features(query, this.#asked);
  }

  /** A page that has to differ from all before it. */
  async page(query: LayerQuery): Promise<FeaturePage> {
    return this.fresh(await this.any(query), query);
  }

  /** The page, if it is not one that came before. */
  fresh(page: FeaturePage, query: LayerQuery): FeaturePage {
    const { bytes } = page.piece;
    if (page.features === 0 || !(bytes instanceof Uint8Array)) return page;
    const digest = createHash('sha256').update(bytes).digest('base64');
    if (this.#seen.has(digest))
      throw arcgisTrouble('page-repeats', `${this.#layer.name}: ${JSON.stringify(query)}`);
    this.#seen.add(digest);
    return page;
  }
}

/** The next offset counts what came, not what was asked for; without a count the end is an empty page. */
async function* byOffset(layer: OpenLayer, asker: PageAsker): AsyncGenerator<FeaturePage> {
  const { description, pageSize, count } = layer;
  const order = description.objectIdField;
  for (let offset = 0; ;) {
    const page = await asker.page({
      resultOffset: String(offset),
      resultRecordCount: String(pageSize),
      ...(order === undefined ? {} : { orderByFields: order }),
    });
    if (page.features > 0) yield page;
    offset += page.features;
    if (count !== undefined && offset > count)
      throw arcgisTrouble('page-repeats', `${layer.name}: ${offset} / ${count}`);
    if (offset === count) return;
    if (page.features > 0) continue;
    if (count === undefined && !page.exceeded) return;
    throw arcgisTrouble('page-missing', `${layer.name}: ${offset} / ${count ?? '?'}`);
  }
}

async function* byIds(layer: OpenLayer, asker: PageAsker): AsyncGenerator<FeaturePage> {
  const { service, description, pageSize, count, name } = layer;
  const field = description.objectIdField;
  if (field === undefined) throw arcgisTrouble('paging-impossible', name);
  const ids = await service.objectIds();
  if (ids === undefined) {
    yield* byIdRange(layer, field, asker);
    return;
  }
  if (count !== undefined && ids.length !== count)
    throw arcgisTrouble('total-unstable', `${name}: count ${count}, ids ${ids.length}`);
  for (let at = 0; at < ids.length; at += pageSize)
    yield* listedIds(layer, field, ids.slice(at, at + pageSize), asker);
}

/** A range of known ids: fewer features than ids means a smaller limit than asked, so the range is halved. */
async function* listedIds(
  layer: OpenLayer,
  field: string,
  ids: readonly number[],
  asker: PageAsker,
): AsyncGenerator<FeaturePage> {
  const query = { where: between(field, ids[0] ?? 0, ids.at(-1) ?? 0) };
  const page = await asker.any(query);
  if (page.features === ids.length) {
    yield asker.fresh(page, query);
    return;
  }
  const wrong = `${layer.name}: ${field} ${ids[0] ?? ''}–${ids.at(-1) ?? ''}: ${page.features} / ${ids.length}`;
  if (page.features > ids.length) throw arcgisTrouble('page-repeats', wrong);
  if (ids.length === 1 || page.features === 0) throw arcgisTrouble('page-missing', wrong);
  const half = Math.ceil(ids.length / 2);
  yield* listedIds(layer, field, ids.slice(0, half), asker);
  yield* listedIds(layer, field, ids.slice(half), asker);
}

/** Ranges between the least and greatest id, for servers that do not list them. */
async function* byIdRange(
  layer: OpenLayer,
  field: string,
  asker: PageAsker,
): AsyncGenerator<FeaturePage> {
  const range = await layer.service.idRange(field);
  if (range === undefined) throw arcgisTrouble('paging-impossible', layer.name);
  const [least, most] = range;
  const width = Math.min(layer.pageSize, layer.description.most ?? layer.pageSize);
  if ((most - least) / width > mostRanges) throw arcgisTrouble('paging-impossible', layer.name);
  for (let from = least; from <= most; from += width) {
    const page = await asker.page({ where: between(field, from, from + width - 1) });
    if (page.exceeded || page.features > width)
      throw arcgisTrouble('page-missing', `${layer.name}: ${field} ${from}`);
    if (page.features > 0) yield page;
  }
}

/** Boxes, quartered until none is full. Features on a border come in two of them, and are one after decoding. */
async function* byBox(layer: OpenLayer, asker: PageAsker): AsyncGenerator<FeaturePage> {
  const { description, name } = layer;
  if (description.extent === undefined) throw arcgisTrouble('paging-impossible', name);
  await refuseDeaf(layer, description.extent, asker);
  const limit = Math.min(description.most ?? usualLimit, layer.pageSize);
  const open: { readonly box: LayerExtent; readonly depth: number }[] = [
    { box: scaled(description.extent, 1.01), depth: 0 },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { box, depth } = next;
    const page = await asker.any(boxQuery(box));
    if (!page.exceeded && page.features < limit) {
      if (page.features > 0) yield page;
    } else if (depth === deepest) throw arcgisTrouble('page-missing', `${name}: box`);
    else open.push(...quarters(box).map((one) => ({ box: one, depth: depth + 1 })));
  }
}

/** A server that ignores boxes gives features for a box in which the layer has none. */
async function refuseDeaf(layer: OpenLayer, extent: LayerExtent, asker: PageAsker): Promise<void> {
  const width = Math.max(extent.xmax - extent.xmin, 1e-6);
  const beside = { ...extent, xmin: extent.xmax + width, xmax: extent.xmax + 2 * width };
  const { features } = await asker.any(boxQuery(beside));
  if (features > 0) throw arcgisTrouble('page-repeats', `${layer.name}: box`);
}

function between(field: string, from: number, to: number): string {
  return `${field} >= ${from} AND ${field} <= ${to}`;
}

function boxQuery({ xmin, ymin, xmax, ymax, wkid }: LayerExtent): LayerQuery {
  return {
    geometry: [xmin, ymin, xmax, ymax].join(','),
    geometryType: 'esriGeometryEnvelope',
    spatialRel: 'esriSpatialRelIntersects',
    inSR: String(wkid),
  };
}

function scaled({ xmin, ymin, xmax, ymax, wkid }: LayerExtent, by: number): LayerExtent {
  const [dx, dy] = [(xmax - xmin) * (by - 1) + 1e-6, (ymax - ymin) * (by - 1) + 1e-6];
  return { xmin: xmin - dx, ymin: ymin - dy, xmax: xmax + dx, ymax: ymax + dy, wkid };
}

function quarters(box: LayerExtent): readonly LayerExtent[] {
  const { xmin, ymin, xmax, ymax } = box;
  const [x, y] = [(xmin + xmax) / 2, (ymin + ymax) / 2];
  return [
    { ...box, xmax: x, ymax: y },
    { ...box, xmin: x, ymax: y },
    { ...box, xmax: x, ymin: y },
    { ...box, xmin: x, ymin: y },
  ];
}
