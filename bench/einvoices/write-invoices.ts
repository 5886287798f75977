import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { dayOf } from '../../simulator/days.ts';
import { invoiceFile } from '../../simulator/einvoice/invoice-xml.ts';
import { seriesOf, type Invoice, type InvoiceLine } from '../../simulator/einvoice/invoice.ts';
import { percentOf, PRODUCTS } from '../../simulator/einvoice/products.ts';
import { createSellers, type Seller } from '../../simulator/einvoice/sellers.ts';
import { at } from '../../simulator/random.ts';
import { zipArchive } from '../../simulator/zip.ts';
import type { Facts } from '../effort.ts';

const inputShape = z.object({
  directory: z.string(),
  invoices: z.int().positive(),
  perZip: z.int().positive(),
});

const linesEach = 10;

/** Writes zips of invented invoices of ten lines, in the hands of all four vendors, each with a true digest. */
export async function writeInvoices(given: unknown): Promise<Facts> {
  const { directory, invoices, perZip } = inputShape.parse(given);
  await mkdir(directory, { recursive: true });
  const sellers = createSellers(1, 0.2).filter(({ style, isFuel }) => style === 'vat' && !isFuel);
  for (let first = 0; first < invoices; first += perZip) {
    const count = Math.min(perZip, invoices - first);
    const members = Array.from({ length: count }, (_, i) => member(sellers, first + i));
    const name = `HD_${String(first / perZip).padStart(4, '0')}.zip`;
    await writeFile(join(directory, name), zipArchive(members));
  }
  return {};
}

function member(sellers: readonly Seller[], n: number) {
  const invoice = invoiceOf(at(sellers, n % sellers.length), n);
  return { name: `${String(n)}.xml`, bytes: Buffer.from(invoiceFile(invoice)) };
}

function invoiceOf(seller: Seller, n: number): Invoice {
  const day = dayOf('2026-07-01') + (n % 120);
  const lines = Array.from({ length: linesEach }, (_, i) => lineOf(n, i));
  const tax = (rate: InvoiceLine['product']['rate']) => {
    const amount = sumOf(lines.filter((line) => line.product.rate === rate));
    return { rate, amount, tax: Math.round((amount * percentOf(rate)) / 100) };
  };
  const rates = [...new Set(lines.map((line) => line.product.rate))].map(tax);
  const totalBeforeTax = sumOf(lines);
  const totalTax = rates.reduce((sum, rate) => sum + rate.tax, 0);
  return {
    entry: entryOf(seller, day, n),
    seller,
    form: 1,
    series: seriesOf(seller, day),
    buyer: {
      name: 'Công ty TNHH Mua Hàng (mô phỏng)',
      taxCode: null,
      isFirm: true,
      taxCodeValid: true,
    },
    currency: { code: 'VND', decimals: 0, rate: 1 },
    lines,
    rates,
    totalBeforeTax,
    totalTax,
    total: totalBeforeTax + totalTax,
    discountTotal: 0,
    arithmeticOk: true,
    signature: 'valid',
    isCoded: true,
    isLate: false,
    original: undefined,
    signedAt: 36_000,
  };
}

function entryOf({ position }: Seller, day: number, n: number): Invoice['entry'] {
  return {
    position: n,
    seller: position,
    day,
    number: n + 1,
    kind: 'new',
    original: undefined,
    correctedBy: undefined,
    cancelledOn: undefined,
  };
}

function lineOf(n: number, i: number): InvoiceLine {
  const product = at(PRODUCTS, (n * 7 + i * 3) % PRODUCTS.length);
  const quantity = ((n + i) % 12) + 1;
  const { name, price } = product;
  return { nature: 1, product, name, quantity, price, discount: 0, amount: quantity * price };
}

function sumOf(lines: readonly InvoiceLine[]): number {
  return lines.reduce((sum, line) => sum + line.amount, 0);
}
