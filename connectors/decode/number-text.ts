import { literal } from '../../core/sql-text.ts';

/** Signs that officials write where there is no number: none (nil), not collected, not applicable. */
export const missingSigns = ['-', '–', '—', '…', '...', '..', '.', 'x', 'X', 'n/a', 'N/A'] as const;

/**
 * SQL for a number written as Vietnamese text, as the plain text that the typed columns read: `1.234.567,8` and
 * `1 234 567,8` are 1234567.8, `(12)` is −12, `12,5%` is 12.5. NULL for {@link missingSigns}; any other text is given
 * back as it is, so that it goes to quarantine. One point before three digits groups them: `1.234` is 1234.
 *
 * For cells of text only: a number cell is a number already.
 */
export function vietnameseNumber(text: string): string {
  const bare = `regexp_replace(trim(${text}), '[\\s\\x{00a0}\\x{202f}%]', '', 'g')`;
  const plain = `regexp_replace(${bare}, '^\\((.*)\\)$', '-\\1')`;
  const signs = missingSigns.map(literal).join(', ');
  const grouped = `regexp_full_match(${plain}, '[+-]?\\d{1,3}([.]\\d{3})+(,\\d+)?')`;
  const comma = `regexp_full_match(${plain}, '[+-]?\\d+,\\d+')`;
  const number = `regexp_full_match(${plain}, '[+-]?\\d+([.]\\d+)?')`;
  return `case when trim(${text}) in (${signs}) then null
    when ${grouped} then replace(replace(${plain}, '.', ''), ',', '.')
    when ${comma} then replace(${plain}, ',', '.')
    when ${number} then ${plain} else ${text} end`;
}
