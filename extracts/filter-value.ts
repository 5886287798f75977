import { isCalendarDate } from '../core/calendar-date.ts';
import type { ColumnType } from '../core/stream-contract.ts';

/** What people write as a value of a condition. */
export type WrittenValue = string | number | boolean;

/**
 * A written value as the one text of its column's type, so that equal values have equal texts (`01` and `1`, `1.50` and
 * `1.5`); undefined where it is no value of that type. What comes out always casts.
 */
export function canonicalValue(value: WrittenValue, type: ColumnType): string | undefined {
  const text = String(value);
  if (type === 'varchar') return text.includes('\0') ? undefined : text;
  if (type === 'boolean') return text === 'true' || text === 'false' ? text : undefined;
  if (type === 'date') return isCalendarDate(text) ? text : undefined;
  if (type === 'timestamp' || type === 'timestamptz') return canonicalTime(text, type);
  return canonicalNumber(text, type === 'bigint' || type === 'integer');
}

/** Type a value is compared as: exact, and wide enough that no value is rounded to fit its column. */
export function comparedType(type: ColumnType): string {
  if (type.startsWith('decimal')) return 'decimal(38,10)';
  return type === 'integer' || type === 'bigint' ? 'hugeint' : type;
}

/** Whether sums and means can be taken of a type. */
export function isNumeric(type: ColumnType): boolean {
  return /^(bigint|integer|decimal)/.test(type);
}

function canonicalNumber(text: string, whole: boolean): string | undefined {
  const match = /^(-?)0*(\d{1,28})(?:\.(\d{1,10}))?$/.exec(text);
  if (!match) return undefined;
  const [, sign = '', digits = '0', fraction = ''] = match;
  const rest = fraction.replace(/0+$/, '');
  if (whole && rest !== '') return undefined;
  const amount = rest === '' ? digits : `${digits}.${rest}`;
  return amount === '0' ? '0' : `${sign}${amount}`;
}

const wallTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

function canonicalTime(text: string, type: 'timestamp' | 'timestamptz'): string | undefined {
  const written = type === 'timestamp' ? wallTime.test(text) : instant.test(text);
  if (!written || !isCalendarDate(text.slice(0, 10))) return undefined;
  const ms = Date.parse(type === 'timestamp' ? `${text}Z` : text);
  if (Number.isNaN(ms)) return undefined;
  const iso = new Date(ms).toISOString();
  return type === 'timestamp' ? iso.slice(0, -1) : iso;
}
