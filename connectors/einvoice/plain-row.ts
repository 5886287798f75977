import type { ColumnType } from '../../core/stream-contract.ts';
import type { Field } from './field.ts';
import { money } from './field.ts';
import { amountSeparator } from './invoice-parts.ts';

/** Whether a text is certainly a value of its type, written as DuckDB reads it without loss. */
type Test = (text: string) => boolean;

/** Longest plain number before the point: 18 digits with the six after it. */
const plainAmount = '-?[0-9]{1,12}(?:[.][0-9]{1,6})?';
const amountPattern = new RegExp(`^${plainAmount}$`);
const amountsPattern = new RegExp(`^${plainAmount}(?:${amountSeparator}${plainAmount})*$`);

/**
 * A test for rows that need no second look: no value given twice, no required value missing, every other value
 * {@link Test plain}. All other rows may be good as well, or not: `typed-sql.ts` tells.
 */
export function plainRowTest(
  fields: readonly Field[],
): (values: readonly (string | undefined)[]) => boolean {
  const judged = fields
    .map((field, slot) => ({ slot, required: field.required === true, test: testOf(field) }))
    .filter(({ required, test }) => required || test !== undefined);
  return (values) => {
    for (const { slot, required, test } of judged) {
      const value = values[slot];
      if (value === undefined) {
        if (required) return false;
      } else if (test?.(value) === false) return false;
    }
    return true;
  };
}

function testOf({ type, amounts }: Field): Test | undefined {
  if (amounts === true) return (text) => amountsPattern.test(text);
  switch (type) {
    case 'varchar':
      return undefined;
    case money:
      return (text) => amountPattern.test(text);
    case 'date':
      return isDate;
    case 'timestamp':
      return (text) =>
        isDate(text.slice(0, 10)) &&
        /^ (?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}$/.test(text.slice(10));
    case 'integer':
      return (text) => /^-?[0-9]{1,9}$/.test(text);
    case 'bigint':
      return (text) => /^-?[0-9]{1,18}$/.test(text);
    case 'boolean':
      return (text) => text === 'true' || text === 'false';
    case 'timestamptz':
      return () => false;
    default:
      return decimalTest(type);
  }
}

function decimalTest(type: ColumnType): Test {
  const [, digits = '', scale = ''] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  const before = Number(digits) - Number(scale);
  if (!(before > 0)) return () => false;
  const pattern = new RegExp(`^-?[0-9]{1,${before}}(?:[.][0-9]{1,${scale}})?$`);
  return (text) => pattern.test(text);
}

/** Days already judged: a batch has few. */
const days = new Map<string, boolean>();
const rememberedDays = 5000;

function isDate(text: string): boolean {
  const known = days.get(text);
  if (known !== undefined) return known;
  if (days.size >= rememberedDays) days.clear();
  const isReal = /^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$/.test(text) && isCalendarDay(text);
  days.set(text, isReal);
  return isReal;
}

function isCalendarDay(text: string): boolean {
  const instant = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}
