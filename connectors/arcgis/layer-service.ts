import { z } from 'zod';
import type { HttpRequest } from '../../net/http-client.ts';
import { publicRequest } from '../../net/public-request.ts';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import type { ReadContext } from '../port.ts';
import { underBase } from '../source-base.ts';
import { arcgisTrouble } from './arcgis-trouble.ts';
import type { ArcgisConfig, ArcgisLayer } from './config.ts';
import { layerDescription, type LayerDescription } from './layer-description.ts';

/** One answer with features. */
export interface FeaturePage {
  readonly piece: LandedPiece;
  readonly features: number;
  /** The server says that there would be more; servers that cut silently do not. */
  readonly exceeded: boolean;
}

/** A question to a layer, beside `where` and `f`. */
export type LayerQuery = Readonly<Record<string, string>>;

const failure = z.object({
  error: z.object({ code: z.int().optional(), message: z.string().optional() }),
});
const counted = z.object({ count: z.int().min(0) });
const listed = z.object({ objectIds: z.array(z.number()).nullable() });
const page = z.object({
  features: z.array(z.unknown()),
  exceededTransferLimit: z.boolean().optional(),
  properties: z.object({ exceededTransferLimit: z.boolean().optional() }).nullish(),
});
const statistics = z.object({
  features: z.tuple([z.object({ attributes: z.record(z.string(), z.unknown()) })]),
});

/** Errors in HTTP 200 that mean the token (498 invalid, 499 missing) or the right is not there. */
const refused = [401, 403, 498, 499];

/** Times that a broken answer, or an error of the server in HTTP 200, is asked for again. */
const tries = 3;

/** A layer of an ArcGIS service, asked by its REST interface. Errors that come with HTTP 200 are found. */
export class LayerService {
  readonly #context: Omit<ReadContext<ArcgisConfig>, 'openBatch'>;
  readonly #layer: ArcgisLayer;

  constructor(context: Omit<ReadContext<ArcgisConfig>, 'openBatch'>, layer: ArcgisLayer) {
    this.#context = context;
    this.#layer = layer;
  }

  /** What the layer says of itself now. */
  async describe(): Promise<LayerDescription & { readonly piece: LandedPiece }> {
    const { body, piece } = await this.#ask('', { f: 'json' }, 'metadata.json');
    const description = layerDescription(body);
    if (description === undefined) throw arcgisTrouble('answer-not-json', this.#layer.path);
    return { ...description, piece };
  }

  /** How many features fulfil the condition; undefined from a server that ignores the question. */
  async count(): Promise<number | undefined> {
    const { body } = await this.#query({ returnCountOnly: 'true', f: 'json' }, '');
    const read = counted.safeParse(body);
    return read.success ? read.data.count : undefined;
  }

  /** Their object ids in order (servers may write them as `6.45E7`); undefined from a server that gives none. */
  async objectIds(): Promise<readonly number[] | undefined> {
    const { body } = await this.#query({ returnIdsOnly: 'true', f: 'json' }, '');
    const read = listed.safeParse(body);
    if (!read.success) return undefined;
    return (read.data.objectIds ?? []).toSorted((a, b) => a - b);
  }

  /** The least and greatest object id, whatever names the server gives to them. */
  async idRange(field: string): Promise<readonly [number, number] | undefined> {
    const of = (kind: string) => ({
      statisticType: kind,
      onStatisticField: field,
      outStatisticFieldName: `the_${kind}`,
    });
    const outStatistics = JSON.stringify([of('min'), of('max')]);
    const { body } = await this.#query({ outStatistics, f: 'json' }, '');
    const read = statistics.safeParse(body);
    if (!read.success) return undefined;
    const named = Object.entries(read.data.features[0].attributes);
    const value = (kind: RegExp) => named.find(([name]) => kind.test(name))?.[1];
    const [least, most] = [value(/min/i), value(/max/i)];
    return typeof least === 'number' && typeof most === 'number' ? [least, most] : undefined;
  }

  /** Features, with every attribute. */
  async features(query: LayerQuery, n: number): Promise<FeaturePage> {
    const { format } = this.#context.config;
    const shape = this.#layer.geometry
      ? { returnGeometry: 'true', outSR: '4326' }
      : { returnGeometry: 'false' };
    const name = `page-${String(n).padStart(5, '0')}.json`;
    const { body, piece } = await this.#query(
      { outFields: '*', ...shape, ...query, f: format },
      name,
    );
    const read = page.safeParse(body);
    if (!read.success) throw arcgisTrouble('answer-not-json', `${this.#layer.path}: features`);
    const { features, exceededTransferLimit, properties } = read.data;
    return {
      piece,
      features: features.length,
      exceeded: exceededTransferLimit ?? properties?.exceededTransferLimit ?? false,
    };
  }

  #query(query: LayerQuery, name: string) {
    const conditions = [this.#layer.where, query['where']].filter((one) => one !== undefined);
    const where = conditions.map((one) => (conditions.length > 1 ? `(${one})` : one)).join(' AND ');
    return this.#ask('/query', { ...query, where }, name);
  }

  async #ask(way: string, query: LayerQuery, name: string) {
    const { config, http } = this.#context;
    const url = `${underBase(config.base, this.#layer.path)}${way}?${new URLSearchParams(query).toString()}`;
    const request: HttpRequest = { method: 'GET', url, headers: await this.#headers() };
    for (let tried = 1; ; tried += 1) {
      const answer = await http.send(request);
      const bytes = await answer.bytes();
      const body = parsed(bytes);
      const failed = failure.safeParse(body);
      if (body !== undefined && !failed.success) {
        const response = { status: answer.status, headers: answer.headers };
        return { body, piece: { name, bytes, request: publicRequest(request), response } };
      }
      if (failed.success) refuseError(this.#layer, failed.data.error, tried);
      else if (tried === tries) throw arcgisTrouble('answer-not-json', this.#layer.path);
    }
  }

  async #headers(): Promise<Readonly<Record<string, string>>> {
    if (!this.#context.config.signedIn) return {};
    return { 'x-esri-authorization': `Bearer ${await this.#context.secret('token')}` };
  }
}

/** Errors of the server itself (500 …) may pass; others are as they are. */
function refuseError(
  { path }: ArcgisLayer,
  { code = 0, message = '' }: z.infer<typeof failure>['error'],
  tried: number,
): void {
  const detail = `${path}: ${code} ${message}`;
  if (refused.includes(code)) throw arcgisTrouble('access-refused', detail);
  if (code < 500 || tried === tries) throw arcgisTrouble('source-error', detail);
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/^\ufeff/, ''),
    );
  } catch {
    return undefined;
  }
}
