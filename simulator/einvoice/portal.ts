import { SECONDS_A_DAY, momentOf, utcMoment } from '../days.ts';
import type { Archive } from './archive.ts';
import { amountText } from './amount.ts';
import { invoiceAt, processingOf, stateOf, type Invoice } from './invoice.ts';

/** Day on which the portal last changed an invoice's record. */
function changedOn(archive: Archive, invoice: Invoice): number {
  const { correctedBy, cancelledOn, day } = invoice.entry;
  if (cancelledOn !== undefined) return cancelledOn;
  return correctedBy === undefined ? day : archive.book.entry(correctedBy).day;
}

function amount(invoice: Invoice, minor: number): number {
  return Number(amountText(minor, invoice.currency));
}

/** The portal's record of an invoice; its dates are UTC, so `tdlap` shows the day before. */
export function portalRecord(archive: Archive, position: number): object {
  const { horizon, sellers, book } = archive;
  const invoice = invoiceAt(horizon.seed, sellers, book, position);
  const { seller, buyer, currency, form, entry } = invoice;
  return {
    nbmst: seller.taxCode,
    nbten: seller.name,
    nmmst: buyer.taxCode,
    nmten: buyer.name,
    khmshdon: form,
    khhdon: invoice.series,
    shdon: entry.number,
    tdlap: utcMoment(momentOf(entry.day)),
    tgtcthue: form === 2 ? null : amount(invoice, invoice.totalBeforeTax),
    tgtthue: form === 2 ? null : amount(invoice, invoice.totalTax),
    tgtttbso: amount(invoice, invoice.total),
    dvtte: currency.code,
    tgia: currency.rate,
    ttcktmai: amount(invoice, invoice.discountTotal),
    tthai: stateOf(invoice, book),
    ttxly: processingOf(invoice),
    ncnhat: utcMoment(changedOn(archive, invoice) * SECONDS_A_DAY + invoice.signedAt),
  };
}
