import type { PlainXml } from '../decode/xml-plain.ts';
import type { XmlAttributes, XmlHandler } from '../decode/xml-reader.ts';
import { completedInvoice, completedLine, completedOriginal } from './completed-row.ts';
import type { DrawnRow } from './drawn-row.ts';
import { slotOf } from './field.ts';
import { InvoiceParts, partFields } from './invoice-parts.ts';
import type { RowWriter } from './row-writer.ts';
import { shapeOf } from './shape.ts';
import { SignatureParts } from './signature-parts.ts';
import { PlainSubtrees } from './plain-subtrees.ts';
import type { Subtrees } from './subtree-store.ts';
import { SubtreeStore } from './subtree-store.ts';
import type { RowListener } from './table-extractor.ts';
import { TableExtractor } from './table-extractor.ts';
import { completedSummary } from './summary-period.ts';
import type { PackedTable } from './tables.ts';
import type { UnknownElements } from './unknown-elements.ts';
import { invoiceTable, summaryTable } from './tables.ts';

const shapes = new Map([
  ['HDon', shapeOf(invoiceTable)],
  ['BTHDLieu', shapeOf(summaryTable)],
]);
const messageTypeName = 'MLTDiep';
const partSlots = partFields.map(({ column }) => slotOf(invoiceTable.fields, column));

/** Rows of an invoice that wait for it; more are written before it, without its key. */
const waitingRows = 10_000;

interface WaitingRow {
  readonly table: PackedTable;
  readonly row: DrawnRow;
}

/**
 * Reads one document (an invoice, an envelope with several, a summary) into rows. Give its events as an
 * {@link XmlHandler}, or a plain document as a whole; `root` says what it is.
 */
export class DocumentReader implements XmlHandler, RowListener {
  readonly #writer: RowWriter;
  readonly #tables: TableExtractor;
  /** Keeps what events tell. */
  readonly #store = new SubtreeStore();
  #subtrees: Subtrees = this.#store;
  #signature = new SignatureParts();
  #parts = new InvoiceParts();
  #original: DrawnRow | undefined;
  /** Rows of the present invoice, in order. */
  #waiting: WaitingRow[] = [];
  /** Ordinals of children inside their parent. */
  #ordinals = new Map<string, number>();
  #messageType = '';
  #inMessageType = false;
  /** Local name of the root element. */
  root = '';
  /** Invoices and summaries found. */
  records = 0;

  /** @param plain - the document, where it is plain */
  constructor(writer: RowWriter, unknown: UnknownElements, plain?: PlainXml) {
    this.#writer = writer;
    this.#tables = new TableExtractor(shapes, this, unknown, plain);
  }

  /** Reads a plain document. */
  plain(document: PlainXml): void {
    const tables = this.#tables;
    const subtrees = new PlainSubtrees(document);
    this.#subtrees = subtrees;
    this.root = document.name(0).local;
    for (let tag = 0; tag < document.count; tag += 1) {
      if (document.closes(tag)) {
        subtrees.at(tag, tables.inside);
        tables.closeTag(document, tag);
      } else if (tables.inside && document.isLeaf(tag)) {
        subtrees.at(tag, true);
        tables.leafTag(document, tag);
        tag += 1;
      } else {
        tables.openTag(document, tag);
        subtrees.at(tag, tables.inside);
        if (!tables.inside && document.name(tag).local === messageTypeName)
          this.#messageType += document.textAfter(tag).trim();
      }
    }
  }

  open(local: string, name: string, attributes: XmlAttributes): void {
    if (this.root === '') this.root = local;
    this.#tables.open(local, attributes);
    this.#store.open(name, attributes, this.#tables.inside);
    if (!this.#tables.inside) this.#inMessageType = local === messageTypeName;
  }

  text(text: string): void {
    this.#tables.text(text);
    this.#store.text(text);
    if (this.#inMessageType) this.#messageType += text.trim();
  }

  close(): void {
    this.#inMessageType = false;
    this.#store.close();
    this.#tables.close();
  }

  instruction(target: string, body: string): void {
    this.#store.instruction(target, body);
  }

  started(row: DrawnRow): void {
    if (row.table !== invoiceTable && row.table !== summaryTable) return;
    this.records += 1;
    this.#ordinals = new Map();
    this.#signature = new SignatureParts();
    this.#parts = new InvoiceParts();
    this.#original = undefined;
    this.#waiting = [];
  }

  finished(row: DrawnRow, parent: DrawnRow | undefined): void {
    switch (row.table.name) {
      case 'other_info':
        if (parent) completedLine(parent, row);
        break;
      case 'reference':
        this.#signature.addReference(row);
        break;
      case 'signature':
        this.#signature.close(row);
        break;
      case 'original':
        this.#original ??= row;
        completedOriginal(row);
        this.#addOfInvoice('original', row);
        break;
      case 'invoice':
        this.#finishInvoice(row);
        break;
      case 'summary':
        completedSummary(row);
        this.#writer.add('summary', 0, row);
        this.#subtrees.forget();
        break;
      case 'line':
        this.#parts.addLine(row);
        this.#addOfInvoice('line', row);
        break;
      case 'tax_rate':
        this.#parts.addRate(row);
        this.#addOfInvoice('tax_rate', row);
        break;
      case 'fee':
        this.#parts.addFee(row);
        break;
      case 'summary_line':
        this.#number('summary_line', row);
        this.#writer.add('summary_line', this.#writer.count('summary') + 1, row);
    }
  }

  #finishInvoice(row: DrawnRow): void {
    completedInvoice(row, this.#messageType, this.#original, this.#signature, this.#subtrees);
    this.#parts.values.forEach((value, index) => row.set(partSlots[index] ?? -1, value));
    this.#subtrees.forget();
    const parent = this.#writer.count('invoice') + 1;
    const isPlain = this.#writer.add('invoice', 0, row) === 'plain';
    this.#writeWaiting(parent, isPlain ? row : undefined);
  }

  #addOfInvoice(table: PackedTable, row: DrawnRow): void {
    this.#number(table, row);
    this.#waiting.push({ table, row });
    if (this.#waiting.length >= waitingRows)
      this.#writeWaiting(this.#writer.count('invoice') + 1, undefined);
  }

  #writeWaiting(parent: number, invoice: DrawnRow | undefined): void {
    for (const { table, row } of this.#waiting) this.#writer.add(table, parent, row, invoice);
    this.#waiting = [];
  }

  /** The first value of a child is its ordinal in its parent. */
  #number(table: PackedTable, row: DrawnRow): void {
    const ordinal = (this.#ordinals.get(table) ?? 0) + 1;
    this.#ordinals.set(table, ordinal);
    row.set(0, String(ordinal));
  }
}
