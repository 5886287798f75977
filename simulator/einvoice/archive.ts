import {
  dayOf,
  isoDay,
  isoMoment,
  isoWeekName,
  mondayOf,
  momentOf,
  nextMonth,
  firstDayOfMonth,
} from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { zipArchive } from '../zip.ts';
import { envelope, summaryXml } from './envelope.ts';
import { fuelSummary, type FuelSummary } from './fuel-summary.ts';
import { envelopeOf, formOf, invoiceAt, isLate, seriesOf, type Invoice } from './invoice.ts';
import type { BookEntry, InvoiceBook } from './invoice-book.ts';
import { invoiceFile, invoiceXml } from './invoice-xml.ts';
import { sellerBy, type Seller } from './sellers.ts';

/** Which of a week's or month's files. */
export type FileKind = 'week' | 'late' | 'coded' | 'uncoded' | 'fuel';

/** A published file. */
export type InvoiceFileCard = {
  readonly name: string;
  readonly kind: FileKind;
  readonly issuedFrom: number;
  readonly issuedTo: number;
  /** Moment of publication. */
  readonly publishedAt: number;
  /** Invoices or summaries inside. */
  readonly count: number;
};

/** Everything the tax system has to give. */
export type Archive = {
  readonly horizon: Horizon;
  readonly sellers: readonly Seller[];
  readonly book: InvoiceBook;
  /** Files published by the horizon's end, by publication and name. */
  readonly files: readonly InvoiceFileCard[];
};

type PlannedFile = Omit<InvoiceFileCard, 'count'>;

/** A week's zip; and at the end of every fourth week the envelopes and late invoices of the four. */
function weekFiles(monday: number, firstMonday: number): readonly PlannedFile[] {
  const week = isoWeekName(monday);
  const publishedAt = momentOf(monday + 6, 23, 30);
  const zip: PlannedFile = {
    issuedFrom: monday,
    issuedTo: monday + 6,
    publishedAt,
    kind: 'week',
    name: `HD_${week}.zip`,
  };
  if (!endsFourWeeks(monday)) return [zip];
  const days = { issuedFrom: Math.max(monday - 21, firstMonday), issuedTo: monday + 6 };
  return [
    zip,
    { ...days, publishedAt, kind: 'coded', name: `TDiep_200_${week}.xml` },
    { ...days, publishedAt, kind: 'uncoded', name: `TDiep_203_${week}.xml` },
    { ...days, publishedAt: momentOf(monday + 20, 10), kind: 'late', name: `HD_${week}_bs.zip` },
  ];
}

/** Weeks are counted from a fixed Monday, so that the spans depend on no horizon. */
function endsFourWeeks(monday: number): boolean {
  const fixed = dayOf('2022-01-03');
  return Math.round((monday - fixed) / 7) % 4 === 2;
}

function monthFile(month: number): PlannedFile {
  const next = nextMonth(month);
  return {
    name: `BTH_400_${isoDay(month).slice(0, 7)}.xml`,
    kind: 'fuel',
    issuedFrom: month,
    issuedTo: next - 1,
    publishedAt: momentOf(next + 2, 9),
  };
}

function everyFile(horizon: Horizon): readonly PlannedFile[] {
  const files: PlannedFile[] = [];
  const firstMonday = mondayOf(horizon.firstDay + 6);
  for (let monday = firstMonday; monday <= horizon.lastDay; monday += 7) {
    files.push(...weekFiles(monday, firstMonday));
  }
  for (
    let month = nextMonth(horizon.firstDay - 1);
    month <= firstDayOfMonth(horizon.lastDay);
    month = nextMonth(month)
  ) {
    files.push(monthFile(month));
  }
  return files;
}

function inOrder(a: PlannedFile, b: PlannedFile): number {
  return a.publishedAt - b.publishedAt || (a.name < b.name ? -1 : 1);
}

/** The archive as it can be had at the horizon's end; files that hold nothing are not published. */
export function createArchive(
  horizon: Horizon,
  sellers: readonly Seller[],
  book: InvoiceBook,
): Archive {
  const archive = { horizon, sellers, book, files: [] };
  const files = everyFile(horizon)
    .filter((file) => file.publishedAt <= horizon.lastMoment)
    .map((file) => ({ ...file, count: countOf(archive, file) }))
    .filter((file) => file.count > 0)
    .toSorted(inOrder);
  return { ...archive, files };
}

/** Which file an invoice comes in. */
export function fileKindOf(seed: number, seller: Seller, entry: BookEntry): FileKind {
  const type = envelopeOf(seller);
  if (type !== undefined) return type === 200 ? 'coded' : 'uncoded';
  return isLate(seed, seller, entry) ? 'late' : 'week';
}

/** Positions in the book of a file's invoices. */
function positionsOf(archive: Archive, file: PlannedFile): Uint32Array {
  const { horizon, sellers, book } = archive;
  return book.issued(file.issuedFrom, file.issuedTo).filter((position) => {
    const entry = book.entry(position);
    return fileKindOf(horizon.seed, sellerBy(sellers, entry.seller), entry) === file.kind;
  });
}

/** The invoices of a file, made one at a time. */
export function* invoicesOf(archive: Archive, file: PlannedFile): Generator<Invoice> {
  const { horizon, sellers, book } = archive;
  for (const position of positionsOf(archive, file)) {
    yield invoiceAt(horizon.seed, sellers, book, position);
  }
}

/** The summaries of a fuel file. */
export function summariesOf(archive: Archive, file: PlannedFile): readonly FuelSummary[] {
  const { horizon, sellers } = archive;
  return sellers
    .filter((seller) => seller.isFuel)
    .map((seller) => fuelSummary(horizon.seed, seller, file.issuedFrom));
}

function countOf(archive: Archive, file: PlannedFile): number {
  const isFuel = file.kind === 'fuel';
  return isFuel ? summariesOf(archive, file).length : positionsOf(archive, file).length;
}

/** Name of an invoice inside a weekly zip. */
export function entryName(invoice: Invoice): string {
  const { seller, entry } = invoice;
  const series = `${String(formOf(seller))}${seriesOf(seller, entry.day)}`;
  return `${seller.taxCode}_${series}_${String(entry.number)}.xml`;
}

function zipped(archive: Archive, file: InvoiceFileCard): Buffer {
  const entries = Array.from(invoicesOf(archive, file), (invoice) => ({
    name: entryName(invoice),
    bytes: Buffer.from(invoiceFile(invoice)),
  }));
  return zipArchive(entries);
}

/** The bytes of a file. */
export function fileBytes(archive: Archive, file: InvoiceFileCard): Buffer {
  switch (file.kind) {
    case 'week':
    case 'late':
      return zipped(archive, file);
    case 'coded':
    case 'uncoded': {
      const parts = Array.from(invoicesOf(archive, file), invoiceXml);
      const type = file.kind === 'coded' ? 200 : 203;
      return Buffer.from(envelope(type, file.issuedFrom, parts));
    }
    case 'fuel': {
      const parts = summariesOf(archive, file).map((summary, i) => summaryXml(summary, i + 1));
      return Buffer.from(envelope(400, file.issuedFrom, parts));
    }
  }
}

/** `yyyy-MM-ddTHH:mm:ss+07:00`. */
export function publishedText(file: InvoiceFileCard): string {
  return `${isoMoment(file.publishedAt)}+07:00`;
}
