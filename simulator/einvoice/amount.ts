import type { Currency } from './invoice.ts';

/** An amount in smallest units as decimal text: `1234.50` for two decimals, `1234` for none. */
export function amountText(amount: number, currency: Currency): string {
  if (currency.decimals === 0) return String(amount);
  const sign = amount < 0 ? '-' : '';
  const digits = String(Math.abs(amount)).padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
