import { createHash } from 'node:crypto';

/** Who receives an edition: a mail address, or a directory that someone collects from. */
export type Recipient =
  | { readonly kind: 'mail'; readonly address: string }
  | { readonly kind: 'directory'; readonly path: string };

/** The recipient in one line, as the ledger names it. */
export function recipientName(recipient: Recipient): string {
  return recipient.kind === 'mail' ? `mailto:${recipient.address}` : `file:${recipient.path}`;
}

/** Name of a delivery in the ledger: one edition to one recipient. */
export function deliveryId(edition: string, recipient: Recipient): string {
  return `${edition} ${recipientName(recipient)}`;
}

/**
 * The Message-ID of a delivery: the same for every try, so that a receiving server, or a person with two copies, can
 * tell that they are one.
 */
export function messageId(homeId: string, id: string): string {
  const hash = createHash('sha256').update(`${homeId}\n${id}`).digest('hex').slice(0, 32);
  return `<${hash}@${homeId.slice(0, 12)}.phusa.invalid>`;
}

/** Whether a text can be one mail address: no list, no header break. */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+$/.test(text);
}
