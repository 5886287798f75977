import { slotOf } from './field.ts';
import { localDate } from './local-time.ts';
import { summaryHeadFields } from './summary-fields.ts';
import type { DrawnRow } from './drawn-row.ts';
import { normalTaxCode, taxCodeKind } from './tax-code.ts';

/**
 * First day of a summary's period as `yyyy-MM-dd`.
 * @param kind - `LKDLieu`: T month (`MM/YYYY`), Q quarter (`Q/YYYY`), N day (`DD/MM/YYYY`)
 * @returns undefined when the text is no period of that kind
 */
export function periodStart(kind: string, text: string): string | undefined {
  const parts = text.split(/[/-]/).map((part) => part.trim());
  const year = parts.at(-1) ?? '';
  const first = Number(parts[0]);
  if (!/^\d{4}$/.test(year) || !Number.isInteger(first)) return undefined;
  if (kind === 'T' && parts.length === 2 && first <= 12) return firstOf(year, first);
  if (kind === 'Q' && parts.length === 2 && first <= 4) return firstOf(year, first * 3 - 2);
  if (kind === 'N' && parts.length === 3) return localDate(text.replaceAll('-', '/'));
  return undefined;
}

function firstOf(year: string, month: number): string | undefined {
  return month < 1 ? undefined : `${year}-${String(month).padStart(2, '0')}-01`;
}

const slot = (column: string): number => slotOf(summaryHeadFields, column);
const seller = slot('seller_mst');
const sellerKind = slot('seller_mst_kind');
const kindSlot = slot('period_kind');
const textSlot = slot('period_text');
const startSlot = slot('period_start');
const issued = slot('issue_date');

/** Fills what the head of a summary does not state itself. */
export function completedSummary(row: DrawnRow): void {
  row.rewrite(issued, localDate);
  row.set(sellerKind, taxCodeKind(row.text(seller)));
  row.rewrite(seller, normalTaxCode);
  row.set(startSlot, periodStart(row.text(kindSlot) ?? '', row.text(textSlot) ?? ''));
}
