import { slotOf } from './field.ts';
import { invoiceFields } from './invoice-fields.ts';
import { lineFields, originalFields } from './line-fields.ts';
import { localDate, localTime } from './local-time.ts';
import { digestVerdict } from './signature-digest.ts';
import type { SignatureParts } from './signature-parts.ts';
import type { Subtrees } from './subtree-store.ts';
import type { DrawnRow } from './table-extractor.ts';
import { invoiceTable } from './tables.ts';
import { normalTaxCode, taxCodeKind } from './tax-code.ts';

/** Rewrites a value where it is present; one that cannot be read stays, and typing will say so. */
export function rewrite(
  values: (string | undefined)[],
  slot: number,
  by: (text: string) => string | undefined,
): void {
  const value = values[slot];
  if (value !== undefined) values[slot] = by(value) ?? value;
}

const invoice = (column: string): number => slotOf(invoiceTable.fields, column);
const dateSlots = invoiceFields
  .filter(({ type }) => type === 'date')
  .map(({ column }) => invoice(column));
const slots = {
  seller: invoice('seller_mst'),
  buyer: invoice('buyer_mst'),
  series: invoice('series'),
  sellerKind: invoice('seller_mst_kind'),
  buyerKind: invoice('buyer_mst_kind'),
  messageType: invoice('message_type'),
  code: invoice('tax_authority_code'),
  codeId: invoice('code_id'),
  bodyId: invoice('body_id'),
  rootId: invoice('root_id'),
  signaturePresent: invoice('signature_present'),
  signatureDigest: invoice('signature_digest'),
  signerSubject: invoice('signer_subject'),
  signedAt: invoice('signed_at'),
} as const;

/** Columns of the invoice that repeat its first related invoice. */
const fromOriginal = (
  [
    ['relation', 'relation'],
    ['original_kind', 'original_kind'],
    ['original_form', 'original_form'],
    ['original_series', 'original_series'],
    ['original_number', 'original_number'],
    ['original_issue_date', 'original_issue_date'],
    ['relation_note', 'note'],
  ] as const
).map(([to, from]) => ({ to: invoice(to), from: slotOf(originalFields, from) }));

/** Fills what an invoice row does not state itself; dates become Vietnamese wall time, tax codes one spelling. */
export function completedInvoice(
  { values }: DrawnRow,
  messageType: string,
  original: DrawnRow | undefined,
  signature: SignatureParts,
  subtrees: Subtrees,
): void {
  for (const slot of dateSlots) rewrite(values, slot, localDate);
  values[slots.sellerKind] = taxCodeKind(values[slots.seller]);
  values[slots.buyerKind] = taxCodeKind(values[slots.buyer]);
  rewrite(values, slots.seller, normalTaxCode);
  rewrite(values, slots.buyer, normalTaxCode);
  rewrite(values, slots.series, (text) => text.toUpperCase());
  values[slots.messageType] = messageType;
  values[slots.code] ??= values[slots.codeId];
  for (const { to, from } of fromOriginal) values[to] = original?.values[from];
  completeSignature(values, signature, subtrees);
}

function completeSignature(
  values: (string | undefined)[],
  signature: SignatureParts,
  subtrees: Subtrees,
): void {
  const ids = [values[slots.bodyId], values[slots.rootId]].filter((id) => id !== undefined);
  values[slots.signaturePresent] = String(signature.present);
  values[slots.signatureDigest] = signature.present
    ? digestVerdict(signature.references, ids, subtrees)
    : 'absent';
  values[slots.signerSubject] = signature.subject;
  values[slots.signedAt] = signature.signingTime;
  rewrite(values, slots.signedAt, localTime);
}

const originalDates = ['original_issue_date', 'list_date'].map((column) =>
  slotOf(originalFields, column),
);
const originalMst = slotOf(originalFields, 'original_mst');
const originalSeries = slotOf(originalFields, 'original_series');

/** Puts dates and codes of a related invoice into one spelling. */
export function completedOriginal({ values }: DrawnRow): void {
  for (const slot of originalDates) rewrite(values, slot, localDate);
  rewrite(values, originalMst, normalTaxCode);
  rewrite(values, originalSeries, (text) => text.toUpperCase());
}

const lineTax = slotOf(lineFields, 'tax_amount');
/** Names under which vendors give the tax of a line in `TTKhac`. */
const taxNames: ReadonlySet<string> = new Set([
  'vatamount',
  'tienthue',
  'tthue',
  'tiền thuế',
  'tiền thuế gtgt',
]);

/** Takes a line's tax from a vendor's extra field. */
export function completedLine(line: DrawnRow, info: DrawnRow): void {
  const [name = '', value] = info.values;
  if (line.table.name === 'line' && taxNames.has(name.toLowerCase()))
    line.values[lineTax] ??= value;
}
