import type { PlainXml } from '../decode/xml-plain.ts';
import type { XmlAttributes } from '../decode/xml-reader.ts';
import { DrawnRow } from './drawn-row.ts';
import type { ShapeNode, TableSource } from './shape.ts';
import type { UnknownElements } from './unknown-elements.ts';
import { trimmedEnd, trimmedStart } from './trimmed-span.ts';

/** What the extractor tells; children are told before their parent. */
export interface RowListener {
  started(row: DrawnRow): void;
  finished(row: DrawnRow, parent: DrawnRow | undefined): void;
}

/**
 * Draws rows from XML by the mapping: order of elements, prefixes and namespaces do not matter, empty elements are absent
 * values, unknown elements are counted and otherwise ignored. The XML comes as events ({@link open}, {@link text},
 * {@link close}), or as the tags of a plain document.
 */
export class TableExtractor {
  readonly #roots: ReadonlyMap<string, ShapeNode>;
  readonly #listener: RowListener;
  readonly #plain: PlainXml | undefined;
  /** Node of each open element; undefined = outside the mapping. */
  readonly #nodes: (ShapeNode | undefined)[] = [];
  readonly #rows: DrawnRow[] = [];
  #row: DrawnRow | undefined;
  #node: ShapeNode | undefined;
  #text = '';
  readonly #unknown: UnknownElements;

  /**
   * @param roots - shapes of the tables without parent, by the name of their element
   * @param plain - the document, where it is plain
   */
  constructor(
    roots: ReadonlyMap<string, ShapeNode>,
    listener: RowListener,
    unknown: UnknownElements,
    plain?: PlainXml,
  ) {
    this.#unknown = unknown;
    this.#roots = roots;
    this.#listener = listener;
    this.#plain = plain;
  }

  /** Whether a row is being drawn. */
  get inside(): boolean {
    return this.#row !== undefined;
  }

  open(local: string, attributes: XmlAttributes): void {
    const node = this.#enter(local);
    this.#text = '';
    if (node === undefined || node.attributes.size === 0) return;
    for (const [name, slot] of node.attributes) this.#take(slot, attributes[name] ?? '');
  }

  text(text: string): void {
    if (this.#node !== undefined && this.#node.slot >= 0) this.#text += text;
  }

  close(): void {
    const node = this.#leave();
    if (node === undefined) return;
    if (node.slot >= 0) this.#take(node.slot, this.#text);
    if (node.table) this.#finish();
  }

  /** Opens the element of a tag of the plain document. */
  openTag(plain: PlainXml, tag: number): void {
    const node = this.#enter(plain.name(tag).local);
    if (node !== undefined && node.attributes.size > 0) this.#takeAttributes(node, plain, tag);
  }

  /** {@link openTag} and {@link closeTag} of an element that holds no other. */
  leafTag(plain: PlainXml, tag: number): void {
    const node = this.#next(plain.name(tag).local);
    if (node === undefined) return;
    if (node.table) this.#start(node.table);
    if (node.attributes.size > 0) this.#takeAttributes(node, plain, tag);
    if (node.slot >= 0) this.#takeText(node.slot, plain, tag);
    if (node.table) this.#finish();
  }

  /** Closes the element of a tag of the plain document; its text is what stands right before. */
  closeTag(plain: PlainXml, tag: number): void {
    const node = this.#leave();
    if (node === undefined) return;
    if (node.slot >= 0) this.#takeText(node.slot, plain, tag - 1);
    if (node.table) this.#finish();
  }

  #takeAttributes(node: ShapeNode, plain: PlainXml, tag: number): void {
    for (const [name, slot] of node.attributes) {
      const attribute = plain.attribute(tag, name);
      if (attribute) this.#take(slot, plain.valueOf(attribute));
    }
  }

  #enter(local: string): ShapeNode | undefined {
    const node = this.#next(local);
    this.#nodes.push(this.#node);
    this.#node = node;
    if (node?.table) this.#start(node.table);
    return node;
  }

  /** Gives the node that is left. */
  #leave(): ShapeNode | undefined {
    const node = this.#node;
    this.#node = this.#nodes.pop();
    return node;
  }

  #next(local: string): ShapeNode | undefined {
    if (this.#row === undefined) return this.#roots.get(local);
    if (this.#node === undefined) return undefined;
    const next = this.#node.children.get(local);
    if (next === undefined) this.#unknown.add(this.#row.table.name, local);
    return next;
  }

  #start(table: TableSource): void {
    const row = new DrawnRow(table, this.#plain?.bytes);
    this.#rows.push(row);
    this.#row = row;
    this.#listener.started(row);
  }

  #finish(): void {
    const row = this.#rows.pop();
    this.#row = this.#rows.at(-1);
    if (row) this.#listener.finished(row, this.#row);
  }

  #take(slot: number, text: string): void {
    const value = text.trim();
    if (value !== '') this.#row?.take(slot, value);
  }

  #takeText(slot: number, plain: PlainXml, tag: number): void {
    const resolved = plain.resolved(tag);
    if (resolved !== undefined) {
      this.#take(slot, resolved);
      return;
    }
    const { bytes } = plain;
    const end = plain.textEnd(tag);
    const from = trimmedStart(bytes, plain.textStart(tag), end);
    const to = trimmedEnd(bytes, from, end);
    if (from < to) this.#row?.takeSpan(slot, from, to);
  }
}
