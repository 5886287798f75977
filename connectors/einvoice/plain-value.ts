import type { ColumnType } from '../../core/stream-contract.ts';
import type { ParquetType } from '../decode/parquet-writer.ts';
import type { DrawnRow } from './drawn-row.ts';
import type { Field } from './field.ts';
import { money } from './field.ts';

/** A value as a Parquet column takes it: decimals without their point, days and microseconds since 1970. */
export type PlainValue = number | bigint | boolean;

/** Reads what is certainly a value of a type, written as DuckDB reads it without loss; undefined for all else. */
export type PlainReader = (bytes: Uint8Array, from: number, to: number) => PlainValue | undefined;

/** Digits before and after the point of a plain amount: 18 in all. */
const amountDigits = { before: 12, scale: 6 } as const;
const text: ParquetType = { kind: 'text' };

/** The type under which plain values of a field travel. */
export function plainType({ type, amounts }: Field): ParquetType {
  if (amounts === true || type === money) return amountType;
  if (type === 'timestamptz' || type === 'varchar') return text;
  const digits = digitsOf(type);
  if (digits) return { kind: 'decimal', ...digits };
  return { kind: simpleKinds[type] ?? 'text' };
}

const amountType: ParquetType = { kind: 'decimal', precision: 18, scale: amountDigits.scale };

const simpleKinds: Partial<Record<ColumnType, Exclude<ParquetType['kind'], 'decimal' | 'text'>>> = {
  integer: 'integer',
  bigint: 'bigint',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
};

/** The reader of a field's plain values; undefined where every text is one. */
export function plainReader({ type, amounts }: Field): PlainReader | undefined {
  if (amounts === true || type === money) return plainAmount;
  switch (type) {
    case 'varchar':
      return undefined;
    case 'date':
      return dayOf;
    case 'timestamp':
      return microsecondOf;
    case 'integer':
      return decimalReader(9, 0);
    case 'bigint':
      return decimalReader(18, 0);
    case 'boolean':
      return truthOf;
    case 'timestamptz':
      return () => undefined;
    default: {
      const digits = digitsOf(type);
      return digits
        ? decimalReader(digits.precision - digits.scale, digits.scale)
        : () => undefined;
    }
  }
}

function digitsOf(type: ColumnType): { precision: number; scale: number } | undefined {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  return precision === undefined
    ? undefined
    : { precision: Number(precision), scale: Number(scale) };
}

/**
 * The plain value of a slot.
 * @returns null where there is none, undefined where it is not plain
 */
export function plainValue(
  row: DrawnRow,
  slot: number,
  read: PlainReader,
): PlainValue | null | undefined {
  const own = row.ownText(slot);
  if (own !== undefined) return ofText(own, read);
  const to = row.spanEnd(slot);
  return to === 0 ? null : read(row.bytes, row.spanStart(slot), to);
}

/** Longer texts are no plain values. */
const copied = new Uint8Array(64);

function ofText(text: string, read: PlainReader): PlainValue | undefined {
  if (text.length > copied.length) return undefined;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return undefined;
    copied[at] = code;
  }
  return read(copied, 0, text.length);
}

const minus = 0x2d;
const point = 0x2e;
const powers = Array.from({ length: 19 }, (_, digits) => 10 ** digits);

/** Reads `-?[0-9]{1,before}(.[0-9]{1,scale})?`. */
function decimalReader(before: number, scale: number): PlainReader {
  const unit = powers[scale] ?? 1;
  const safe = Number.MAX_SAFE_INTEGER / unit - 1;
  return (bytes, from, to) => {
    const start = bytes[from] === minus ? from + 1 : from;
    const pointAt = digitsEnd(bytes, start, to);
    const end = pointAt === to ? to : digitsEnd(bytes, pointAt + 1, to);
    const places = Math.max(0, end - pointAt - 1);
    const isPlain = pointAt > start && pointAt - start <= before && end === to && places <= scale;
    if (!isPlain || (pointAt < to && (bytes[pointAt] !== point || places === 0))) return undefined;
    if (pointAt - start > 15) return wideDecimal(bytes, from, to);
    const whole = digitsValue(bytes, start, pointAt);
    const part = digitsValue(bytes, pointAt + 1, end) * (powers[scale - places] ?? 1);
    if (whole > safe)
      return (BigInt(whole) * BigInt(unit) + BigInt(part)) * (start > from ? -1n : 1n);
    const value = whole * unit + part;
    return start > from ? -value : value;
  };
}

function digitsEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isDigit(bytes[at] ?? 0)) at += 1;
  return at;
}

function digitsValue(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + (bytes[at] ?? 0) - 0x30;
  return value;
}

/** An integer of more digits than a number holds exactly. */
function wideDecimal(bytes: Uint8Array, from: number, to: number): bigint {
  return BigInt(Buffer.from(bytes.subarray(from, to)).toString('latin1'));
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Reads a plain amount, in millionths. */
export const plainAmount = decimalReader(amountDigits.before, amountDigits.scale);

/** Reads `yyyy-MM-dd` from the year 1000 on. */
function dayOf(bytes: Uint8Array, from: number, to: number): number | undefined {
  return to - from === 10 ? calendarDay(bytes, from) : undefined;
}

function calendarDay(bytes: Uint8Array, from: number): number | undefined {
  const isWritten =
    digitsEnd(bytes, from, from + 4) === from + 4 &&
    bytes[from] !== 0x30 &&
    bytes[from + 4] === minus &&
    digitsEnd(bytes, from + 5, from + 7) === from + 7 &&
    bytes[from + 7] === minus &&
    digitsEnd(bytes, from + 8, from + 10) === from + 10;
  if (!isWritten) return undefined;
  const year = digitsValue(bytes, from, from + 4);
  const month = digitsValue(bytes, from + 5, from + 7);
  const day = digitsValue(bytes, from + 8, from + 10);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
    ? daysBefore(year, month) + day - 1
    : undefined;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days of a year before each month. */
const monthStarts = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const daysBefore1970 = 719_162;

/** Days from 1970-01-01 to the first of a month, by the Gregorian calendar. */
function daysBefore(year: number, month: number): number {
  const past = year - 1;
  const leaps = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  return past * 365 + leaps - daysBefore1970 + (monthStarts[month - 1] ?? 0) + leapDay;
}

const colon = 0x3a;

/** Reads `yyyy-MM-dd HH:mm:ss`. */
function microsecondOf(bytes: Uint8Array, from: number, to: number): number | undefined {
  const day = to - from === 19 ? calendarDay(bytes, from) : undefined;
  const isWritten =
    bytes[from + 10] === 0x20 &&
    digitsEnd(bytes, from + 11, from + 13) === from + 13 &&
    bytes[from + 13] === colon &&
    digitsEnd(bytes, from + 14, from + 16) === from + 16 &&
    bytes[from + 16] === colon &&
    digitsEnd(bytes, from + 17, from + 19) === from + 19;
  if (day === undefined || !isWritten) return undefined;
  const hour = digitsValue(bytes, from + 11, from + 13);
  const minute = digitsValue(bytes, from + 14, from + 16);
  const second = digitsValue(bytes, from + 17, from + 19);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return (day * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000;
}

const truths: readonly (readonly [Buffer, boolean])[] = [
  [Buffer.from('true'), true],
  [Buffer.from('false'), false],
];

function truthOf(bytes: Uint8Array, from: number, to: number): boolean | undefined {
  for (const [word, truth] of truths) {
    let same = word.length === to - from;
    for (let i = 0; same && i < word.length; i += 1) same = word[i] === bytes[from + i];
    if (same) return truth;
  }
  return undefined;
}
