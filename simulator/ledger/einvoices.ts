import { isoDay } from '../days.ts';
import { amountText } from '../einvoice/amount.ts';
import {
  entryName,
  invoicesOf,
  publishedText,
  summariesOf,
  type Archive,
  type InvoiceFileCard,
} from '../einvoice/archive.ts';
import { formOf, processingOf, stateOf, type Invoice } from '../einvoice/invoice.ts';
import { monthText } from '../einvoice/fuel-summary.ts';
import { communeCodeOf } from '../einvoice/sellers.ts';
import { countOf, plainCounts, type LedgerRange, type LedgerStream } from './stream.ts';

type Placed = { readonly invoice: Invoice; readonly file: InvoiceFileCard };

function* placedInvoices(archive: Archive, { from, to }: LedgerRange): Generator<Placed> {
  for (const file of archive.files) {
    if (file.kind === 'fuel' || file.issuedTo < from || file.issuedFrom > to) continue;
    for (const invoice of invoicesOf(archive, file)) {
      if (invoice.entry.day >= from && invoice.entry.day <= to) yield { invoice, file };
    }
  }
}

function key(invoice: Invoice): object {
  return {
    seller_mst: invoice.seller.taxCode,
    form: invoice.form,
    series: invoice.series,
    number: invoice.entry.number,
  };
}

function originalKey(original: Invoice | undefined): object {
  return {
    original_form: original?.form ?? null,
    original_series: original?.series ?? null,
    original_number: original?.entry.number ?? null,
    original_issue_date: original === undefined ? null : isoDay(original.entry.day),
  };
}

function parties({ seller, buyer }: Invoice): object {
  return {
    seller_commune: communeCodeOf(seller),
    seller_section: seller.section,
    seller_kind: seller.isHousehold ? 'household' : 'enterprise',
    buyer_mst: buyer.taxCode,
    buyer_mst_valid: buyer.taxCodeValid,
  };
}

function amounts(invoice: Invoice): object {
  const money = (amount: number): string => amountText(amount, invoice.currency);
  return {
    currency: invoice.currency.code,
    rate: invoice.currency.rate.toFixed(2),
    total_before_tax: formOf(invoice.seller) === 2 ? null : money(invoice.totalBeforeTax),
    total_tax: formOf(invoice.seller) === 2 ? null : money(invoice.totalTax),
    total: money(invoice.total),
  };
}

function invoiceRow(archive: Archive, { invoice, file }: Placed): object {
  return {
    ...key(invoice),
    issue_date: isoDay(invoice.entry.day),
    file: file.name,
    entry: file.name.endsWith('.zip') ? entryName(invoice) : null,
    published_at: publishedText(file),
    kind: invoice.entry.kind,
    ...originalKey(invoice.original),
    state: stateOf(invoice, archive.book),
    processing: processingOf(invoice),
    ...amounts(invoice),
    line_count: invoice.lines.length,
    ...parties(invoice),
    signature: invoice.signature,
    arithmetic_ok: invoice.arithmeticOk,
    late: invoice.isLate,
  };
}

function* lineRows(invoice: Invoice): Generator<object> {
  for (const [i, line] of invoice.lines.entries()) {
    const hasQuantity = line.nature === 1 || line.nature === 2;
    yield {
      ...key(invoice),
      line_no: i + 1,
      nature: line.nature,
      name: line.name,
      unit: hasQuantity ? line.product.unit : null,
      quantity: hasQuantity ? String(line.quantity) : null,
      unit_price: hasQuantity ? amountText(line.price, invoice.currency) : null,
      amount: line.nature === 4 ? null : amountText(line.amount, invoice.currency),
      tax_rate: line.nature === 4 || invoice.form === 2 ? null : line.product.rate,
    };
  }
}

/** `einvoices`: by issue date, every invoice of a published file. */
export function einvoiceLedger(archive: () => Archive): LedgerStream {
  return {
    *rows(range) {
      for (const placed of placedInvoices(archive(), range)) yield invoiceRow(archive(), placed);
    },
    counts(range) {
      const kinds = { arithmetic: 0, 'buyer-mst': 0, digest: 0 };
      let rows = 0;
      let corrections = 0;
      for (const { invoice } of placedInvoices(archive(), range)) {
        rows += 1;
        if (invoice.entry.kind !== 'new') corrections += 1;
        if (!invoice.arithmeticOk) kinds.arithmetic += 1;
        if (!invoice.buyer.taxCodeValid) kinds['buyer-mst'] += 1;
        if (invoice.signature === 'tampered') kinds.digest += 1;
      }
      const bad = kinds.arithmetic + kinds['buyer-mst'] + kinds.digest;
      return { ...plainCounts(rows, corrections), bad_rows: bad, bad_by_kind: kinds };
    },
  };
}

/** `einvoice_lines`: the lines of the same invoices. */
export function einvoiceLineLedger(archive: () => Archive): LedgerStream {
  const stream: LedgerStream = {
    *rows(range) {
      for (const { invoice } of placedInvoices(archive(), range)) yield* lineRows(invoice);
    },
    counts: (range) => plainCounts(countOf(stream.rows(range))),
  };
  return stream;
}

/** `einvoice_summary_lines`: the fuel summaries, by the first day of their month. */
export function summaryLineLedger(archive: () => Archive): LedgerStream {
  const stream: LedgerStream = {
    *rows({ from, to }) {
      for (const file of archive().files) {
        if (file.kind !== 'fuel' || file.issuedFrom < from || file.issuedFrom > to) continue;
        for (const { seller, month, lines } of summariesOf(archive(), file)) {
          yield* lines.map((line, i) => ({
            seller_mst: seller.taxCode,
            month: monthText(month),
            line_no: i + 1,
            product: line.fuel.code,
            quantity: String(line.quantity),
            amount: String(line.amount),
            tax_rate: line.rate,
            tax: String(line.tax),
            total: String(line.amount + line.tax),
            change: line.change,
          }));
        }
      }
    },
    counts: (range) => plainCounts(countOf(stream.rows(range))),
  };
  return stream;
}
