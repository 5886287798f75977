import { findReason } from '../connectors/decode/reasons.ts';
import { asJson } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';

/** What a reason code means and what to do; empty where it is not one of the shared decoders'. */
export function reasonWords(code: string | null | undefined): JsonObject {
  const known = findReason(code ?? '');
  return known === undefined ? {} : { label: asJson(known.label), remedy: asJson(known.remedy) };
}
