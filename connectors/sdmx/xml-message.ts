import { createReadStream } from 'node:fs';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import { XmlReader, type XmlAttributes, type XmlHandler } from '../decode/xml-reader.ts';
import { isDimension } from './components.ts';
import type { SdmxConfig } from './config.ts';
import type { Components, Observation } from './figure-texts.ts';
import { sdmxTrouble } from './sdmx-trouble.ts';
import type { TextTable } from './text-table.ts';

/** Facts of a message beside its observations. */
export interface MessageFacts {
  /** When it was extracted, else prepared, as given. */
  readonly prepared: string | undefined;
}

/**
 * Reads SDMX-ML 2.1 or 3.0 data, generic or structure-specific, streaming; groups and data set attributes are given to
 * the observations they speak of. Throws data errors for messages that are no data, and for a footer that reports one.
 */
export async function readXmlMessage(
  file: LandedFile,
  table: TextTable,
  config: SdmxConfig,
): Promise<MessageFacts> {
  const message = new MessageHandler(file.name, config, table);
  const reader = new XmlReader(message, file.name);
  for await (const chunk of createReadStream(file.path) as AsyncIterable<Uint8Array>) {
    reader.write(chunk);
    await table.flush();
  }
  reader.end();
  message.refuseFooter();
  return { prepared: message.prepared };
}

/** What a header says of a structure. */
interface Structure {
  readonly dataset: string;
  readonly atObservation: string;
}

/** A key or attributes that hold for what lies inside. */
interface Level {
  readonly key: Record<string, string>;
  readonly attributes: Record<string, string>;
}

class MessageHandler implements XmlHandler {
  readonly #file: string;
  readonly #config: SdmxConfig;
  readonly #table: TextTable;
  readonly #path: string[] = [];
  #text = '';
  readonly #structures = new Map<string, Structure>();
  #structure: { id: string; atObservation: string } | undefined;
  #dataset = '';
  #headerAction = 'Information';
  #action = 'Information';
  #atObservation = 'TIME_PERIOD';
  prepared: string | undefined;
  #set: Level = level();
  #groups: Level[] = [];
  #group: Level | undefined;
  #series: Level | undefined;
  #observation: Level | undefined;
  #value: string | undefined;
  #component: { id: string; values: string[] } | undefined;
  #sets = 0;
  readonly #footer: string[] = [];

  constructor(file: string, config: SdmxConfig, table: TextTable) {
    this.#file = file;
    this.#config = config;
    this.#table = table;
  }

  open(local: string, _name: string, attributes: XmlAttributes): void {
    this.#path.push(local);
    this.#text = '';
    if (this.#path.length === 1) refuseOther(local, this.#file);
    else if (this.#path[1] === 'Header') this.#header(local, attributes);
    else if (this.#path[1] === 'Footer') this.#footerOpen(local, attributes);
    else if (this.#path[1] === 'DataSet') this.#data(local, attributes);
  }

  text(text: string): void {
    if (this.#path[1] !== 'DataSet' || this.#component !== undefined) this.#text += text;
  }

  close(local: string): void {
    if (this.#path[1] === 'Header') this.#headerText(local, this.#text.trim());
    else if (this.#path[1] === 'Footer' && local === 'Text') this.#footer.push(this.#text.trim());
    else if (this.#path[1] === 'DataSet') this.#dataClose(local);
    this.#path.pop();
    if (this.#component === undefined) this.#text = '';
  }

  instruction(): void {
    // Processing instructions say nothing about figures.
  }

  /** A footer may say that the answer comes elsewhere, or that something went wrong, under HTTP 200. */
  refuseFooter(): void {
    const [code = '', ...texts] = this.#footer;
    const number = Number(code);
    if (code === '' || number < 100) return;
    const detail = `${this.#file}: ${code} ${texts.join(' ')}`.slice(0, 500);
    if (number === 413) throw sdmxTrouble('source-deferred', detail);
    if (number >= 100 && this.#sets === 0) throw sdmxTrouble('source-error', detail);
  }

  #header(local: string, attributes: XmlAttributes): void {
    if (local === 'Structure' && this.#path.length === 3) {
      const {
        structureID = '',
        dimensionAtObservation = 'TIME_PERIOD',
        explicitMeasures,
      } = attributes;
      if (explicitMeasures === 'true') throw sdmxTrouble('cross-sectional', this.#file);
      this.#structure = { id: structureID, atObservation: dimensionAtObservation };
    } else if (local === 'Ref' && this.#structure !== undefined)
      this.#named(`${attributes['agencyID'] ?? ''}:${attributes['id'] ?? ''}`);
    else if (local === 'URN') this.#text = '';
  }

  #headerText(local: string, text: string): void {
    if (text === '') return;
    if (local === 'Prepared') this.prepared ??= text;
    else if (local === 'Extracted') this.prepared = text;
    else if (local === 'DataSetAction') this.#headerAction = text;
    else if (text.startsWith('urn:sdmx:')) this.#named(datasetOf(text));
  }

  #named(dataset: string): void {
    if (this.#structure === undefined) return;
    const { id, atObservation } = this.#structure;
    this.#structures.set(id, { dataset, atObservation });
  }

  #footerOpen(local: string, attributes: XmlAttributes): void {
    if (local === 'Message') this.#footer.push(attributes['code'] ?? '');
  }

  #data(local: string, attributes: XmlAttributes): void {
    switch (local) {
      case 'DataSet': {
        this.#dataSet(attributes);
        return;
      }
      case 'Group':
        this.#group = this.#own(attributes);
        return;
      case 'Series':
        this.#series = this.#own(attributes);
        return;
      case 'Obs':
        this.#observation = this.#own(attributes);
        return;
      case 'Value': {
        this.#genericValue(attributes);
        return;
      }
      case 'ObsDimension':
        this.#setKey(attributes['id'] ?? this.#atObservation, attributes['value']);
        return;
      case 'ObsValue':
        this.#value = attributes['value'];
        return;
      case 'Comp':
        this.#component = { id: attributes['id'] ?? '', values: [] };
        return;
      default:
    }
  }

  #dataSet(attributes: XmlAttributes): void {
    this.#sets += 1;
    const reference = namespaced(attributes, 'structureRef') ?? '';
    const [only] = [...this.#structures.values()];
    const structure = this.#structures.get(reference) ?? only;
    this.#dataset = structure?.dataset ?? reference;
    this.#atObservation = structure?.atObservation ?? this.#config.time;
    this.#action = namespaced(attributes, 'action') ?? this.#headerAction;
    this.#set = this.#own(attributes);
    this.#groups = [];
  }

  /** Attributes of an element that are components: those of XML and of the message have a namespace, or are known. */
  #own(attributes: XmlAttributes): Level {
    const made = level();
    for (const [name, value] of Object.entries(attributes)) {
      if (name.includes(':') || messageAttributes.has(name)) continue;
      if (isDimension(name, this.#config)) made.key[name] = value;
      else made.attributes[name] = value;
    }
    return made;
  }

  #genericValue(attributes: XmlAttributes): void {
    const { id = '', value } = attributes;
    if (this.#component !== undefined || value === undefined) return;
    const place = this.#path.at(-2) ?? '';
    if (place === 'Attributes') this.#inside().attributes[id] = value;
    else if (place.endsWith('Key')) this.#setKey(id, value);
  }

  #setKey(id: string, value: string | undefined): void {
    if (value !== undefined) this.#inside().key[id] = value;
  }

  #inside(): Level {
    return this.#observation ?? this.#series ?? this.#group ?? this.#set;
  }

  #dataClose(local: string): void {
    switch (local) {
      case 'Obs':
        this.#emit();
        this.#observation = undefined;
        this.#value = undefined;
        return;
      case 'Series':
        this.#series = undefined;
        return;
      case 'Group':
        if (this.#group) this.#groups.push(this.#group);
        this.#group = undefined;
        return;
      case 'Comp':
        this.#endComponent();
        return;
      case 'Value':
        if (this.#component !== undefined && this.#text.trim() !== '') {
          this.#component.values.push(this.#text.trim());
          this.#text = '';
        }
        return;
      default:
    }
  }

  /** A complex component of 3.0 has several values, joined by a semicolon. */
  #endComponent(): void {
    const component = this.#component;
    this.#component = undefined;
    if (component === undefined) return;
    const { id, values } = component;
    if (isDimension(id, this.#config)) this.#setKey(id, values.join(';'));
    else this.#inside().attributes[id] = values.join(';');
  }

  #emit(): void {
    if (this.#observation === undefined) throw sdmxTrouble('series-outside', this.#file);
    const own = this.#observation;
    const key = { ...this.#set.key, ...this.#series?.key, ...own.key };
    const groups = this.#groups.filter((group) => speaksOf(group.key, key));
    const attributes = Object.assign(
      {},
      this.#set.attributes,
      ...groups.map((group) => group.attributes),
      this.#series?.attributes,
      own.attributes,
    ) as Components;
    for (const observation of this.#measured(key, attributes)) this.#table.add(observation);
  }

  /** One observation for each measure that is there; one without value where none is. */
  #measured(key: Components, all: Components): readonly Observation[] {
    const { measures } = this.#config;
    const attributes = Object.fromEntries(
      Object.entries(all).filter(([name]) => !measures.includes(name)),
    );
    const shared = { dataset: this.#dataset, action: this.#action, key, attributes };
    if (measures.length === 1) {
      const value = this.#value ?? all[measures[0] ?? ''];
      return [{ ...shared, measure: undefined, value }];
    }
    return measures.flatMap((measure) => {
      const value = all[measure];
      return value === undefined ? [] : [{ ...shared, measure, value }];
    });
  }
}

/** Attributes of data sets, groups and series that are no components. */
const messageAttributes = new Set([
  'xmlns',
  'structureRef',
  'action',
  'setID',
  'type',
  'dataScope',
  'REPORTING_YEAR_START_DAY',
]);

function level(): Level {
  return { key: {}, attributes: {} };
}

function speaksOf(group: Components, key: Components): boolean {
  return Object.entries(group).every(([name, member]) => key[name] === member);
}

/** An attribute under whatever prefix. */
function namespaced(attributes: XmlAttributes, wanted: string): string | undefined {
  const name = Object.keys(attributes).find((one) => one === wanted || one.endsWith(`:${wanted}`));
  return name === undefined ? undefined : attributes[name];
}

/** `agency:id` of a URN, or of a reference like `ECB:EXR(1.0): Exchange rates`: versions are of one dataset. */
export function datasetOf(reference: string): string {
  const last = reference.slice(reference.lastIndexOf('=') + 1);
  return /^[^(:\s]+:[^(:\s]+/.exec(last)?.[0] ?? last;
}

function refuseOther(root: string, file: string): void {
  if (/^(Generic|StructureSpecific)(TimeSeries)?Data$/.test(root)) return;
  const detail = `${file}: <${root}>`;
  if (root === 'CrossSectionalData' || root === 'CompactData')
    throw sdmxTrouble('cross-sectional', detail);
  if (root === 'Structure' || root === 'RegistryInterface')
    throw sdmxTrouble('structure-message', detail);
  if (/Metadata$/.test(root)) throw sdmxTrouble('metadata-message', detail);
  if (/Query$/.test(root)) throw sdmxTrouble('query-message', detail);
  if (root === 'Error') throw sdmxTrouble('source-error', detail);
  throw sdmxTrouble('content-unknown', detail);
}
