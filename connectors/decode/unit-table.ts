import { valueRows } from './sql-text.ts';
import { unitOfText } from './unit-text.ts';

/** SQL for a table `u(text, meaning, exponent)` of what printed units mean; the texts must be all that occur. */
export function unitTable(texts: Iterable<string>): string {
  const rows = [...new Set(['', ...texts])].map((text) => {
    const { unit, exponent } = unitOfText(text);
    return [text, unit, String(exponent)];
  });
  return `${valueRows(rows)} u(text, meaning, exponent)`;
}

/**
 * SQL for a number's text with its unit's multiplier (`u.exponent`) applied, digits untouched: `100.5` × 10³ is `100.5e3`.
 * A text that is no number stays as it is.
 */
export function scaledNumber(number: string): string {
  return `case when coalesce(u.exponent, '0') = '0' then ${number}
    when regexp_full_match(${number}, '[+-]?[0-9.]+') then ${number} || 'e' || u.exponent
    else coalesce((try_cast(${number} as decimal(38,12)))::varchar || 'e' || u.exponent, ${number}) end`;
}
