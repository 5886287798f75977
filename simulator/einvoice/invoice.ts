import { firmName, firmTaxCode, personalCode, personName } from '../city/people.ts';
import { yearOf } from '../days.ts';
import { at, Dice, hash, STREAM } from '../random.ts';
import type { BookEntry, InvoiceBook } from './invoice-book.ts';
import { percentOf, type Product, type TaxRate } from './products.ts';
import { sellerBy, type Seller } from './sellers.ts';

/** TChat: 1 goods or service, 2 promotion, 3 trade discount, 4 note. */
export type Nature = 1 | 2 | 3 | 4;

/** A line. Amounts are in the smallest unit of the currency. */
export type InvoiceLine = {
  readonly nature: Nature;
  readonly product: Product;
  readonly name: string;
  readonly quantity: number;
  readonly price: number;
  readonly discount: number;
  readonly amount: number;
};

/** Amounts of one tax rate. */
export type RateTotal = { readonly rate: TaxRate; readonly amount: number; readonly tax: number };

/** A currency: its name, decimals and rate to đồng. */
export type Currency = { readonly code: string; readonly decimals: 0 | 2; readonly rate: number };

/** The buyer as printed. */
export type Buyer = {
  readonly name: string;
  readonly taxCode: string | null;
  readonly isFirm: boolean;
  readonly taxCodeValid: boolean;
};

/** What the seller's signature is worth. */
export type SignatureState = 'valid' | 'tampered' | 'none';

/** An invoice, complete. */
export type Invoice = {
  readonly entry: BookEntry;
  readonly seller: Seller;
  readonly form: 1 | 2;
  readonly series: string;
  readonly buyer: Buyer;
  readonly currency: Currency;
  readonly lines: readonly InvoiceLine[];
  readonly rates: readonly RateTotal[];
  /** As printed; wrong on purpose where arithmeticOk is false. */
  readonly totalBeforeTax: number;
  readonly totalTax: number;
  readonly total: number;
  readonly discountTotal: number;
  readonly arithmeticOk: boolean;
  readonly signature: SignatureState;
  readonly isCoded: boolean;
  readonly isLate: boolean;
  readonly original: Invoice | undefined;
  /** Second of the day at which it was signed. */
  readonly signedAt: number;
};

const DONG: Currency = { code: 'VND', decimals: 0, rate: 1 };
const DOLLAR: Currency = { code: 'USD', decimals: 2, rate: 25_450 };
const YEN: Currency = { code: 'JPY', decimals: 0, rate: 168.5 };
const MOST_LINES = 60;
const BUYER_FIRMS = 3_000;
const LATE_SHARE = 0.005;
const LETTERS = ['AA', 'AB', 'TM', 'YY'];

/** What names an invoice's draws: its seller, year and number. */
function keyOf(entry: BookEntry): number {
  return yearOf(entry.day) * 1_000_000 + entry.number;
}

/** Whether an invoice is handed in two weeks late; never so for those in envelopes. */
export function isLate(seed: number, seller: Seller, entry: BookEntry): boolean {
  if (envelopeOf(seller) !== undefined) return false;
  return hash(seed, STREAM.signature, seller.position, keyOf(entry)) % 1000 < LATE_SHARE * 1000;
}

/** 1 VAT invoice, 2 sales invoice. */
export function formOf(seller: Seller): 1 | 2 {
  return seller.style === 'sales' || seller.isHousehold ? 2 : 1;
}

/** KHHDon of a seller in a year. */
export function seriesOf(seller: Seller, day: number): string {
  const coded = seller.style === 'uncoded' ? 'K' : 'C';
  const kind = seller.style === 'pos' ? 'M' : 'T';
  const year = String(yearOf(day) % 100).padStart(2, '0');
  return `${coded}${year}${kind}${at(LETTERS, seller.vendor)}`;
}

function firmBuyer(seed: number, dice: Dice): Buyer {
  const key = hash(seed, STREAM.seller, dice.int(BUYER_FIRMS), 2);
  const code = firmTaxCode(key);
  const wrong = dice.chance(0.0035);
  const last = (Number(code.slice(9)) + 1) % 10;
  return {
    name: firmName(key),
    taxCode: wrong ? code.slice(0, 9) + String(last) : code,
    isFirm: true,
    taxCodeValid: !wrong,
  };
}

function buyerOf(seed: number, dice: Dice): Buyer {
  const draw = dice.next();
  if (draw < 0.58) return firmBuyer(seed, dice);
  const key = hash(seed, STREAM.invoice, dice.int(1_000_000), 3);
  if (draw < 0.62) {
    return {
      name: personName(key),
      taxCode: personalCode(key),
      isFirm: false,
      taxCodeValid: true,
    };
  }
  const name = draw < 0.8 ? personName(key) : 'Người mua không lấy hóa đơn';
  return { name, taxCode: null, isFirm: false, taxCodeValid: true };
}

function currencyOf(seller: Seller, dice: Dice): Currency {
  if (seller.style !== 'vat' || !['C', 'H'].includes(seller.section)) return DONG;
  if (!dice.chance(0.02)) return DONG;
  return dice.chance(0.8) ? DOLLAR : YEN;
}

/** Smallest units in one unit of a currency. */
function minorUnits(currency: Currency): number {
  return currency.decimals === 2 ? 100 : 1;
}

function priceIn(currency: Currency, product: Product, dice: Dice): number {
  const dong = product.price * (0.85 + dice.next() * 0.3);
  if (currency === DONG) return Math.round(dong / 100) * 100;
  return Math.max(1, Math.round((dong / currency.rate) * minorUnits(currency)));
}

function quantityOf(product: Product, dice: Dice): number {
  const most = product.price > 1_000_000 ? 4 : product.price > 100_000 ? 12 : 60;
  const whole = dice.between(1, most);
  return dice.chance(0.08) ? whole + 0.5 : whole;
}

function goodsLine(seller: Seller, currency: Currency, dice: Dice): InvoiceLine {
  const product = dice.pick(seller.products);
  const quantity = quantityOf(product, dice);
  const price = priceIn(currency, product, dice);
  const gross = Math.round(quantity * price);
  const discount = dice.chance(0.04) ? Math.round(gross * 0.05) : 0;
  const amount = gross - discount;
  return { nature: 1, product, name: product.name, quantity, price, discount, amount };
}

/** A line without goods: promotion, trade discount or note. */
function besideLine(line: InvoiceLine, nature: Nature, name: string, amount: number): InvoiceLine {
  return { ...line, nature, name, amount, price: 0, discount: 0 };
}

function besideLines(goods: readonly InvoiceLine[], dice: Dice): readonly InvoiceLine[] {
  const first = at(goods, 0);
  const lines: InvoiceLine[] = [];
  if (dice.chance(0.06)) {
    lines.push(besideLine(first, 2, `${first.name} (hàng khuyến mại)`, 0));
  }
  if (dice.chance(0.04)) {
    lines.push(besideLine(first, 3, 'Chiết khấu thương mại', Math.round(first.amount * 0.1)));
  }
  if (dice.chance(0.05)) {
    lines.push({ ...besideLine(first, 4, 'Dữ liệu mô phỏng', 0), quantity: 0 });
  }
  return lines;
}

function lineCount(dice: Dice): number {
  return Math.min(MOST_LINES, 1 + Math.floor(-Math.log(1 - dice.next()) * 9.4));
}

function usualLines(seller: Seller, currency: Currency, dice: Dice): readonly InvoiceLine[] {
  const goods = Array.from({ length: lineCount(dice) }, () => goodsLine(seller, currency, dice));
  return [...goods, ...besideLines(goods, dice)];
}

/** One signed line: most adjustments reduce. */
function adjustmentLines(original: Invoice, dice: Dice): readonly InvoiceLine[] {
  const line = at(original.lines, 0);
  const reduces = dice.chance(0.75);
  const quantity = (reduces ? -1 : 1) * Math.max(1, Math.floor(line.quantity / 2));
  const amount = Math.round(quantity * line.price);
  const name = `Điều chỉnh ${reduces ? 'giảm' : 'tăng'}: ${line.name}`;
  return [{ ...line, name, quantity, discount: 0, amount }];
}

/** What a line adds to the total before tax. */
function contribution(line: InvoiceLine): number {
  return line.nature === 1 ? line.amount : line.nature === 3 ? -line.amount : 0;
}

function rateTotals(lines: readonly InvoiceLine[]): readonly RateTotal[] {
  const sums = new Map<TaxRate, number>();
  for (const line of lines) {
    const rate = line.product.rate;
    if (line.nature !== 4) sums.set(rate, (sums.get(rate) ?? 0) + contribution(line));
  }
  return Array.from(sums, ([rate, amount]) => {
    const tax = Math.round((amount * percentOf(rate)) / 100);
    return { rate, amount, tax };
  });
}

function signatureOf(seller: Seller, dice: Dice): SignatureState {
  const tampered = dice.chance(0.003);
  if (seller.style === 'pos') return 'none';
  return tampered ? 'tampered' : 'valid';
}

type Totals = Pick<
  Invoice,
  'rates' | 'totalBeforeTax' | 'totalTax' | 'total' | 'discountTotal' | 'arithmeticOk'
>;

function totalsOf(form: 1 | 2, lines: readonly InvoiceLine[], dice: Dice): Totals {
  const rates = form === 2 ? [] : rateTotals(lines);
  const net = lines.reduce((sum, line) => sum + contribution(line), 0);
  const wrong = dice.chance(0.003);
  const totalBeforeTax = wrong ? net + 10_000 : net;
  const totalTax = rates.reduce((sum, rate) => sum + rate.tax, 0);
  const discounts = lines.filter((line) => line.nature === 3);
  return {
    rates,
    totalBeforeTax,
    totalTax,
    total: totalBeforeTax + totalTax,
    discountTotal: discounts.reduce((sum, line) => sum + line.amount, 0),
    arithmeticOk: !wrong,
  };
}

function linesOf(
  entry: BookEntry,
  seller: Seller,
  currency: Currency,
  original: Invoice | undefined,
  dice: Dice,
): readonly InvoiceLine[] {
  return entry.kind === 'adjustment' && original !== undefined
    ? adjustmentLines(original, dice)
    : usualLines(seller, currency, dice);
}

/** Whether a seller's invoices come in envelopes, by what the envelope is for. */
export function envelopeOf(seller: Seller): 200 | 203 | undefined {
  if (seller.style === 'uncoded') return 203;
  return seller.style === 'pos' && seller.position % 4 === 0 ? 200 : undefined;
}

/** The invoice at a position of the book. */
export function invoiceAt(
  seed: number,
  sellers: readonly Seller[],
  book: InvoiceBook,
  position: number,
): Invoice {
  const entry = book.entry(position);
  const seller = sellerBy(sellers, entry.seller);
  const dice = new Dice(seed, STREAM.invoice, entry.seller, keyOf(entry));
  const original =
    entry.original === undefined ? undefined : invoiceAt(seed, sellers, book, entry.original);
  const buyer = original?.buyer ?? buyerOf(seed, dice);
  const currency = original?.currency ?? currencyOf(seller, dice);
  const form = formOf(seller);
  const lines = linesOf(entry, seller, currency, original, dice);
  return {
    entry,
    seller,
    form,
    series: seriesOf(seller, entry.day),
    buyer,
    currency,
    lines,
    ...totalsOf(form, lines, dice),
    signature: signatureOf(seller, dice),
    isCoded: seller.style !== 'uncoded',
    isLate: isLate(seed, seller, entry),
    original,
    signedAt: 8 * 3600 + dice.int(12 * 3600),
  };
}

/** tthai of an invoice on a day: 1 new, 2 replacement, 3 adjustment, 4 replaced, 5 adjusted, 6 cancelled. */
export function stateOf(invoice: Invoice, book: InvoiceBook): 1 | 2 | 3 | 4 | 5 | 6 {
  const { entry } = invoice;
  if (entry.cancelledOn !== undefined) return 6;
  if (entry.correctedBy !== undefined) {
    return book.entry(entry.correctedBy).kind === 'replacement' ? 4 : 5;
  }
  if (entry.kind === 'replacement') return 2;
  return entry.kind === 'adjustment' ? 3 : 1;
}

/** ttxly: 5 coded, 6 uncoded, 8 coded from a cash register. */
export function processingOf(invoice: Invoice): 5 | 6 | 8 {
  if (invoice.seller.style === 'pos') return 8;
  return invoice.isCoded ? 5 : 6;
}
