import type { XmlAttributes } from '../decode/xml-reader.ts';
import type { ShapeNode, TableSource } from './shape.ts';

/** A row being drawn: one value per field of its table; undefined = absent or empty. */
export interface DrawnRow {
  readonly table: TableSource;
  readonly values: (string | undefined)[];
  /** The first field that was given twice. */
  repeated: string | undefined;
}

/** What the extractor tells; children are told before their parent. */
export interface RowListener {
  started(row: DrawnRow): void;
  finished(row: DrawnRow, parent: DrawnRow | undefined): void;
}

/**
 * Draws rows from XML events by the mapping: order of elements, prefixes and namespaces do not matter, empty elements
 * are absent values, unknown elements are counted and otherwise ignored.
 */
export class TableExtractor {
  readonly #roots: ReadonlyMap<string, ShapeNode>;
  readonly #listener: RowListener;
  /** Node of each open element; undefined = outside the mapping. */
  readonly #nodes: (ShapeNode | undefined)[] = [];
  readonly #rows: DrawnRow[] = [];
  #node: ShapeNode | undefined;
  #text = '';
  /** How often each unknown element occurred, by `parent table/name`. */
  readonly unknown = new Map<string, number>();

  /** @param roots - shapes of the tables without parent, by the name of their element */
  constructor(roots: ReadonlyMap<string, ShapeNode>, listener: RowListener) {
    this.#roots = roots;
    this.#listener = listener;
  }

  /** Whether a row is being drawn. */
  get inside(): boolean {
    return this.#rows.length > 0;
  }

  open(local: string, attributes: XmlAttributes): void {
    const node = this.#next(local);
    this.#nodes.push(this.#node);
    this.#node = node;
    this.#text = '';
    if (node === undefined) return;
    if (node.table) this.#start(node.table);
    if (node.attributes.size > 0) this.#takeAttributes(node, attributes);
  }

  text(text: string): void {
    if (this.#node !== undefined && this.#node.slot >= 0) this.#text += text;
  }

  close(): void {
    const node = this.#node;
    this.#node = this.#nodes.pop();
    if (node === undefined) return;
    if (node.slot >= 0) this.#take(node.slot, this.#text);
    if (node.table) this.#finish();
  }

  #next(local: string): ShapeNode | undefined {
    if (this.#rows.length === 0) return this.#roots.get(local);
    if (this.#node === undefined) return undefined;
    const next = this.#node.children.get(local);
    if (next === undefined) this.#countUnknown(local);
    return next;
  }

  #countUnknown(local: string): void {
    const key = `${this.#rows.at(-1)?.table.name ?? ''}/${local}`;
    this.unknown.set(key, (this.unknown.get(key) ?? 0) + 1);
  }

  #start(table: TableSource): void {
    const values = new Array<string | undefined>(table.fields.length).fill(undefined);
    const row: DrawnRow = { table, values, repeated: undefined };
    this.#rows.push(row);
    this.#listener.started(row);
  }

  #finish(): void {
    const row = this.#rows.pop();
    if (row) this.#listener.finished(row, this.#rows.at(-1));
  }

  #takeAttributes(node: ShapeNode, attributes: XmlAttributes): void {
    for (const [name, slot] of node.attributes) {
      const value = attributes[name];
      if (value !== undefined) this.#take(slot, value);
    }
  }

  #take(slot: number, text: string): void {
    const row = this.#rows.at(-1);
    const value = text.trim();
    if (row === undefined || value === '') return;
    const before = row.values[slot];
    const field = row.table.fields[slot];
    if (before === undefined) row.values[slot] = value;
    else if (field?.joined === true) row.values[slot] = `${before} ${value}`;
    else if (before !== value) row.repeated ??= field?.column;
  }
}
