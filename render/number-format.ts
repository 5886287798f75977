import type { Language } from '../core/localized.ts';
import type { FigureFormat } from './document.ts';

interface Separators {
  readonly thousands: string;
  readonly decimal: string;
}

const SEPARATORS: Readonly<Record<Language, Separators>> = {
  vi: { thousands: '.', decimal: ',' },
  en: { thousands: ',', decimal: '.' },
};

const POINT_SUFFIX: Readonly<Record<Language, string>> = { vi: ' điểm %', en: ' pp' };

/**
 * Rounds exact decimal text half away from zero, digit by digit: no float is involved.
 * @param value decimal text such as `-1234.565`
 * @returns decimal text with exactly `decimals` digits after the point, never `-0`
 */
export function roundDecimal(value: string, decimals: number): string {
  const negative = value.startsWith('-');
  const [whole = '0', fraction = ''] = value.replace('-', '').split('.');
  const kept = BigInt(whole + fraction.padEnd(decimals, '0').slice(0, decimals));
  const rounded = kept + (fraction.charAt(decimals) >= '5' ? 1n : 0n);
  const digits = rounded.toString().padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  const unsigned = decimals > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : digits;
  return negative && rounded !== 0n ? `-${unsigned}` : unsigned;
}

/**
 * Writes decimal text as a reader of the language expects: `1.234.567,89` or `1,234,567.89`,
 * with `%` directly behind a percentage (NĐ 30 leaves the space open; we are consistent).
 */
export function formatNumber(value: string, format: FigureFormat, language: Language): string {
  const rounded = roundDecimal(value, format.decimals);
  const [whole = '0', fraction] = rounded.replace('-', '').split('.');
  const { thousands, decimal } = SEPARATORS[language];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thousands);
  const number = fraction === undefined ? grouped : `${grouped}${decimal}${fraction}`;
  return signOf(rounded, format) + number + suffixOf(format, language);
}

function signOf(rounded: string, format: FigureFormat): string {
  if (rounded.startsWith('-')) return '-';
  return format.sign === true && /[1-9]/.test(rounded) ? '+' : '';
}

function suffixOf(format: FigureFormat, language: Language): string {
  if (format.unit === 'percent') return '%';
  return format.unit === 'percentage-point' ? POINT_SUFFIX[language] : '';
}
