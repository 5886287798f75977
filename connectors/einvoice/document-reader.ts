import type { XmlAttributes, XmlHandler } from '../decode/xml-reader.ts';
import { completedInvoice, completedLine, completedOriginal } from './completed-row.ts';
import { invoiceFields } from './invoice-fields.ts';
import { InvoiceParts } from './invoice-parts.ts';
import type { RowWriter } from './row-writer.ts';
import { shapeOf } from './shape.ts';
import { SignatureParts } from './signature-parts.ts';
import type { Subtrees } from './subtree-store.ts';
import type { DrawnRow, RowListener } from './table-extractor.ts';
import { TableExtractor } from './table-extractor.ts';
import { completedSummary } from './summary-period.ts';
import type { PackedTable } from './tables.ts';
import { invoiceTable, summaryTable } from './tables.ts';

const shapes = new Map([
  ['HDon', shapeOf(invoiceTable)],
  ['BTHDLieu', shapeOf(summaryTable)],
]);

/**
 * Reads one document (an invoice, an envelope with several, a summary) into rows. Give its events as an
 * {@link XmlHandler}; `root` and `unknown` say what else was seen.
 */
export class DocumentReader implements XmlHandler, RowListener {
  readonly #writer: RowWriter;
  readonly #name: string;
  readonly #tables = new TableExtractor(shapes, this);
  readonly #subtrees: Subtrees;
  #signature = new SignatureParts();
  #parts = new InvoiceParts();
  #original: DrawnRow | undefined;
  /** Ordinals of children inside their parent. */
  #ordinals = new Map<string, number>();
  #messageType = '';
  #inMessageType = false;
  /** Local name of the root element. */
  root = '';
  /** Invoices and summaries found. */
  records = 0;

  /** @param name - the document as a person would call it */
  constructor(writer: RowWriter, name: string, subtrees: Subtrees) {
    this.#writer = writer;
    this.#name = name;
    this.#subtrees = subtrees;
  }

  /** How often each element outside the mapping occurred. */
  get unknown(): ReadonlyMap<string, number> {
    return this.#tables.unknown;
  }

  open(local: string, name: string, attributes: XmlAttributes): void {
    if (this.root === '') this.root = local;
    this.#tables.open(local, attributes);
    this.#subtrees.open(name, attributes, this.#tables.inside);
    if (!this.#tables.inside) this.#inMessageType = local === 'MLTDiep';
  }

  text(text: string): void {
    this.#tables.text(text);
    this.#subtrees.text(text);
    if (this.#inMessageType) this.#messageType += text.trim();
  }

  close(): void {
    this.#inMessageType = false;
    this.#subtrees.close();
    this.#tables.close();
  }

  instruction(target: string, body: string): void {
    this.#subtrees.instruction(target, body);
  }

  started(row: DrawnRow): void {
    if (row.table !== invoiceTable && row.table !== summaryTable) return;
    this.records += 1;
    this.#ordinals = new Map();
    this.#signature = new SignatureParts();
    this.#parts = new InvoiceParts();
    this.#original = undefined;
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
        this.#addChild('original', 'invoice', row);
        break;
      case 'invoice':
        this.#finishInvoice(row);
        break;
      case 'summary':
        completedSummary(row);
        this.#writer.add('summary', 0, row.repeated, row.values, this.#name);
        this.#subtrees.forget();
        break;
      case 'line':
        this.#parts.addLine(row);
        this.#addChild('line', 'invoice', row);
        break;
      case 'tax_rate':
        this.#parts.addRate(row);
        this.#addChild('tax_rate', 'invoice', row);
        break;
      case 'fee':
        this.#parts.addFee(row);
        break;
      case 'summary_line':
        this.#addChild('summary_line', 'summary', row);
    }
  }

  #finishInvoice(row: DrawnRow): void {
    completedInvoice(row, this.#messageType, this.#original, this.#signature, this.#subtrees);
    const values = [...row.values.slice(0, invoiceFields.length), ...this.#parts.values];
    this.#writer.add('invoice', 0, row.repeated, values, this.#name);
    this.#subtrees.forget();
  }

  /** A child's parent is the root row that will be added next; its first value is its ordinal, where it has one. */
  #addChild(table: PackedTable, root: PackedTable, row: DrawnRow): void {
    const ordinal = (this.#ordinals.get(table) ?? 0) + 1;
    this.#ordinals.set(table, ordinal);
    row.values[0] = String(ordinal);
    const parent = this.#writer.count(root) + 1;
    this.#writer.add(table, parent, row.repeated, row.values, this.#name);
  }
}
