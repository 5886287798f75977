import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import type { SdmxConfig } from './config.ts';
import { exactJson } from './exact-json.ts';
import type { Components } from './figure-texts.ts';
import { sdmxTrouble } from './sdmx-trouble.ts';
import type { TextTable } from './text-table.ts';
import { datasetOf, type MessageFacts } from './xml-message.ts';

/** Largest message that is held in memory, in bytes. */
const largestMessage = 64 << 20;

const member = z.object({
  id: z.string().exactOptional(),
  name: z.unknown().optional(),
  value: z.unknown().optional(),
});
const component = z.object({
  id: z.string(),
  keyPosition: z.string().exactOptional(),
  values: z.array(member.nullable()).default([]),
  default: z.unknown().optional(),
});
const places = z.object({
  dataSet: z.array(component).default([]),
  dimensionGroup: z.array(component).default([]),
  series: z.array(component).default([]),
  observation: z.array(component).default([]),
});
const none = { dataSet: [], dimensionGroup: [], series: [], observation: [] };
const structureShape = z.object({
  links: z
    .array(z.object({ href: z.string().exactOptional(), urn: z.string().exactOptional() }))
    .default([]),
  dimensions: places,
  attributes: places.default(none),
  measures: z.object({ observation: z.array(component).default([]) }).default({ observation: [] }),
});
const observations = z.record(z.string(), z.array(z.unknown()).nullable());
const indices = z.array(z.unknown()).default([]);
const dataSetShape = z.object({
  structure: z.string().default('0'),
  action: z.string().default('Information'),
  attributes: indices,
  dimensionGroupAttributes: z.record(z.string(), z.array(z.unknown())).default({}),
  observations: observations.default({}),
  series: z
    .record(z.string(), z.object({ attributes: indices, observations: observations.default({}) }))
    .default({}),
});
const messageShape = z.object({
  dataSets: z.array(dataSetShape),
  structures: z.array(structureShape).exactOptional(),
  structure: structureShape.exactOptional(),
});

type Component = z.infer<typeof component>;
type Structure = z.infer<typeof structureShape>;
type DataSet = z.infer<typeof dataSetShape>;

/**
 * Reads an SDMX-JSON data message, 1.0 (`structure`, `dataSets` at the top) or 2.0 (under `data`, with several
 * structures). Throws data errors for messages that are no data and for indices that point nowhere.
 */
export async function readJsonMessage(
  file: LandedFile,
  table: TextTable,
  config: SdmxConfig,
): Promise<MessageFacts> {
  if (file.bytes > largestMessage)
    throw sdmxTrouble('message-too-big', `${file.name}: ${file.bytes}`);
  const body = await parsedBody(file);
  const read = messageShape.safeParse(body['data'] ?? body);
  if (!read.success) throw notData(file, body, read.error);
  const { dataSets, structures, structure } = read.data;
  const known = structures ?? (structure === undefined ? [] : [structure]);
  for (const dataSet of dataSets) {
    const its = known[Number(dataSet.structure)];
    if (its === undefined)
      throw sdmxTrouble('index-unknown', `${file.name}: structure ${dataSet.structure}`);
    new DataSetReader(file.name, its, dataSet, table, config).read();
    await table.flush();
  }
  const header = z.object({ prepared: z.string() }).safeParse(body['meta'] ?? body['header']);
  return { prepared: header.success ? header.data.prepared : undefined };
}

async function parsedBody(file: LandedFile): Promise<Readonly<Record<string, unknown>>> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file.path));
    return z.record(z.string(), z.unknown()).parse(exactJson(text));
  } catch (cause) {
    throw fileTrouble('file-not-json', file, '', cause);
  }
}

function notData(file: LandedFile, body: Readonly<Record<string, unknown>>, cause: unknown): Error {
  const data = z.record(z.string(), z.unknown()).safeParse(body['data'] ?? body);
  const members = Object.keys(data.success ? data.data : {});
  const detail = `${file.name}: ${members.slice(0, 6).join(', ')}`;
  if (members.includes('metadataSets')) return sdmxTrouble('metadata-message', detail, cause);
  if (members.includes('dataStructures') || members.includes('codelists'))
    return sdmxTrouble('structure-message', detail, cause);
  const { errors } = body;
  if (Array.isArray(errors) && errors.length > 0 && !members.includes('dataSets'))
    return sdmxTrouble(
      'source-error',
      `${file.name}: ${JSON.stringify(errors[0]).slice(0, 300)}`,
      cause,
    );
  return sdmxTrouble('content-unknown', detail, cause);
}

/** Reads one data set by its structure: indices become codes. */
class DataSetReader {
  readonly #file: string;
  readonly #structure: Structure;
  readonly #dataSet: DataSet;
  readonly #table: TextTable;
  readonly #dataset: string;
  readonly #measures: readonly string[];

  constructor(
    file: string,
    structure: Structure,
    dataSet: DataSet,
    table: TextTable,
    config: SdmxConfig,
  ) {
    this.#file = file;
    this.#structure = structure;
    this.#dataSet = dataSet;
    this.#table = table;
    this.#dataset = datasetOfLinks(structure);
    const declared = structure.measures.observation.map(({ id }) => id);
    this.#measures = declared.length > 0 ? declared : config.measures.slice(0, 1);
  }

  read(): void {
    const { dimensions, attributes } = this.#structure;
    const { attributes: given, observations: flat, series } = this.#dataSet;
    const key = this.#fixedKey();
    const own = this.#attributes(attributes.dataSet, given);
    this.#observations(key, own, flat);
    for (const [place, one] of Object.entries(series)) {
      const seriesKey = { ...key, ...this.#key(dimensions.series, place) };
      const its = { ...own, ...this.#attributes(attributes.series, one.attributes) };
      this.#observations(seriesKey, its, one.observations);
    }
  }

  /** Dimensions of the whole data set have one value. */
  #fixedKey(): Components {
    const { dataSet } = this.#structure.dimensions;
    return Object.fromEntries(dataSet.map((one) => [one.id, this.#member(one, '0')]));
  }

  #observations(outer: Components, attributes: Components, all: DataSet['observations']): void {
    const { observation } = this.#structure.attributes;
    for (const [place, cells] of Object.entries(all)) {
      const key = { ...outer, ...this.#key(this.#dimensionsOf(place), place) };
      const values = cells ?? [];
      const its = {
        ...attributes,
        ...this.#groupAttributes(key),
        ...this.#attributes(observation, values.slice(this.#measures.length)),
      };
      for (const [at, measure] of this.#measures.entries())
        this.#table.add({
          dataset: this.#dataset,
          action: this.#dataSet.action,
          key,
          attributes: its,
          measure: this.#measures.length > 1 ? measure : undefined,
          value: textOf(values[at]),
          names: this.#names(place),
        });
    }
  }

  /** Names of the data set's own members: those of series and observations are found in the code lists. */
  #names(place: string): Components {
    const { dataSet, observation } = this.#structure.dimensions;
    const parts = place.split(':');
    const named = [
      ...dataSet.map((one) => [one.id, one.values[0]?.name] as const),
      ...observation.map((one, at) => [one.id, one.values[Number(parts[at])]?.name] as const),
    ];
    return Object.fromEntries(
      named.flatMap(([id, name]) => (typeof name === 'string' ? [[id, name]] : [])),
    );
  }

  /** Without series, the dimensions that the structure gives to series stand before those of observations. */
  #dimensionsOf(place: string): readonly Component[] {
    const { series, observation } = this.#structure.dimensions;
    return place.split(':').length === observation.length
      ? observation
      : [...series, ...observation];
  }

  #key(dimensions: readonly Component[], place: string): Components {
    const parts = place.split(':');
    if (dimensions.length !== parts.length) throw this.#unknown(place);
    return Object.fromEntries(
      dimensions.map((one, at) => [one.id, this.#member(one, parts[at] ?? '')]),
    );
  }

  #member({ id, values }: Component, index: string): string {
    const code = values[Number(index)]?.id ?? textOf(values[Number(index)]?.value);
    if (index === '' || code === undefined) throw this.#unknown(`${id} ${index}`);
    return code;
  }

  /** Attributes come as indices into their lists, or, without a list, as themselves; null says nothing. */
  #attributes(components: readonly Component[], given: readonly unknown[]): Components {
    const pairs = components.flatMap(({ id, values, default: preset }, at) => {
      const one = given[at];
      const listed = values[Number(one)];
      const isIndex = values.length > 0 && typeof one === 'string' && /^\d+$/.test(one);
      // An index that points nowhere is kept, in brackets: the figure is worth more than its note.
      const strange = isIndex && listed === undefined ? `[${one}]` : textOf(one);
      const text = listed === undefined || one === null ? strange : fromList(listed);
      const known = text ?? textOf(preset);
      return known === undefined ? [] : [[id, known] as const];
    });
    return Object.fromEntries(pairs);
  }

  /** Attributes of groups: keys name indices by key position, blank ones hold for all. */
  #groupAttributes(key: Components): Components {
    const { dimensionGroup } = this.#structure.attributes;
    const found = Object.entries(this.#dataSet.dimensionGroupAttributes).filter(([place]) =>
      this.#isInGroup(place.split(':'), key),
    );
    return Object.assign(
      {},
      ...found.map(([, given]) => this.#attributes(dimensionGroup, given)),
    ) as Components;
  }

  #isInGroup(parts: readonly string[], key: Components): boolean {
    const { dataSet, series, observation } = this.#structure.dimensions;
    const ordered = [...dataSet, ...series, ...observation].sort(
      (a, b) => Number(a.keyPosition ?? 1e6) - Number(b.keyPosition ?? 1e6),
    );
    return ordered.every((one, at) => {
      const index = parts[at] ?? '';
      return index === '' || index === '*' || one.values[Number(index)]?.id === key[one.id];
    });
  }

  #unknown(what: string): Error {
    return sdmxTrouble('index-unknown', `${this.#file}: ${what}`);
  }
}

/** A structure is named by a link: a URN, or the address of a dataflow or data structure. */
function datasetOfLinks({ links }: Structure): string {
  for (const { urn, href } of links) {
    if (urn !== undefined) return datasetOf(urn);
    const [, agency, id] =
      /\/(?:dataflow|datastructure)\/([^/?#]+)\/([^/?#]+)/.exec(href ?? '') ?? [];
    if (agency !== undefined && id !== undefined) return `${agency}:${id}`;
  }
  return '';
}

/** What an entry of an attribute's list says; a null entry says nothing. */
function fromList(listed: z.infer<typeof member> | null): string | undefined {
  return listed === null ? undefined : (listed.id ?? textOf(listed.value));
}

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
