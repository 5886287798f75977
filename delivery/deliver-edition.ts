import { setTimeout as sleep } from 'node:timers/promises';
import { assertNever } from '../core/assert-never.ts';
import type { Clock } from '../core/clock.ts';
import type { ControlStore } from '../control/port.ts';
import { copyToDirectory } from './copy-to-directory.ts';
import {
  beginDelivery,
  settleDelivery,
  type DeliveryOutcome,
  type DeliveryResult,
} from './delivery-ledger.ts';
import { isMailAddress, type Recipient } from './recipient.ts';
import { sendMail, type DeliveredFile } from './send-mail.ts';

/** An edition on its way to its recipients. */
export interface EditionDelivery {
  readonly store: ControlStore;
  readonly clock: Clock;
  /** `PHUSA_SMTP_URL`; without it, mail is recorded as skipped. */
  readonly smtpUrl: string | undefined;
  /** Sender; by default the user of the SMTP address, or `phusa@` its host. */
  readonly from?: string;
  /** Reference of the edition: `edition:<report>/<period>/v<n>`. */
  readonly edition: string;
  readonly files: readonly DeliveredFile[];
  readonly recipients: readonly Recipient[];
  readonly subject: string;
  readonly body: string;
  /** Waits before the second, third … try of one recipient, in milliseconds. */
  readonly retryAfterMs?: readonly number[];
  /** How long a silent server is borne, in milliseconds. */
  readonly timeoutMs?: number;
}

/** A short cold in the mail server passes within a minute; what is deferred after that is tried at the next delivery. */
const usualRetries = [2_000, 15_000, 30_000];
const usualTimeout = 60_000;

/**
 * Delivers an edition to each recipient once, and records each by itself: one refusal stops nobody else (E05). Called
 * again, it sends only what was deferred or skipped. Throws only when the ledger cannot be written.
 */
export async function deliverEdition(
  delivery: EditionDelivery,
): Promise<readonly DeliveryResult[]> {
  const results: DeliveryResult[] = [];
  for (const recipient of delivery.recipients)
    results.push(await deliverWithRetries(delivery, recipient));
  return results;
}

async function deliverWithRetries(
  delivery: EditionDelivery,
  recipient: Recipient,
): Promise<DeliveryResult> {
  let result = await deliverOnce(delivery, recipient);
  for (const wait of delivery.retryAfterMs ?? usualRetries) {
    if (result.status !== 'deferred') return result;
    await sleep(wait);
    result = await deliverOnce(delivery, recipient);
  }
  return result;
}

async function deliverOnce(
  delivery: EditionDelivery,
  recipient: Recipient,
): Promise<DeliveryResult> {
  const { store, edition } = delivery;
  const start = await beginDelivery(store, edition, recipient);
  if (start.kind === 'settled') return start.result;
  const outcome = await send(delivery, recipient, start.messageId);
  return settleDelivery(store, edition, recipient, outcome);
}

async function send(
  delivery: EditionDelivery,
  recipient: Recipient,
  messageId: string,
): Promise<DeliveryOutcome> {
  switch (recipient.kind) {
    case 'directory':
      return copyToDirectory(delivery.files, recipient.path);
    case 'mail':
      return mailTo(delivery, recipient.address, messageId);
    default:
      return assertNever(recipient);
  }
}

async function mailTo(
  delivery: EditionDelivery,
  to: string,
  messageId: string,
): Promise<DeliveryOutcome> {
  const { smtpUrl, subject, body, files, timeoutMs = usualTimeout } = delivery;
  if (smtpUrl === undefined) return { status: 'skipped', reason: 'no-smtp-url' };
  if (!isMailAddress(to)) return { status: 'failed', reason: 'address-invalid' };
  const from = delivery.from ?? senderOf(smtpUrl);
  const date = delivery.clock.now();
  return sendMail({ smtpUrl, timeoutMs }, { from, to, subject, body, files, messageId, date });
}

function senderOf(smtpUrl: string): string {
  const { username, hostname } = new URL(smtpUrl);
  const user = decodeURIComponent(username);
  return isMailAddress(user) ? user : `phusa@${hostname}`;
}
