import { slotOf } from './field.ts';
import { invoiceFields } from './invoice-fields.ts';
import { lineFields, originalFields } from './line-fields.ts';
import { localDate, localTime } from './local-time.ts';
import { digestVerdict } from './signature-digest.ts';
import type { SignatureParts } from './signature-parts.ts';
import type { Subtrees } from './subtree-store.ts';
import type { DrawnRow } from './drawn-row.ts';
import { invoiceTable, otherInfo } from './tables.ts';
import { normalTaxCode, taxCodeKind } from './tax-code.ts';

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
  row: DrawnRow,
  messageType: string,
  original: DrawnRow | undefined,
  signature: SignatureParts,
  subtrees: Subtrees,
): void {
  for (const slot of dateSlots) row.rewrite(slot, localDate);
  row.set(slots.sellerKind, taxCodeKind(row.text(slots.seller)));
  row.set(slots.buyerKind, taxCodeKind(row.text(slots.buyer)));
  row.rewrite(slots.seller, normalTaxCode);
  row.rewrite(slots.buyer, normalTaxCode);
  row.rewrite(slots.series, (text) => text.toUpperCase());
  row.set(slots.messageType, messageType);
  if (!row.has(slots.code)) row.set(slots.code, row.text(slots.codeId));
  for (const { to, from } of fromOriginal) row.set(to, original?.text(from));
  completeSignature(row, signature, subtrees);
}

function completeSignature(row: DrawnRow, signature: SignatureParts, subtrees: Subtrees): void {
  const ids = [row.text(slots.bodyId), row.text(slots.rootId)].filter((id) => id !== undefined);
  row.set(slots.signaturePresent, String(signature.present));
  row.set(
    slots.signatureDigest,
    signature.present ? digestVerdict(signature.references, ids, subtrees) : 'absent',
  );
  row.set(slots.signerSubject, signature.subject);
  row.set(slots.signedAt, signature.signingTime);
  row.rewrite(slots.signedAt, localTime);
}

const originalDates = ['original_issue_date', 'list_date'].map((column) =>
  slotOf(originalFields, column),
);
const originalMst = slotOf(originalFields, 'original_mst');
const originalSeries = slotOf(originalFields, 'original_series');

/** Puts dates and codes of a related invoice into one spelling. */
export function completedOriginal(row: DrawnRow): void {
  for (const slot of originalDates) row.rewrite(slot, localDate);
  row.rewrite(originalMst, normalTaxCode);
  row.rewrite(originalSeries, (text) => text.toUpperCase());
}

const lineTax = slotOf(lineFields, 'tax_amount');
const infoName = slotOf(otherInfo.fields, 'name');
const infoValue = slotOf(otherInfo.fields, 'value');
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
  if (line.table.name !== 'line' || line.has(lineTax)) return;
  if (taxNames.has(info.text(infoName)?.toLowerCase() ?? ''))
    line.set(lineTax, info.text(infoValue));
}
