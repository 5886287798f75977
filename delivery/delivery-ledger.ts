import type { JsonObject } from '../core/json.ts';
import type { ControlStore, StateRow } from '../control/port.ts';
import { deliveryId, messageId, recipientName, type Recipient } from './recipient.ts';

/**
 * How a delivery stands. `intended`: being sent. `sent`: taken over by the receiving side. `deferred`: refused for now,
 * to be tried again. `failed`: refused for good. `uncertain`: it may or may not have arrived, and is never sent again by
 * itself (E02). `skipped`: there is no way to send it.
 */
export type DeliveryStatus = 'intended' | 'sent' | 'deferred' | 'failed' | 'uncertain' | 'skipped';

/** How a try ended. */
export interface DeliveryOutcome {
  readonly status: Exclude<DeliveryStatus, 'intended'>;
  /** Stable code of the reason; absent when sent. */
  readonly reason?: string;
  /** What the other side said, without addresses or secrets of ours. */
  readonly answer?: string;
}

/** One delivery as reported to the caller and shown to people (E05). */
export interface DeliveryResult extends DeliveryOutcome {
  readonly recipient: string;
  readonly messageId: string;
}

/** What a begun delivery may do: send, or report what already is. */
export type DeliveryStart =
  | { readonly kind: 'send'; readonly messageId: string }
  | { readonly kind: 'settled'; readonly result: DeliveryResult };

/**
 * Records the intention before anything is sent. A delivery that was sent, failed, or is uncertain is reported and not
 * sent again; one found `intended` was cut off by a crash and becomes uncertain, except where sending twice is harmless.
 */
export function beginDelivery(
  store: ControlStore,
  edition: string,
  recipient: Recipient,
): Promise<DeliveryStart> {
  const id = deliveryId(edition, recipient);
  const settled = (status: DeliveryOutcome['status'], row: StateRow): DeliveryStart => ({
    kind: 'settled',
    result: resultOf(recipient, store.homeId, id, outcomeOf(status, row.data)),
  });
  return store.decide(async (journal) => {
    const row = await journal.get('delivery', id);
    const repeatable = recipient.kind === 'directory';
    if (row?.status === 'intended' && !repeatable) {
      const data = { status: 'uncertain', reason: 'interrupted' };
      await journal.record({ kind: 'delivery.uncertain', subject: id, actor: 'system', data });
      return settled('uncertain', { ...row, data });
    }
    if (row?.status === 'sent' || row?.status === 'failed' || row?.status === 'uncertain')
      return settled(row.status, row);
    const name = recipientName(recipient);
    const message = messageId(store.homeId, id);
    const data = { edition, recipient: name, messageId: message, status: 'intended' };
    await journal.record({ kind: 'delivery.intended', subject: id, actor: 'system', data });
    return { kind: 'send', messageId: message };
  });
}

/** Records how a try ended. */
export async function settleDelivery(
  store: ControlStore,
  edition: string,
  recipient: Recipient,
  outcome: DeliveryOutcome,
): Promise<DeliveryResult> {
  const id = deliveryId(edition, recipient);
  const { status, reason = null, answer = null } = outcome;
  await store.decide((journal) =>
    journal.record({
      kind: `delivery.${status}`,
      subject: id,
      actor: 'system',
      data: { edition, recipient: recipientName(recipient), status, reason, answer },
    }),
  );
  return resultOf(recipient, store.homeId, id, outcome);
}

/** Deliveries of an edition, oldest first. */
export async function deliveriesOf(
  store: ControlStore,
  edition: string,
): Promise<readonly StateRow[]> {
  const query = { where: { edition }, order: 'oldest', limit: 10_000 } as const;
  return (await store.list('delivery', query)).rows;
}

function resultOf(
  recipient: Recipient,
  homeId: string,
  id: string,
  outcome: DeliveryOutcome,
): DeliveryResult {
  return { recipient: recipientName(recipient), messageId: messageId(homeId, id), ...outcome };
}

function outcomeOf(status: DeliveryOutcome['status'], data: JsonObject): DeliveryOutcome {
  const { reason, answer } = data;
  return {
    status,
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof answer === 'string' ? { answer } : {}),
  };
}
