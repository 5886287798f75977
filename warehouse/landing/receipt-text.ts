import { z } from 'zod';
import { isObject } from '../../core/json-member.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Receipt } from './port.ts';

const receiptSchema = z.object({
  batch: z.string(),
  key: z.string(),
  n: z.int().min(0),
  name: z.string(),
  sha256: z.string(),
  bytes: z.int().min(0),
  mediaType: z.exactOptional(z.string()),
  request: z.exactOptional(z.custom<JsonObject>(isObject)),
  response: z.exactOptional(
    z.object({ status: z.int(), headers: z.record(z.string(), z.string()) }),
  ),
  receivedAt: z.string(),
  source: z.string(),
  connector: z.string(),
  connectorVersion: z.string(),
}) satisfies z.ZodType<Receipt>;

/** Reads a receipt record. Throws on a text that is none. */
export function parseReceipt(text: string): Receipt {
  return receiptSchema.parse(JSON.parse(text));
}

/** The record as it is written. */
export function receiptText(receipt: Receipt): string {
  return `${JSON.stringify(receipt, null, 1)}\n`;
}
